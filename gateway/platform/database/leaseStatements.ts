import { type Kysely, sql } from 'kysely';

/** Columns as in migrations/000005_node_leases.sql. */
export interface LeaseTables {
  node_leases: { node_id: string; topic: string; ends_at: string };
  node_changes: { change_id: string; topic: string; about: string; at: string };
  node_acknowledgements: { change_id: string; node_id: string };
}

/** A change is committed within 5 s of being written (statement timeout), and read within a lease of that: far less than this. */
const KEPT = sql.raw(`interval '60 seconds'`);

/** Takes the lease first and reads after it, so that what is committed in between is seen. Returns the changes not acknowledged yet. */
export async function renewLease(
  db: Kysely<LeaseTables>,
  { nodeId, topic, leaseMs }: { readonly nodeId: string; readonly topic: string; readonly leaseMs: number },
): Promise<readonly { readonly changeId: string; readonly about: string }[]> {
  await sql`insert into node_leases (node_id, topic, ends_at)
    values (${nodeId}, ${topic}, clock_timestamp() + ${leaseMs} * interval '1 millisecond')
    on conflict (node_id, topic) do update set ends_at = excluded.ends_at`.execute(db);
  const { rows } = await sql<{ change_id: string; about: string }>`select change_id::text, about from node_changes c
    where topic = ${topic} and at > clock_timestamp() - ${KEPT}
      and not exists (select from node_acknowledgements a where a.change_id = c.change_id and a.node_id = ${nodeId})
    order by c.change_id`.execute(db);
  return rows.map((row) => ({ changeId: row.change_id, about: row.about }));
}

export async function appendChange(db: Kysely<LeaseTables>, topic: string, about: string): Promise<string> {
  const { rows } = await sql<{ change_id: string }>`insert into node_changes (topic, about)
    values (${topic}, ${about}) returning change_id::text`.execute(db);
  return rows[0]!.change_id;
}

export async function acknowledge(db: Kysely<LeaseTables>, nodeId: string, changes: readonly string[]): Promise<void> {
  for (const change of changes) {
    await sql`insert into node_acknowledgements (change_id, node_id)
      values (${change}::bigint, ${nodeId}) on conflict do nothing`.execute(db);
  }
}

/** How many other nodes hold a lease and have not acknowledged that change. */
export async function countWaiting(
  db: Kysely<LeaseTables>,
  { nodeId, topic, change }: { readonly nodeId: string; readonly topic: string; readonly change: string },
): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`select count(*)::int as waiting from node_leases l
    where topic = ${topic} and node_id <> ${nodeId} and ends_at > clock_timestamp()
      and not exists (select from node_acknowledgements a
        where a.change_id = ${change}::bigint and a.node_id = l.node_id)`.execute(db);
  return rows[0]!.waiting;
}

export async function dropLease(db: Kysely<LeaseTables>, nodeId: string): Promise<void> {
  await sql`delete from node_leases where node_id = ${nodeId}`.execute(db);
}

/** What nobody can wait for any more: old changes with their acknowledgements, and nodes long gone. */
export async function forgetOldChanges(db: Kysely<LeaseTables>): Promise<void> {
  await sql`delete from node_changes where at < clock_timestamp() - 2 * ${KEPT}`.execute(db);
  await sql`delete from node_leases where ends_at < clock_timestamp() - ${KEPT}`.execute(db);
}

/** The schema in which these tables are found on that connection. */
export async function schemaOf(db: Kysely<LeaseTables>): Promise<string> {
  const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db);
  return rows[0]!.schema;
}
