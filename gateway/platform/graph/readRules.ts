import {
  Kind,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';
import { isAcr, type Acr } from '../../../schema/acr.ts';
import { bothRules, NO_RULE } from './accessRule.ts';
import type { AccessRule, SubjectRule } from './graph.ts';
import type { RuleDirective } from './links.ts';

/** What the supergraph says, word for word: nothing handed down from interfaces yet. */
export interface WrittenRules {
  readonly ofType: Map<string, AccessRule>;
  readonly ofField: Map<string, AccessRule>;
  readonly personTypes: Set<string>;
  readonly subjectOf: Map<string, SubjectRule>;
  readonly scopeByYear: Map<string, string>;
  readonly subjectIds: Set<string>;
}

type Bound = ReadonlyMap<string, RuleDirective>;

/** Every rule of a supergraph. Throws a TypeError for a rule whose arguments can't be read: an unreadable rule must not pass for none. */
export function readRules(document: DocumentNode, bound: Bound): WrittenRules {
  const rules: WrittenRules = {
    ofType: new Map(),
    ofField: new Map(),
    personTypes: new Set(),
    subjectOf: new Map(),
    scopeByYear: new Map(),
    subjectIds: new Set(),
  };
  for (const definition of document.definitions) if (isType(definition)) readType(rules, definition, bound);
  return rules;
}

function isType(definition: DocumentNode['definitions'][number]): definition is TypeDefinitionNode | TypeExtensionNode {
  return /Type(Definition|Extension)$/.test(definition.kind);
}

function readType(rules: WrittenRules, type: TypeDefinitionNode | TypeExtensionNode, bound: Bound): void {
  const typeName = type.name.value;
  addRule(rules.ofType, typeName, readRule(type.directives, bound, typeName));
  const subject = argumentsOf('subject', type.directives, bound);
  if (subject) {
    if (hasKey(type)) rules.personTypes.add(typeName);
    else rules.subjectOf.set(typeName, toSubjectRule(subject));
  }
  if (!('fields' in type)) return;
  for (const field of type.fields ?? []) {
    if (field.kind === Kind.FIELD_DEFINITION) readField(rules, typeName, field, bound);
    else if (argumentsOf('subjectId', field.directives, bound)) {
      rules.subjectIds.add(`${typeName}.${field.name.value}`);
    }
  }
}

function readField(rules: WrittenRules, typeName: string, field: FieldDefinitionNode, bound: Bound): void {
  const coordinate = `${typeName}.${field.name.value}`;
  addRule(rules.ofField, coordinate, readRule(field.directives, bound, coordinate));
  const subject = argumentsOf('subject', field.directives, bound);
  if (subject) rules.subjectOf.set(coordinate, toSubjectRule(subject));
  const byYear = argumentsOf('scopeByYear', field.directives, bound);
  if (byYear) rules.scopeByYear.set(coordinate, existingArgument(field, byYear.argument, coordinate));
  for (const argument of field.arguments ?? []) {
    if (argumentsOf('subjectId', argument.directives, bound)) {
      rules.subjectIds.add(`${coordinate}(${argument.name.value}:)`);
    }
  }
}

function addRule(into: Map<string, AccessRule>, key: string, rule: AccessRule | undefined): void {
  if (rule) into.set(key, bothRules(into.get(key), rule));
}

function readRule(
  directives: readonly ConstDirectiveNode[] | undefined,
  bound: Bound,
  where: string,
): AccessRule | undefined {
  let rule: AccessRule | undefined;
  for (const directive of directives ?? []) {
    const name = bound.get(directive.name.value);
    if (name === 'authenticated') rule = bothRules(rule, { ...NO_RULE, authenticated: true });
    if (name === 'requiresScopes') {
      rule = bothRules(rule, { ...NO_RULE, scopes: alternatives(directive, 'scopes', where) });
    }
    if (name === 'policy') rule = bothRules(rule, { ...NO_RULE, policies: alternatives(directive, 'policies', where) });
    if (name === 'minimumAcr') rule = bothRules(rule, { ...NO_RULE, minimumAcr: readAcr(directive, where) });
  }
  return rule;
}

/** An empty outer list opens nothing: OR of nothing is false. */
function alternatives(directive: ConstDirectiveNode, argument: string, where: string): readonly (readonly string[])[] {
  const value = readArguments(directive)[argument];
  const readable = Array.isArray(value) && value.every((all) => Array.isArray(all) && all.every(isText));
  if (!readable) throw new TypeError(`supergraph: ${where}: expected ${argument}: [[String!]!]!, got another shape`);
  return value as string[][];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** `EIDAS2`, the enum's value, or `"EIDAS2"`, from agencies whose kit still defined a string. */
function readAcr(directive: ConstDirectiveNode, where: string): Acr {
  const level = String(readArguments(directive).level).toLowerCase();
  if (!isAcr(level))
    throw new TypeError(`supergraph: ${where}: expected @minimumAcr(level: EIDAS1 | EIDAS2 | EIDAS3), got ${level}`);
  return level;
}

function argumentsOf(
  rule: RuleDirective,
  directives: readonly ConstDirectiveNode[] | undefined,
  bound: Bound,
): Readonly<Record<string, unknown>> | undefined {
  const directive = directives?.find((one) => bound.get(one.name.value) === rule);
  return directive && readArguments(directive);
}

function readArguments(directive: ConstDirectiveNode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    (directive.arguments ?? []).map((one) => [one.name.value, valueFromASTUntyped(one.value)]),
  ) as Record<string, unknown>;
}

function toSubjectRule(values: Readonly<Record<string, unknown>>): SubjectRule {
  const inFileOf = values.inFileOf === true;
  return isText(values.from) ? { from: values.from, inFileOf } : { inFileOf };
}

function existingArgument(field: FieldDefinitionNode, name: unknown, coordinate: string): string {
  const found = field.arguments?.find((argument: InputValueDefinitionNode) => argument.name.value === name);
  if (!found)
    throw new TypeError(
      `supergraph: ${coordinate}: expected @scopeByYear to name an argument of the field, got ${String(name)}`,
    );
  return found.name.value;
}

function hasKey(type: TypeDefinitionNode | TypeExtensionNode): boolean {
  return (type.directives ?? []).some(
    (directive) =>
      directive.name.value === 'join__type' && directive.arguments?.some((argument) => argument.name.value === 'key'),
  );
}
