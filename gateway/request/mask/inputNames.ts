import { isInputObjectType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

const namesOf = new WeakMap<GraphQLSchema, ReadonlySet<string>>();

/** Whether a text such as `input.expiresAt` is made of names of the public graph's arguments and input fields, and so holds no value. */
export function isInputName(text: string, apiSchema: GraphQLSchema): boolean {
  let names = namesOf.get(apiSchema);
  if (!names) namesOf.set(apiSchema, (names = readNames(apiSchema)));
  return text.length <= 200 && text.split('.').every((part) => names.has(part));
}

function readNames(apiSchema: GraphQLSchema): ReadonlySet<string> {
  const names = new Set<string>();
  for (const type of Object.values(apiSchema.getTypeMap())) {
    if (isInputObjectType(type)) for (const name of Object.keys(type.getFields())) names.add(name);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const { args } of Object.values(type.getFields())) for (const { name } of args) names.add(name);
  }
  return names;
}
