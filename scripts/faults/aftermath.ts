import pg from 'pg';
import { MOVE_CANCELLED } from '../../schema/declaration.ts';
import { AGENCIES, type Agency } from './world.ts';

/** One event of a delivery, at the hub. */
export interface HubEvent {
  readonly agency: Agency;
  readonly delivery: string;
  readonly declarant: string;
  readonly eventId: string;
  readonly state: string;
  readonly isCurrent: boolean;
  readonly isCancellation: boolean;
  /** As the delivery stands. */
  readonly deliveryStatus: string;
}

/** One event as an agency has it. */
export interface AgencyEvent {
  readonly agency: Agency;
  readonly delivery: string;
  readonly eventId: string;
  readonly sequence: string;
  readonly isCancellation: boolean;
  readonly street: string | undefined;
  /** When it was committed, ms since the epoch, with a fraction. */
  readonly committedAtMs: number;
  /** The last that the agency said of it. */
  readonly status: string;
}

/** What an agency's own tables have of a delivery: rows that came of it, with their streets. */
export interface Effect {
  readonly agency: Agency;
  readonly delivery: string;
  readonly streets: readonly string[];
  /** Rows that ended by it; an energy contract that ends gives one that opens. */
  readonly ended: number;
}

export interface Aftermath {
  readonly hub: readonly HubEvent[];
  readonly taken: readonly AgencyEvent[];
  readonly effects: readonly Effect[];
}

const EFFECTS: Readonly<Record<Agency, string>> = {
  address: 'select delivery, street_line, 0 as ended from agency_address.declared_address where delivery is not null',
  family: 'select delivery, street_line, 0 as ended from agency_family.declared_address',
  income: 'select delivery, street_line, 0 as ended from agency_income.declared_residence',
  energy: `select opened_by as delivery, street_line, 0 as ended from agency_energy.contract where opened_by is not null
    union all select ended_by, null, 1 from agency_energy.contract where ended_by is not null`,
};

/** Reads what hub and agencies have written, from their tables, past all of our own code. */
export async function readAftermath(databaseUrl: string): Promise<Aftermath> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const hub = await client.query<HubEvent>(`
      select e.agency, e.delivery, e.declarant, e.event_id as "eventId", e.state, e.event_id = d.current_event as "isCurrent",
        e.type = '${MOVE_CANCELLED}' as "isCancellation", d.status as "deliveryStatus"
      from hub.move_events e join hub.move_deliveries d using (delivery) order by e.agency, e.sequence`);
    const taken: AgencyEvent[] = [];
    const effects: Effect[] = [];
    for (const agency of AGENCIES) {
      const { rows } = await client.query<Omit<AgencyEvent, 'agency'>>(`
        select delivery, event_id as "eventId", sequence, type = '${MOVE_CANCELLED}' as "isCancellation",
          data->'newAddress'->>'streetLine' as street,
          extract(epoch from pg_xact_commit_timestamp(xmin))::float8 * 1000 as "committedAtMs",
          (select status from agency_${agency}.inbox_status s where s.event_id = e.event_id order by id desc limit 1) as status
        from agency_${agency}.inbox_event e order by pg_xact_commit_timestamp(xmin)`);
      taken.push(...rows.map((row) => ({ ...row, agency })));
      effects.push(...(await readEffects(client, agency)));
    }
    return { hub: hub.rows, taken, effects };
  } finally {
    await client.end();
  }
}

async function readEffects(client: pg.Client, agency: Agency): Promise<readonly Effect[]> {
  const { rows } = await client.query<{ delivery: string; street_line: string | null; ended: number }>(EFFECTS[agency]);
  const deliveries = [...new Set(rows.map(({ delivery }) => delivery))];
  return deliveries.map((delivery) => {
    const own = rows.filter((row) => row.delivery === delivery);
    const streets = own.flatMap(({ street_line }) => street_line ?? []);
    return { agency, delivery, streets, ended: own.filter(({ ended }) => ended === 1).length };
  });
}

/** Makes due whatever waits for another attempt, as time would: pauses have grown with every death, and the last would be waited out for minutes. */
export async function hasten(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`update hub_jobs.job set start_after = now() where state = 'retry'`);
    for (const agency of AGENCIES) {
      await client.query(`update agency_${agency}.inbox_status set next_attempt_at = least(next_attempt_at, greatest(said_at, now()))
        where told_at is null`);
    }
  } finally {
    await client.end();
  }
}

/** How many things are still on their way: events, and statuses that the hub has not been told, or that are still to come. */
export async function countUnderWay(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const untold = AGENCIES.map((agency) => `select 1 from agency_${agency}.inbox_status where told_at is null`);
    const pending = `select 1 from hub.move_events where state in ('PENDING', 'SET_ASIDE')`;
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::integer as count from (${[pending, ...untold].join(' union all ')}) as under_way`,
    );
    return rows[0]!.count;
  } finally {
    await client.end();
  }
}
