import { type Selectable, sql } from 'kysely';
import type { Kysely } from '../../platform/database/database.ts';
import type { ClientId } from '../../platform/ids.ts';
import type { HabilitationAct, HabilitationTerms } from './habilitationRequest.ts';
import type { HabilitationTables } from './habilitationTables.ts';

type Database = Kysely<HabilitationTables>;

/** Waits until no other transaction acts on that request; free again when this one ends. */
export async function lockRequest(db: Database, id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`habilitation ${id}`}, 0))`.execute(db);
}

/** All that happened to one request, oldest first. */
export async function readActs(db: Database, id: string): Promise<readonly HabilitationAct[]> {
  const rows = await db
    .selectFrom('habilitation_acts')
    .selectAll()
    .where('habilitation_id', '=', id)
    .orderBy('act_id')
    .execute();
  return rows.map(toAct);
}

/** The same by request, for every request of those services; of all services without a list. */
export async function readAllActs(
  db: Database,
  of?: readonly ClientId[],
): Promise<ReadonlyMap<string, readonly HabilitationAct[]>> {
  const all = db.selectFrom('habilitation_acts').selectAll().orderBy('act_id');
  const theirs = sql<string>`(select a.habilitation_id from habilitation_acts a
    where a.terms ->> 'clientId' = any(${[...(of ?? [])]}::text[]))`;
  const rows = await (of === undefined ? all : all.where('habilitation_id', 'in', theirs)).execute();
  const acts = new Map<string, HabilitationAct[]>();
  for (const row of rows) acts.set(row.habilitation_id, [...(acts.get(row.habilitation_id) ?? []), toAct(row)]);
  return acts;
}

function toAct({
  type,
  at,
  actor,
  terms,
  reason,
}: Selectable<HabilitationTables['habilitation_acts']>): HabilitationAct {
  return {
    type,
    at,
    actor: actor as unknown as HabilitationAct['actor'],
    ...(terms !== null && { terms: terms as unknown as HabilitationTerms }),
    ...(reason !== null && { reason }),
  };
}

export async function appendAct(db: Database, id: string, act: HabilitationAct): Promise<void> {
  const row = {
    habilitation_id: id,
    type: act.type,
    at: act.at,
    actor: JSON.stringify(act.actor),
    terms: act.terms ? JSON.stringify(act.terms) : null,
    reason: act.reason ?? null,
  };
  await db.insertInto('habilitation_acts').values(row).execute();
}

/** What was validated is in force from its first day on, as the next version. */
export async function appendVersion(db: Database, id: string, terms: HabilitationTerms): Promise<void> {
  const query = db
    .selectFrom('habilitations')
    .select(({ fn }) => fn.max('version').as('last'))
    .where('id', '=', id);
  const { last } = await query.executeTakeFirstOrThrow();
  await db
    .insertInto('habilitations')
    .values(versionRow(id, (last ?? 0) + 1, terms))
    .execute();
}

export function versionRow(id: string, version: number, terms: HabilitationTerms) {
  return {
    id,
    version,
    client_id: terms.clientId,
    purpose: terms.purpose,
    scopes: JSON.stringify(terms.scopes),
    legal_basis: terms.legalBasis,
    retention_months: terms.retentionMonths,
    minimum_acr: terms.minimumAcr,
    first_day: terms.firstDay,
    last_day: terms.lastDay,
  };
}

export async function readRevoked(db: Database): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('habilitation_acts')
    .select('habilitation_id')
    .where('type', '=', 'REVOKED')
    .execute();
  return new Set(rows.map((row) => row.habilitation_id));
}
