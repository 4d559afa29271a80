import type { GraphQLSchema } from 'graphql';
import type { Acr } from '../../../schema/acr.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { AgencyId } from '../ids.ts';

/** What all steps know of the graph, swapped as a whole when the supergraph changes. */
export interface Graph {
  /** SHA-256, base64url, of the supergraph's text: part of every cache key. */
  readonly version: string;
  /** Public schema: inaccessible elements, federation machinery and rule directives removed. */
  readonly apiSchema: GraphQLSchema;
  /** Supergraph SDL with security features stripped, as the planner takes it. */
  readonly planningSdl: string;
  readonly rules: GraphRules;
}

/** Apollo's and our rules, read from the supergraph by specification URL. */
export interface GraphRules {
  /** Rule of a type and of a field (`Type.field`), type and field rules not yet multiplied. Complete per concrete type. */
  readonly ofType: ReadonlyMap<string, AccessRule>;
  readonly ofField: ReadonlyMap<string, AccessRule>;
  /** Entities that are persons: `@subject` together with `@key`. */
  readonly personTypes: ReadonlySet<string>;
  /** Keyless `@subject(from, inFileOf)` by type name or `Type.field`. */
  readonly subjectOf: ReadonlyMap<string, SubjectRule>;
  /** `Type.field` -> argument that holds the income year. */
  readonly scopeByYear: ReadonlyMap<string, string>;
  /** `Type.field(argument:)` and `InputType.field` that hold a person's reference. */
  readonly subjectIds: ReadonlySet<string>;
  /** Agency that owns `Type.field`; value types belong to the agency of the field that returned them. */
  readonly agencyOf: ReadonlyMap<string, AgencyId>;
  /** Whether the supergraph holds any rule at all. */
  readonly empty: boolean;
}

export interface SubjectRule {
  readonly from?: string;
  readonly inFileOf: boolean;
}

export interface AccessRule {
  readonly authenticated: boolean;
  /** OR of ANDs; undefined = no `@requiresScopes`. */
  readonly scopes: readonly (readonly ScopeName[])[] | undefined;
  readonly policies: readonly (readonly string[])[] | undefined;
  readonly minimumAcr: Acr | undefined;
}
