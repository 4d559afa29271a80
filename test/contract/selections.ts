import {
  getNamedType,
  isLeafType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { readSchemaRules, type SchemaRules } from '../../subgraphs/kit/rules.ts';
import { parse } from 'graphql';

/** What can be asked of an agency's schema, made from the schema itself. */
export interface Asking {
  readonly schema: GraphQLSchema;
  readonly rules: SchemaRules;
  readonly personTypes: readonly GraphQLObjectType[];
}

export function askingOf(schema: GraphQLSchema, sdl: string): Asking {
  const rules = readSchemaRules(parse(sdl));
  const personTypes = [...rules.personTypes].map((name) => schema.getType(name) as GraphQLObjectType);
  return { schema, rules, personTypes };
}

/** Years are asked for the last one; other arguments get a harmless value of their type. */
function argumentsOf(field: GraphQLField<unknown, unknown>, year: number): string {
  const given = field.args.map(({ name, type }) => {
    const named = getNamedType(type).name;
    return `${name}: ${named === 'Int' || named === 'Float' ? year : named === 'Boolean' ? 'true' : '"x"'}`;
  });
  return given.length > 0 ? `(${given.join(', ')})` : '';
}

/** Selection of one field with all that is below it; a person inside is asked for the id alone. `alias` puts one on every field. */
export function selectionOf(
  field: GraphQLField<unknown, unknown>,
  { rules }: Asking,
  options: { readonly year: number; readonly alias?: boolean },
  depth = 0,
): string {
  const alias = options.alias ? `a${depth}_${field.name}: ` : '';
  const start = `${alias}${field.name}${argumentsOf(field, options.year)}`;
  const type = getNamedType(field.type);
  if (isLeafType(type)) return start;
  const below = (object: GraphQLObjectType): string =>
    rules.personTypes.has(object.name)
      ? 'id'
      : Object.values(object.getFields())
          .map((inner) => (depth < 5 ? selectionOf(inner, { rules } as Asking, options, depth + 1) : '__typename'))
          .join(' ');
  if (isObjectType(type)) return `${start} { ${below(type)} }`;
  const members = isUnionType(type) ? type.getTypes() : [];
  return `${start} { __typename ${members.map((member) => `... on ${member.name} { ${below(member)} }`).join(' ')} }`;
}

/** The fields of a person that this agency adds, without the key. */
export function personFields(type: GraphQLObjectType): readonly GraphQLField<unknown, unknown>[] {
  return Object.values(type.getFields()).filter(({ name }) => name !== 'id');
}

/** Coordinates of the fields of an answer that hold something, walked along the schema; the answer was asked without aliases. */
export function answeredCoordinates(type: GraphQLObjectType, value: unknown, into = new Set<string>()): Set<string> {
  for (const [name, inner] of Object.entries((value ?? {}) as Record<string, unknown>)) {
    const field = type.getFields()[name];
    if (!field || inner === null || inner === undefined) continue;
    into.add(`${type.name}.${name}`);
    const named = getNamedType(field.type);
    if (!isObjectType(named)) continue;
    for (const item of [inner].flat(3)) answeredCoordinates(named, item, into);
  }
  return into;
}
