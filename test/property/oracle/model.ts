import {
  buildASTSchema,
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import type { Acr } from '../../../schema/acr.ts';

/** What a type's or a field's own directives ask for. */
export interface Demand {
  readonly authenticated: boolean;
  /** OR of ANDs. */
  readonly scopes: readonly (readonly string[])[] | undefined;
  readonly acr: Acr | undefined;
}

export interface Mark {
  readonly from: string | undefined;
  readonly inFileOf: boolean;
}

export interface FieldFacts {
  readonly demand: Demand | undefined;
  readonly mark: Mark | undefined;
  readonly yearArgument: string | undefined;
  /** Arguments that hold a person's reference. */
  readonly personArguments: readonly string[];
  /** Fields of the same object that it is computed from. */
  readonly requires: readonly string[];
  readonly agency: string;
}

export interface TypeFacts {
  readonly demand: Demand | undefined;
  readonly mark: Mark | undefined;
  readonly isPerson: boolean;
  readonly isEntity: boolean;
  readonly fields: ReadonlyMap<string, FieldFacts>;
}

/** Stands for `__typename`, which graphql-js answers by itself, so that it can be refused. */
export const TYPENAME = 'typename__';

const TYPENAME_FIELD = {
  kind: Kind.FIELD_DEFINITION,
  name: { kind: Kind.NAME, value: TYPENAME },
  type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'String' } } },
} as const;

/** The oracle's own reading of the agencies' schemas: no composition, no supergraph. */
export interface Model {
  readonly types: ReadonlyMap<string, TypeFacts>;
  /** All agencies' types together, without federation: what clients see. */
  readonly schema: GraphQLSchema;
  /** The same with everything nullable. */
  readonly nullableSchema: GraphQLSchema;
}

export function readModel(sdl: Readonly<Record<string, string>>): Model {
  const types = new Map<
    string,
    { -readonly [K in keyof TypeFacts]: TypeFacts[K] } & { fields: Map<string, FieldFacts> }
  >();
  const definitions = new Map<string, DefinitionNode>();
  for (const [agency, text] of Object.entries(sdl)) {
    for (const definition of parse(text).definitions) {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) {
        if ('name' in definition && definition.name) definitions.set(definition.name.value, definition);
        continue;
      }
      const name = definition.name.value;
      const known = types.get(name) ?? {
        demand: undefined,
        mark: undefined,
        isPerson: false,
        isEntity: false,
        fields: new Map(),
      };
      const mark = readMark(definition.directives);
      known.isEntity ||= has(definition, 'key');
      known.isPerson ||= known.isEntity && mark !== undefined;
      known.demand ??= readDemand(definition.directives);
      if (!has(definition, 'key')) known.mark ??= mark;
      for (const field of definition.fields ?? []) {
        if (has(field, 'external')) continue;
        known.fields.set(field.name.value, readField(field, agency));
      }
      types.set(name, known);
      definitions.set(name, withFieldsOf(definitions.get(name) as ObjectTypeDefinitionNode | undefined, definition));
    }
  }
  return { types, schema: toSchema(definitions, false), nullableSchema: toSchema(definitions, true) };
}

function withFieldsOf(
  before: ObjectTypeDefinitionNode | undefined,
  next: ObjectTypeDefinitionNode,
): ObjectTypeDefinitionNode {
  const fields = new Map([...(before?.fields ?? []), ...(next.fields ?? [])].map((field) => [field.name.value, field]));
  fields.delete(TYPENAME);
  const interfaces = [...(before?.interfaces ?? []), ...(next.interfaces ?? [])];
  return { ...next, fields: [...fields.values(), TYPENAME_FIELD], interfaces };
}

function toSchema(definitions: ReadonlyMap<string, DefinitionNode>, allNullable: boolean): GraphQLSchema {
  const plain = JSON.parse(JSON.stringify([...definitions.values()]), (key, value: unknown) => {
    if (key === 'directives') return [];
    if (!allNullable || key !== 'fields') return value;
    return (value as FieldDefinitionNode[]).map((field) => ({ ...field, type: withoutNonNull(field.type) }));
  }) as DefinitionNode[];
  return buildASTSchema({ kind: Kind.DOCUMENT, definitions: plain }, { assumeValidSDL: true });
}

function withoutNonNull(type: FieldDefinitionNode['type']): FieldDefinitionNode['type'] {
  if (type.kind === Kind.NON_NULL_TYPE) return withoutNonNull(type.type);
  return type.kind === Kind.LIST_TYPE ? { ...type, type: withoutNonNull(type.type) } : type;
}

function readField(field: FieldDefinitionNode, agency: string): FieldFacts {
  const requires = argumentsOf(field.directives, 'requires')?.fields as string | undefined;
  return {
    demand: readDemand(field.directives),
    mark: readMark(field.directives),
    yearArgument: argumentsOf(field.directives, 'scopeByYear')?.argument as string | undefined,
    personArguments: (field.arguments ?? []).filter((one) => has(one, 'subjectId')).map((one) => one.name.value),
    requires: requires?.split(/\s+/).filter((name) => name !== '') ?? [],
    agency,
  };
}

function readDemand(directives: readonly ConstDirectiveNode[] | undefined): Demand | undefined {
  const authenticated = argumentsOf(directives, 'authenticated') !== undefined;
  const scopes = argumentsOf(directives, 'requiresScopes')?.scopes as string[][] | undefined;
  const level = argumentsOf(directives, 'minimumAcr')?.level as string | undefined;
  if (!authenticated && !scopes && level === undefined) return undefined;
  return { authenticated, scopes, acr: level?.toLowerCase() as Acr | undefined };
}

function readMark(directives: readonly ConstDirectiveNode[] | undefined): Mark | undefined {
  const given = argumentsOf(directives, 'subject');
  return given && { from: given.from as string | undefined, inFileOf: given.inFileOf === true };
}

function argumentsOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  name: string,
): Record<string, unknown> | undefined {
  const found = directives?.find((directive) => directive.name.value === name);
  if (!found) return undefined;
  return Object.fromEntries((found.arguments ?? []).map((one) => [one.name.value, valueFromASTUntyped(one.value)]));
}

function has({ directives }: { readonly directives?: readonly ConstDirectiveNode[] }, name: string): boolean {
  return argumentsOf(directives, name) !== undefined;
}
