import { GraphQLScalarType } from 'graphql';

const PARTIAL_DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;

/** `YYYY-MM-DD`, `YYYY-MM` or `YYYY`: birth dates that civil status presumes have no day, or no month (RNIPP). */
export function isPartialDate(value: unknown): value is string {
  return typeof value === 'string' && PARTIAL_DATE.test(value) && (value.length < 10 || isDate(value));
}

/** A day of the calendar, `YYYY-MM-DD`. */
export function isDate(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** An instant in UTC, `YYYY-MM-DDThh:mm:ss[.sss]Z`. */
function isDateTime(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

/** The scalars an agency may declare by name alone; the kit resolves them. */
export const KIT_SCALARS: Readonly<Record<string, GraphQLScalarType>> = {
  Date: textScalar('Date', isDate),
  DateTime: textScalar('DateTime', isDateTime),
  PartialDate: textScalar('PartialDate', isPartialDate),
};

/** The faulty value is not repeated: it may be somebody's birth date. */
function textScalar(name: string, accepts: (value: unknown) => value is string): GraphQLScalarType {
  const take = (value: unknown): string => {
    if (accepts(value)) return value;
    throw new TypeError(`not a ${name}`);
  };
  return new GraphQLScalarType({ name, serialize: take, parseValue: take });
}
