import type { RecordPlace } from './accessRecord.ts';

/** A record's place in the list, as clients hand it back; they are not to look into it. */
export function writeCursor({ line, position }: RecordPlace): string {
  return Buffer.from(JSON.stringify([line, position])).toString('base64url');
}

/** Undefined for what is no cursor of ours: the list starts at its beginning. It selects within the caller's own records, so it needs no secret. */
export function readCursor(cursor: string): RecordPlace | undefined {
  try {
    const [line, position] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const isPlace = Number.isSafeInteger(line) && Number.isSafeInteger(position);
    return isPlace ? { line: line as number, position: position as number } : undefined;
  } catch {
    return undefined;
  }
}
