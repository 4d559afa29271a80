import { sql } from 'kysely';
import type { Kysely } from '../../platform/database/database.ts';
import type { SubjectKey } from '../../platform/ids.ts';
import { readLine, subjectsOf } from './accessLine.ts';
import type { AccessRecord, RecordPlace } from './accessRecord.ts';
import type { AccessTables } from './accessTables.ts';
import type { ChainHead, ChainedRow } from './chain.ts';

type Database = Kysely<AccessTables>;

/** How many of the youngest chains a new one witnesses: as many gateways as may have stopped since the last start. */
const WITNESSED_CHAINS = 50;
/** Lines read at a time for verification; one is some 25 kB on a busy day. */
const VERIFIED_LINES = 200;

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
    await insertRow(transaction, genesis);
  });
}

/**
 * The line and under whom it is filed, in one statement and hence in one transaction. For 100 requests of five records this takes PostgreSQL 9 us a request;
 * a row for every record took 277, and for every request 58, with 25 times as much to sync (measured, PostgreSQL 18). `entry` is of type json: it keeps its very text.
 */
export async function insertRow(db: Database, row: ChainedRow): Promise<void> {
  const { chainId, seq, prevHash, hash, at, entry } = row;
  await sql`
    WITH line AS (
      INSERT INTO access_records (chain_id, seq, prev_hash, hash, at, entry)
      VALUES (${chainId}, ${seq}, ${prevHash}, ${hash}, ${at}, ${entry}::json) RETURNING id
    )
    INSERT INTO access_subjects (subject, line)
    SELECT json_array_elements_text(${JSON.stringify(row.subjects)}::json), id FROM line`.execute(db);
}

/** A subject's records from the last written on, behind `after`; at least `limit` of them when there are so many. */
export async function readRecords(
  db: Database,
  subject: SubjectKey,
  limit: number,
  after: RecordPlace | undefined,
): Promise<readonly AccessRecord[]> {
  let query = db
    .selectFrom('access_subjects')
    .innerJoin('access_records', 'access_records.id', 'access_subjects.line')
    .select(['id', 'chain_id', 'seq', 'entry'])
    .where('access_subjects.subject', '=', subject);
  if (after) query = query.where('access_subjects.line', '<=', after.line);
  // Each holds one of the subject's records at least, and all of those of the first may lie before `after`.
  const rows = await query
    .orderBy('access_subjects.line', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.flatMap(({ id: line, chain_id: chainId, seq, entry: text }) => {
    const placed = readLine(text, subject).map(({ position, entry }) => {
      return { ...entry, id: `${chainId}-${seq}-${position}`, chainId, seq, place: { line, position } };
    });
    return placed.filter(({ place }) => isBehind(place, after)).reverse();
  });
}

function isBehind({ line, position }: RecordPlace, after: RecordPlace | undefined): boolean {
  return after === undefined || line < after.line || position < after.position;
}

/** Every row of the log, chain by chain in order, some at a time: for verification. */
export async function* readChains(db: Database): AsyncGenerator<ChainedRow> {
  let last: { chain_id: string; seq: number } | undefined;
  for (;;) {
    let query = db
      .selectFrom('access_records')
      .select(['id', 'chain_id', 'seq', 'prev_hash', 'hash', 'at', sql<string>`entry::text`.as('entry')]);
    if (last) query = query.where(sql<boolean>`(chain_id, seq) > (${last.chain_id}, ${last.seq})`);
    const rows = await query.orderBy('chain_id').orderBy('seq').limit(VERIFIED_LINES).execute();
    for (const { id, chain_id: chainId, prev_hash: prevHash, ...row } of rows) {
      yield { ...row, chainId, prevHash, subjects: await filedUnder(db, id, subjectsOf(row.entry)) };
    }
    last = rows.at(-1);
    if (last === undefined) return;
  }
}

/** Under which of these a line is filed: an index finds that, for all of a line's subjects only the whole table would. */
async function filedUnder(db: Database, line: number, subjects: readonly SubjectKey[]): Promise<readonly string[]> {
  if (subjects.length === 0) return [];
  const query = db.selectFrom('access_subjects').select('subject').where('line', '=', line);
  const rows = await query.where('subject', 'in', subjects).execute();
  return rows.map(({ subject }) => subject);
}
