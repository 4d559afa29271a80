import {
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  parse,
  validate,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { createDraw, type Draw } from './draw.ts';

export interface GeneratedOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const VARIABLES = '$n: Int, $m: Int = 7, $yes: Boolean!, $no: Boolean!';

/** A valid operation from one seed: aliases, fragments, conditions, variables, type conditions. */
export function generateOperation(
  schema: GraphQLSchema,
  seed: number,
  { aliasesTypename }: { readonly aliasesTypename: boolean },
): GeneratedOperation {
  for (let attempt = 0; ; attempt++) {
    const draw = createDraw(seed + attempt * 7919);
    const isMutation = draw.chance(10);
    const root = isMutation ? schema.getMutationType()! : schema.getQueryType()!;
    const writer: Writer = { schema, draw, aliasesTypename, fragments: [], budget: 60, fragmentDepth: 0 };
    const body = writeSelection(root, 0, writer);
    const query = `${isMutation ? 'mutation' : 'query'} (${VARIABLES}) ${body} ${writer.fragments.join(' ')}`;
    const known = validate(schema, parse(query)).filter((error) => !error.message.includes('is never used'));
    if (known.length > 0 && attempt < 50) continue;
    if (known.length > 0) throw new Error(`no valid operation from seed ${seed}: ${known[0]!.message}`);
    return { query, variables: { ...(draw.chance(70) && { n: draw.below(4) }), m: 7, yes: true, no: false } };
  }
}

interface Writer {
  readonly schema: GraphQLSchema;
  readonly draw: Draw;
  readonly fragments: string[];
  readonly aliasesTypename: boolean;
  budget: number;
  fragmentDepth: number;
}

function writeSelection(type: GraphQLCompositeType, depth: number, writer: Writer): string {
  const { draw, schema } = writer;
  const parts: string[] = [];
  const fields = isObjectType(type) || 'getFields' in type ? Object.values(type.getFields()) : [];
  const count = 1 + draw.below(4);
  for (let at = 0; at < count && writer.budget > 0; at++) {
    const kind = draw.below(100);
    if (isAbstractType(type) && kind < 55) {
      const member: GraphQLObjectType = draw.pick(schema.getPossibleTypes(type));
      parts.push(`... on ${member.name}${directive(draw)} ${writeSelection(member, depth, writer)}`);
    } else if (kind < 65 && depth > 0 && writer.fragmentDepth < 2) {
      parts.push(writeFragment(type, depth, writer));
    } else if (kind < 72)
      parts.push(writer.aliasesTypename && draw.chance(30) ? `t${draw.below(3)}: __typename` : '__typename');
    else if (fields.length > 0) {
      const field = writeField(draw.pick(fields), depth, writer);
      if (field) parts.push(field);
    }
  }
  const fallback = fields.find((field) => isLeafType(getNamedType(field.type)));
  if (parts.length === 0) parts.push(fallback && draw.chance(50) ? fallback.name : '__typename');
  return `{ ${parts.join(' ')} }`;
}

function writeField(field: GraphQLField<unknown, unknown>, depth: number, writer: Writer): string | undefined {
  const { draw } = writer;
  const named: GraphQLNamedType = getNamedType(field.type);
  writer.budget--;
  if (!isLeafType(named) && (depth > 4 || writer.budget <= 0)) return undefined;
  const alias = draw.chance(20) ? `${draw.pick(['k', 'l', 'm'])}${draw.chance(60) ? draw.below(90) : ''}: ` : '';
  const argument = field.args.length > 0 && draw.chance(70) ? `(n: ${draw.pick(['1', '2', '$n', '$m', 'null'])})` : '';
  const below = isLeafType(named) ? '' : ` ${writeSelection(named as GraphQLCompositeType, depth + 1, writer)}`;
  return `${alias}${field.name}${argument}${directive(draw)}${below}`;
}

function writeFragment(type: GraphQLCompositeType, depth: number, writer: Writer): string {
  const { draw, fragments } = writer;
  writer.fragmentDepth++;
  const body = writeSelection(type, depth, writer);
  writer.fragmentDepth--;
  if (draw.chance(50)) return `...${directive(draw)} ${body}`;
  const name = `F${fragments.length}`;
  fragments.push(`fragment ${name} on ${type.name} ${body}`);
  return `...${name}${directive(draw)}`;
}

function directive(draw: Draw): string {
  if (!draw.chance(15)) return '';
  return draw.pick([
    ' @skip(if: $no)',
    ' @include(if: $yes)',
    ' @skip(if: $yes)',
    ' @include(if: $no)',
    ' @skip(if: false)',
  ]);
}
