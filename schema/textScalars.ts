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
export function isDateTime(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

/** The treaty's scalars that are texts of one form: what every agency, the hub and its clients take them for. */
export const TEXT_SCALARS: Readonly<Record<string, (value: unknown) => value is string>> = {
  Date: isDate,
  DateTime: isDateTime,
  PartialDate: isPartialDate,
};
