import type { AccessRecord } from './accessRecord.ts';
import type { Place } from './accessStore.ts';

/** A record's place in the list, as clients hand it back; they are not to look into it. */
export function writeCursor({ at, chainId, seq }: AccessRecord): string {
  return Buffer.from(JSON.stringify([at, chainId, seq])).toString('base64url');
}

/** Undefined for what is no cursor of ours: the list starts at its beginning. It selects within the caller's own records, so it needs no secret. */
export function readCursor(cursor: string): Place | undefined {
  try {
    const [at, chainId, seq] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const isPlace = typeof at === 'string' && typeof chainId === 'string' && Number.isSafeInteger(seq);
    return isPlace ? { at, chainId, seq: seq as number } : undefined;
  } catch {
    return undefined;
  }
}
