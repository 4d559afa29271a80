import type { TestAgency } from '../federation.ts';

/** One question of a scenario and the answer a gateway owes; `errors` tells whether the answer has any. */
export interface AuditCase {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly expected: { readonly data: unknown; readonly errors?: boolean };
}

/** A federation in memory and what is asked of it. Made anew for each case, so that mutations start from the same state. */
export interface Scenario {
  readonly name: string;
  readonly agencies: () => readonly TestAgency[];
  readonly cases: readonly AuditCase[];
}

/** A case that expects data and no error. */
export function gives(query: string, data: unknown, variables?: Readonly<Record<string, unknown>>): AuditCase {
  return { query, expected: { data }, ...(variables && { variables }) };
}

/** A case that expects data beside at least one error. */
export function fails(query: string, data: unknown): AuditCase {
  return { query, expected: { data, errors: true } };
}

type Row = Readonly<Record<string, unknown>>;

/** The row whose `key` is that of the reference, with the named properties alone; null for none. */
export function find<Of extends Row>(rows: readonly Of[], key: string, ...names: readonly string[]) {
  return (reference: Row): Row | null => {
    const row = rows.find((one) => one[key] === reference[key]);
    return row ? only(row, ...names) : null;
  };
}

/** Of a row, the named properties alone, and its type's name. */
export function only(row: Row, ...names: readonly string[]): Row {
  return Object.fromEntries(['__typename', ...names].filter((name) => name in row).map((name) => [name, row[name]]));
}
