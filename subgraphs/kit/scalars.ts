import { GraphQLScalarType } from 'graphql';
import { TEXT_SCALARS } from '../../schema/textScalars.ts';

export { isDate, isPartialDate } from '../../schema/textScalars.ts';

/** The scalars an agency may declare by name alone; the kit resolves them. */
export const KIT_SCALARS: Readonly<Record<string, GraphQLScalarType>> = Object.fromEntries(
  Object.entries(TEXT_SCALARS).map(([name, accepts]) => [name, textScalar(name, accepts)]),
);

/** The faulty value is not repeated: it may be somebody's birth date. */
function textScalar(name: string, accepts: (value: unknown) => value is string): GraphQLScalarType {
  const take = (value: unknown): string => {
    if (accepts(value)) return value;
    throw new TypeError(`not a ${name}`);
  };
  return new GraphQLScalarType({ name, serialize: take, parseValue: take });
}
