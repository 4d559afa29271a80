import { isObjectType, type GraphQLField, type GraphQLObjectType } from 'graphql';
import { bothRules, strictestAcr } from '../../platform/graph/accessRule.ts';
import type { AccessRule, Graph } from '../../platform/graph/graph.ts';
import type { AgencyId } from '../../platform/ids.ts';
import { ACR_LEVELS, type Acr } from '../../../schema/acr.ts';
import type { AgencyManifest } from '../../../schema/agencyManifest.ts';
import { findScope, yearScope, type Scope, type ScopeName } from '../../../schema/scopes.ts';

const ROOT_TYPES: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/** `schema/composed/catalogue.json`: who holds what, and what opens it. */
export interface Catalogue {
  readonly agencies: readonly CatalogueAgency[];
  /** Scopes that open a field of this graph. */
  readonly scopes: readonly Scope[];
  /** Every field of every object type, by coordinate. */
  readonly fields: readonly CatalogueField[];
}

export type CatalogueAgency = Pick<
  AgencyManifest,
  'name' | 'label' | 'siret' | 'kind' | 'owner' | 'contact' | 'legalBasis' | 'purposes' | 'freshness'
>;

/** What integrators have stumbled over, or call it, in everyday words. */
export type FieldNotes = Pick<AgencyManifest['fields'][string], 'traps' | 'words'>;

export interface CatalogueField {
  /** `Type.field`. */
  readonly coordinate: string;
  readonly type: string;
  readonly description: string;
  /** `name: Type` each. */
  readonly arguments: readonly string[];
  /** Agency id; null for a value type, which belongs to the agency of the field that returned it. */
  readonly agency: AgencyId | null;
  /** OR of ANDs, type and field rules multiplied; null = the rule of the fields that return this type (`openedBy`). */
  readonly scopes: readonly (readonly ScopeName[])[] | null;
  /** Fields that return this type. */
  readonly openedBy: readonly string[];
  readonly authenticated: boolean;
  /** Least level of assurance with which some alternative opens the field. */
  readonly minimumAcr: Acr;
  /** Argument that holds the income year, for which a scope of that year is needed besides. */
  readonly yearArgument: string | null;
  /** Whose data: `person` = the field is one of a person; the rest belongs to the person above it. */
  readonly subject: 'person' | 'inFileOf' | 'inherited' | 'none';
  /** What an agency's own office is needed for: names of policies, OR of ANDs; null for citizens' fields. */
  readonly policies: readonly (readonly string[])[] | null;
  /** Known traps of this field, as its agency tells them. */
  readonly traps: FieldNotes['traps'];
  /** How people call it, French and English. */
  readonly words: FieldNotes['words'];
}

export function buildCatalogue(graph: Graph, manifests: readonly AgencyManifest[]): Catalogue {
  const types = Object.values(graph.apiSchema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter((type) => !type.name.startsWith('__'));
  const openers = openersOf(types);
  const notes = notesOf(manifests);
  const fields = types
    .flatMap((type) => Object.values(type.getFields()).map((field) => describe(graph, type, field, { openers, notes })))
    .sort((a, b) => (a.coordinate < b.coordinate ? -1 : 1));
  const names = new Set(fields.flatMap(({ scopes }) => scopes?.flat() ?? []));
  if (fields.some(({ yearArgument }) => yearArgument !== null)) for (const name of YEAR_SCOPES) names.add(name);
  return {
    agencies: manifests.map(publicManifest).sort((a, b) => (a.name < b.name ? -1 : 1)),
    scopes: [...names].sort().flatMap((name) => findScope(name) ?? []),
    fields,
  };
}

/** No field names these in its rule: the argument's value decides which one is needed. */
const YEAR_SCOPES = [1, 2, 3].flatMap((yearsAgo) => yearScope(-yearsAgo, 0) ?? []);

function describe(
  { rules }: Graph,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  { openers, notes }: { openers: ReadonlyMap<string, readonly string[]>; notes: ReadonlyMap<string, FieldNotes> },
): CatalogueField {
  const coordinate = `${type.name}.${field.name}`;
  const rule = bothRules(rules.ofType.get(type.name), rules.ofField.get(coordinate));
  return {
    coordinate,
    type: String(field.type),
    description: field.description ?? '',
    arguments: field.args.map((argument) => `${argument.name}: ${String(argument.type)}`),
    agency: rules.agencyOf.get(coordinate) ?? null,
    scopes: rule.scopes ?? null,
    openedBy: ROOT_TYPES.has(type.name) ? [] : (openers.get(type.name) ?? []),
    authenticated: rule.authenticated || rule.scopes !== undefined,
    minimumAcr: leastAcr(rule),
    yearArgument: rules.scopeByYear.get(coordinate) ?? null,
    subject: subjectOf(rules, type, coordinate),
    policies: rule.policies ?? null,
    traps: notes.get(coordinate)?.traps ?? [],
    words: notes.get(coordinate)?.words ?? [],
  };
}

function subjectOf(rules: Graph['rules'], type: GraphQLObjectType, coordinate: string): CatalogueField['subject'] {
  if (rules.personTypes.has(type.name)) return 'person';
  const mark = rules.subjectOf.get(coordinate) ?? rules.subjectOf.get(type.name);
  if (mark?.inFileOf) return 'inFileOf';
  return ROOT_TYPES.has(type.name) ? 'none' : 'inherited';
}

/** An alternative asks for the strictest of its scopes, and the field opens with the easiest of its alternatives. */
function leastAcr({ scopes = [], minimumAcr }: AccessRule): Acr {
  const alternatives = scopes.map((all) =>
    all.map((name) => findScope(name)?.minimumAcr).reduce(strictestAcr, 'eidas1'),
  );
  const easiest = ACR_LEVELS.find((level) => alternatives.includes(level)) ?? 'eidas1';
  return strictestAcr(minimumAcr, easiest)!;
}

function openersOf(types: readonly GraphQLObjectType[]): ReadonlyMap<string, readonly string[]> {
  const openers = new Map<string, string[]>();
  for (const type of types) {
    for (const field of Object.values(type.getFields())) {
      const opened = String(field.type).replace(/[[\]!]/g, '');
      openers.set(opened, [...(openers.get(opened) ?? []), `${type.name}.${field.name}`].sort());
    }
  }
  return openers;
}

function publicManifest(manifest: AgencyManifest): CatalogueAgency {
  const { name, label, siret, kind, owner, contact, legalBasis, purposes, freshness } = manifest;
  return { name, label, siret, kind, owner, contact, legalBasis, purposes, freshness };
}

function notesOf(manifests: readonly AgencyManifest[]): ReadonlyMap<string, FieldNotes> {
  return new Map(manifests.flatMap(({ fields }) => Object.entries(fields)));
}

/** Throws a TypeError for a note on a field that is not in the graph: nobody would ever read it. */
export function checkNotes({ fields }: Catalogue, manifests: readonly AgencyManifest[]): void {
  const known = new Set(fields.map(({ coordinate }) => coordinate));
  for (const { name, fields: notes } of manifests) {
    const stray = Object.keys(notes).find((coordinate) => !known.has(coordinate));
    if (stray !== undefined)
      throw new TypeError(`${name}/agency.json: "fields" tells of ${stray}, which is not in the graph`);
  }
}
