import { isScalarType, valueFromASTUntyped, type GraphQLSchema } from 'graphql';
import { TEXT_SCALARS } from '../../../schema/textScalars.ts';

/**
 * Lets the public schema know the treaty's scalars, of which SDL holds the names alone: a client that writes one wrongly reads so before any agency is
 * asked. Changes the schema in place.
 */
export function takeTreatyScalars(apiSchema: GraphQLSchema): void {
  for (const [name, accepts] of Object.entries(TEXT_SCALARS)) {
    const type = apiSchema.getType(name);
    if (!isScalarType(type)) continue;
    type.parseValue = (value) => {
      if (accepts(value)) return value;
      // The value is not repeated: it may be somebody's birth date.
      throw new TypeError(`not a ${name}`);
    };
    type.parseLiteral = (node, variables) => type.parseValue(valueFromASTUntyped(node, variables));
  }
}
