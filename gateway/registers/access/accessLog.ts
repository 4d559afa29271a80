import { randomBytes } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import type { Kysely } from '../../platform/database/database.ts';
import { HubError } from '../../platform/errors.ts';
import { writeLine } from './accessLine.ts';
import type { AccessLog } from './accessRecord.ts';
import { insertRow, openChain, readHead, readRecords, readYoungestHeads } from './accessStore.ts';
import type { AccessTables } from './accessTables.ts';
import { type ChainHead, genesisRow, nextRow } from './chain.ts';
import { createGroupCommit } from './groupCommit.ts';
import { readCursor, writeCursor } from './recordCursor.ts';

export interface RunningAccessLog extends AccessLog {
  readonly chainId: string;
  /** Where this process's chain stands: to be kept outside now and then (verifyChain.ts). */
  head(): ChainHead;
  /** Commits what waits; nothing can be appended afterwards. */
  close(): Promise<void>;
}

/** Longest page of `list`. */
export const MAX_PAGE = 100;
/** A log that takes longer than this is taken for one that does not answer. */
const TIMEOUT_MS = 5_000;

/**
 * Opens the access log with a chain of this process's own: its first row links to nothing and notes where the youngest other chains stand. Appends are
 * committed in groups (groupCommit.ts). Rejects when the database does not answer.
 */
export async function createAccessLog(options: {
  readonly db: Kysely<AccessTables>;
  readonly clock: Clock;
  /** How long records may wait for each other, ms, 0 to 10. */
  readonly groupMs: number;
  /** Records that may wait; more are refused with HUB_AUDIT_UNAVAILABLE [20000]. */
  readonly maxWaiting?: number;
}): Promise<RunningAccessLog> {
  const { db, clock } = options;
  const chainId = `chn_${randomBytes(12).toString('base64url')}`;
  const at = new Date(clock()).toISOString();
  const genesis = genesisRow(chainId, { at, heads: await readYoungestHeads(db), kind: 'GENESIS' });
  await openChain(db, genesis);

  let head: ChainHead = { chainId, seq: 0, hash: genesis.hash };
  let isHeadCertain = true;

  const group = createGroupCommit({
    groupMs: options.groupMs,
    maxWaiting: options.maxWaiting ?? 20_000,
    async commit(entries) {
      // After a failed commit nobody knows whether it took place; the table does.
      if (!isHeadCertain) head = (await withTimeout(readHead(db, chainId))) ?? head;
      isHeadCertain = false;
      const row = nextRow(head, writeLine(new Date(clock()).toISOString(), entries));
      await withTimeout(insertRow(db, row));
      head = { chainId, seq: row.seq, hash: row.hash };
      isHeadCertain = true;
    },
  });

  return {
    chainId,
    head: () => head,
    append: (entries) => group.append(entries),
    async list(subject, { first, after }) {
      const limit = Math.min(Math.max(Math.trunc(first), 0), MAX_PAGE);
      const found = await readPage(
        readRecords(db, subject, limit + 1, after === undefined ? undefined : readCursor(after)),
      );
      const records = found.slice(0, limit);
      const last = records.at(-1);
      return { records, hasNextPage: found.length > limit, ...(last && { endCursor: writeCursor(last.place) }) };
    },
    close: () => group.close(),
  };
}

async function readPage<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await withTimeout(work);
  } catch (cause) {
    throw new HubError('HUB_AUDIT_UNAVAILABLE', { cause });
  }
}

async function withTimeout<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  return Promise.race([work, silence]).finally(() => clearTimeout(timer));
}
