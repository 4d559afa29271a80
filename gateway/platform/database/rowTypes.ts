/*
 * How columns become JavaScript, the same on both databases: bigint as a number (our sequences stay far below 2^53), instants and days as
 * text, so that no Date crosses a step. Numbers are type OIDs of PostgreSQL's catalogue (pg_type.dat).
 */
const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;

export const ROW_PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: Number,
  [DATE]: (text) => text,
  [TIMESTAMPTZ]: (text) => new Date(text).toISOString(),
};
