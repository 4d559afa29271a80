import {
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type SelectionSetNode,
} from 'graphql';
import { isAcr, type Acr } from '../../schema/acr.ts';
import type { ScopeName } from '../../schema/scopes.ts';

/** What a type's or a field's own directives ask for. */
export interface AccessRule {
  readonly authenticated: boolean;
  /** OR of ANDs; undefined = no `@requiresScopes`. */
  readonly scopes: readonly (readonly ScopeName[])[] | undefined;
  readonly minimumAcr: Acr | undefined;
  /** Argument that holds the income year (`@scopeByYear`). */
  readonly yearArgument: string | undefined;
  /** It has a `@policy`: judged before the request comes here, and closed where nobody could have (`policies`). */
  readonly policed?: true;
}

export interface SubjectMark {
  /** Field of the same object that holds the person whose data the object is. */
  readonly from: string | undefined;
  readonly inFileOf: boolean;
}

/** The rules of one subgraph, as its own schema states them; `Type` and `Type.field` are the keys. */
export interface SchemaRules {
  readonly rules: ReadonlyMap<string, AccessRule>;
  /** Keyless `@subject`, on types and fields. */
  readonly subjects: ReadonlyMap<string, SubjectMark>;
  /** `@subject` with `@key`: entities that are persons. */
  readonly personTypes: ReadonlySet<string>;
  /** Fields that are computed from what other agencies know (`@requires`): names of what they require, those below left out. */
  readonly computed: ReadonlyMap<string, readonly string[]>;
}

/** `judged-before`: for the hub's own subgraph, whose every request the hub has judged in the same process. */
export type Policies = 'refused' | 'judged-before';

/** Throws a TypeError when a rule cannot be held inside an agency. The document's header has been checked (schemaText.ts). */
export function readSchemaRules(document: DocumentNode, policies: Policies = 'refused'): SchemaRules {
  const rules = new Map<string, AccessRule>();
  const subjects = new Map<string, SubjectMark>();
  const personTypes = new Set<string>();
  const computed = new Map<string, readonly string[]>();
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    if (has(type, 'key') && has(type, 'subject')) personTypes.add(type.name.value);
    else readSubject(type.name.value, type.directives, subjects);
    readRule(type.name.value, type.directives, rules, policies);
    for (const field of type.fields ?? []) {
      const coordinate = `${type.name.value}.${field.name.value}`;
      readSubject(coordinate, field.directives, subjects);
      readRule(coordinate, field.directives, rules, policies);
      readRequires(coordinate, field.directives, computed);
    }
  }
  return { rules, subjects, personTypes, computed };
}

function has(type: ObjectTypeDefinitionNode | ObjectTypeExtensionNode, directive: string): boolean {
  return (type.directives ?? []).some((used) => used.name.value === directive);
}

function readSubject(at: string, used: readonly ConstDirectiveNode[] = [], into: Map<string, SubjectMark>): void {
  for (const directive of used) {
    if (directive.name.value !== 'subject') continue;
    const { from, inFileOf = false } = argumentsOf(directive) as { from?: string; inFileOf?: boolean };
    into.set(at, { from, inFileOf });
  }
}

function readRequires(
  at: string,
  used: readonly ConstDirectiveNode[] = [],
  into: Map<string, readonly string[]>,
): void {
  for (const directive of used) {
    if (directive.name.value !== 'requires') continue;
    const [fieldSet] = parse(`{${String(argumentsOf(directive)['fields'])}}`, { noLocation: true }).definitions;
    if (fieldSet?.kind !== Kind.OPERATION_DEFINITION) continue;
    into.set(at, fieldNames(fieldSet.selectionSet));
  }
}

function fieldNames({ selections }: SelectionSetNode): readonly string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    return selection.kind === Kind.INLINE_FRAGMENT ? fieldNames(selection.selectionSet) : [];
  });
}

function readRule(
  at: string,
  used: readonly ConstDirectiveNode[] = [],
  into: Map<string, AccessRule>,
  policies: Policies,
): void {
  let rule: AccessRule | undefined = into.get(at);
  const add = (part: Partial<AccessRule>): void => {
    rule = {
      authenticated: false,
      scopes: undefined,
      minimumAcr: undefined,
      yearArgument: undefined,
      ...rule,
      ...part,
    };
  };
  for (const directive of used) {
    const given = argumentsOf(directive);
    switch (directive.name.value) {
      case 'authenticated':
        add({ authenticated: true });
        break;
      case 'requiresScopes':
        add({ scopes: given['scopes'] as string[][] });
        break;
      case 'minimumAcr':
        add({ minimumAcr: acrOf(given['level'], at) });
        break;
      case 'scopeByYear':
        add({ yearArgument: given['argument'] as string });
        break;
      case 'policy':
        if (policies === 'judged-before') {
          add({ policed: true });
          break;
        }
        throw new TypeError(`${at}: @policy is judged by the hub alone, an agency cannot hold it; use @requiresScopes`);
    }
  }
  if (rule) into.set(at, rule);
}

/** The treaty's enum spells levels in capitals: EIDAS1 is `eidas1`. */
function acrOf(level: unknown, at: string): Acr {
  const acr = String(level).toLowerCase();
  if (isAcr(acr)) return acr;
  throw new TypeError(`${at}: @minimumAcr(level:) must be EIDAS1, EIDAS2 or EIDAS3, got ${String(level)}`);
}

function argumentsOf(directive: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries(
    (directive.arguments ?? []).map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]),
  );
}
