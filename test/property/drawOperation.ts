import {
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  parse,
  validate,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import type { Draw } from '../engine/draw.ts';
import { TYPENAME } from './oracle/model.ts';

export interface Operation {
  readonly query: string;
  /** `REF:p1` stands for the reference by which the service that asks knows p1. */
  readonly variables: Readonly<Record<string, unknown>>;
}

const VARIABLES: Readonly<Record<string, { readonly type: string; readonly values: readonly unknown[] }>> = {
  year: { type: 'Int!', values: [2025, 2024, 2023, 2022, 2026] },
  maybeYear: { type: 'Int', values: [undefined, 2025, 2024, null] },
  lateYear: { type: 'Int = 2024', values: [undefined, 2025] },
  who: { type: 'ID!', values: ['REF:p0', 'REF:p1', 'REF:p2', 'REF:p9', 'nobody'] },
  yes: { type: 'Boolean!', values: [true, false] },
  no: { type: 'Boolean = false', values: [undefined, true, false] },
};

interface Writer {
  readonly schema: GraphQLSchema;
  readonly draw: Draw;
  readonly fragments: string[];
  budget: number;
}

/** A valid operation: aliases, fragments, type conditions, variables, `@skip` and `@include`. */
export function drawOperation(schema: GraphQLSchema, draw: Draw): Operation {
  const isMutation = draw.chance(4);
  const root = (isMutation && schema.getMutationType()) || schema.getQueryType()!;
  const writer: Writer = { schema, draw, fragments: [], budget: 45 };
  const body = isMutation ? '{ note }' : writeRoot(root, writer);
  const variables = Object.fromEntries(
    Object.entries(VARIABLES).map(([name, { values }]) => [name, draw.pick(values)]),
  );
  const text = [body, ...writer.fragments].join('\n');
  const used = Object.entries(VARIABLES).filter(([name]) => new RegExp(`\\$${name}\\b`).test(text));
  const definitions = used.map(([name, { type }]) => `$${name}: ${type}`).join(', ');
  const query = `${isMutation ? 'mutation' : 'query'}${definitions && ` (${definitions})`} ${text}`;
  const given = Object.fromEntries(
    used.map(([name]) => [name, variables[name]]).filter(([, value]) => value !== undefined),
  );
  // Response keys that contradict each other: the simplest operation instead.
  return validate(schema, parse(query)).length === 0
    ? { query, variables: given }
    : { query: '{ me { id } }', variables: {} };
}

/** Nearly always through `me`: that is where the rules are. */
function writeRoot(root: GraphQLCompositeType, writer: Writer): string {
  const { draw } = writer;
  const fields = fieldsOf(root);
  const me = fields.filter((field) => field.name === 'me');
  const chosen = [...(draw.chance(12) ? [] : me), ...(draw.chance(35) ? [draw.pick(fields)] : [])];
  const texts = (chosen.length > 0 ? chosen : me).map((field, at) => writeField(field, 0, writer, at > 0));
  return `{ ${texts.filter((text) => text !== undefined).join(' ') || '__typename'} }`;
}

function writeSelection(type: GraphQLCompositeType, depth: number, writer: Writer): string {
  const { draw, schema } = writer;
  const parts: string[] = [];
  const fields = fieldsOf(type);
  const count = 1 + draw.below(depth < 2 ? 5 : 3);
  for (let at = 0; at < count && writer.budget > 0; at++) {
    if (isAbstractType(type) && (fields.length === 0 || draw.chance(60))) {
      const member = draw.pick(schema.getPossibleTypes(type));
      parts.push(`... on ${member.name}${condition(draw)} ${writeSelection(member, depth, writer)}`);
    } else if (draw.chance(7)) parts.push(writeFragment(type, depth, writer));
    else if (draw.chance(6)) parts.push('__typename');
    else if (fields.length > 0) {
      const field = writeField(draw.pick(fields), depth, writer, draw.chance(20));
      if (field !== undefined) parts.push(field);
    }
  }
  const leaf = fields.find((field) => isLeafType(getNamedType(field.type)) && field.args.length === 0);
  return `{ ${parts.length > 0 ? parts.join(' ') : (leaf?.name ?? '__typename')} }`;
}

function writeField(
  field: GraphQLField<unknown, unknown>,
  depth: number,
  writer: Writer,
  renamed: boolean,
): string | undefined {
  const { draw } = writer;
  const named = getNamedType(field.type);
  writer.budget--;
  if (!isLeafType(named) && (depth > 5 || writer.budget <= 0)) return undefined;
  const alias = renamed ? `${draw.pick(['a', 'b', 'c'])}${draw.below(50)}: ` : '';
  const given = field.args.map((argument) => writeArgument(argument, draw)).filter((text) => text !== undefined);
  const args = given.length > 0 ? `(${given.join(', ')})` : '';
  const below = isLeafType(named) ? '' : ` ${writeSelection(named as GraphQLCompositeType, depth + 1, writer)}`;
  return `${alias}${field.name}${args}${condition(draw)}${below}`;
}

function writeArgument({ name, type, defaultValue }: GraphQLArgument, draw: Draw): string | undefined {
  if (name === 'who' || name === 'id') {
    if (!isNonNullType(type) && draw.chance(25)) return draw.pick([undefined, `${name}: null`]);
    return `${name}: $who`;
  }
  if (isNonNullType(type)) return `${name}: ${draw.pick(['2025', '2024', '2021', '$year'])}`;
  const nullable = ['2025', '2024', '2021', 'null', '$year', '$maybeYear'];
  return draw.chance(20)
    ? undefined
    : `${name}: ${draw.pick(defaultValue === undefined ? nullable : [...nullable, '$lateYear'])}`;
}

function writeFragment(type: GraphQLCompositeType, depth: number, writer: Writer): string {
  const { draw, fragments } = writer;
  const body = writeSelection(type, depth, writer);
  if (draw.chance(50)) return `...${condition(draw)} ${body}`;
  const name = `F${fragments.length}`;
  fragments.push(`fragment ${name} on ${type.name} ${body}`);
  return `...${name}${condition(draw)}`;
}

function condition(draw: Draw): string {
  return draw.chance(8)
    ? ` ${draw.pick(['@include(if: $yes)', '@skip(if: $no)', '@skip(if: $yes)', '@include(if: true)'])}`
    : '';
}

function fieldsOf(type: GraphQLCompositeType): readonly GraphQLField<unknown, unknown>[] {
  const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
  return fields.filter((field) => field.name !== TYPENAME);
}
