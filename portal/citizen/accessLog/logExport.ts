import type { LogRecord } from './accessLogGraph.ts';

const COLUMNS = [
  'at',
  'service',
  'clientId',
  'purpose',
  'agency',
  'role',
  'field',
  'category',
  'outcome',
  'reason',
] as const;

/** One line per field, RFC 4180, UTF-8 with its mark so that spreadsheets read the accents. */
export function toCsv(records: readonly LogRecord[]): string {
  const lines = records.flatMap(({ at, service, purpose, agency, role, fields }) =>
    fields.map(({ coordinate, scope, outcome, reason }) => {
      return [at, service.name, service.clientId, purpose.label, agency.name, role, coordinate, scope, outcome, reason];
    }),
  );
  return `\ufeff${[COLUMNS, ...lines].map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}

export function toJson(records: readonly LogRecord[]): string {
  return `${JSON.stringify(records, undefined, 2)}\n`;
}

/** Quoted, and never the start of a formula: names are written by services (OWASP, CSV Injection). */
function cell(value: string | null): string {
  const text = value ?? '';
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
