import { sql } from 'kysely';
import type { Kysely } from '../../platform/database/database.ts';
import type { SubjectKey } from '../../platform/ids.ts';
import type { AccessEntry, AccessRecord } from './accessRecord.ts';
import type { AccessTables } from './accessTables.ts';
import type { ChainHead, ChainedRow } from './chain.ts';

type Database = Kysely<AccessTables>;

/** How many of the youngest chains a new one witnesses: as many gateways as may have stopped since the last start. */
const WITNESSED_CHAINS = 50;

export async function readHead(db: Database, chainId: string): Promise<ChainHead | undefined> {
  const query = db.selectFrom('access_records').select(['seq', 'hash']).where('chain_id', '=', chainId);
  const row = await query.orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row && { chainId, ...row };
}

export async function readYoungestHeads(db: Database): Promise<readonly ChainHead[]> {
  const query = db.selectFrom('access_chains').select('chain_id').orderBy('opened_at', 'desc').orderBy('chain_id');
  const chains = await query.limit(WITNESSED_CHAINS).execute();
  const heads = await Promise.all(chains.map((chain) => readHead(db, chain.chain_id)));
  return heads.filter((head) => head !== undefined);
}

export async function openChain(db: Database, genesis: ChainedRow): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const chain = { chain_id: genesis.chainId, opened_at: genesis.at };
    await transaction.insertInto('access_chains').values(chain).execute();
    await insertRows(transaction, [genesis]);
  });
}

/**
 * All rows in one statement, hence in one transaction. One JSON parameter, taken apart by the database: in groups of 256 a VALUES list takes 1.5 times,
 * UNNEST of arrays 1.3 times as long (embedded), and a VALUES list is another statement for every size. `entry` is of type json: it keeps its very text.
 */
export async function insertRows(db: Database, rows: readonly ChainedRow[]): Promise<void> {
  const list = rows.map((row) => {
    const subject = row.subject === null ? 'null' : `"${row.subject}"`;
    return `{"c":"${row.chainId}","q":${row.seq},"p":"${row.prevHash}","h":"${row.hash}","s":${subject},"a":"${row.at}","e":${row.entry}}`;
  });
  await sql`
    INSERT INTO access_records (chain_id, seq, prev_hash, hash, subject, at, entry)
    SELECT x->>'c', (x->>'q')::bigint, x->>'p', x->>'h', x->>'s', x->>'a', x->'e'
    FROM json_array_elements(${`[${list.join(',')}]`}::json) AS x`.execute(db);
}

/** Where a page ends: the last record's place in the order of the list. */
export interface Place {
  readonly at: string;
  readonly chainId: string;
  readonly seq: number;
}

/** Newest first, behind `after`. */
export async function readRecords(
  db: Database,
  subject: SubjectKey,
  limit: number,
  after: Place | undefined,
): Promise<readonly AccessRecord[]> {
  let query = db.selectFrom('access_records').select(['chain_id', 'seq', 'entry']).where('subject', '=', subject);
  if (after) query = query.where(sql<boolean>`(at, chain_id, seq) < (${after.at}, ${after.chainId}, ${after.seq})`);
  const ordered = query.orderBy('at', 'desc').orderBy('chain_id', 'desc').orderBy('seq', 'desc');
  const rows = await ordered.limit(limit).execute();
  return rows.map(({ chain_id: chainId, seq, entry }) => ({
    ...(entry as unknown as AccessEntry),
    id: `${chainId}-${seq}`,
    chainId,
    seq,
  }));
}

/** Every row of the log, chain by chain in order, a thousand at a time: for verification. */
export async function* readChains(db: Database): AsyncGenerator<ChainedRow> {
  let last: { chain_id: string; seq: number } | undefined;
  for (;;) {
    let query = db
      .selectFrom('access_records')
      .select(['chain_id', 'seq', 'prev_hash', 'hash', 'subject', 'at', sql<string>`entry::text`.as('entry')]);
    if (last) query = query.where(sql<boolean>`(chain_id, seq) > (${last.chain_id}, ${last.seq})`);
    const rows = await query.orderBy('chain_id').orderBy('seq').limit(1_000).execute();
    for (const { chain_id: chainId, prev_hash: prevHash, ...row } of rows) yield { ...row, chainId, prevHash };
    last = rows.at(-1);
    if (last === undefined) return;
  }
}
