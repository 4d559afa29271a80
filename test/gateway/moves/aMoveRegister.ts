import { sql } from 'kysely';
import type { TakenDeclaration } from '../../../schema/agencyManifest.ts';
import type { MoveField } from '../../../schema/declaration.ts';
import type { AgencyId, SubjectKey } from '../../../gateway/platform/ids.ts';
import { createLog } from '../../../gateway/platform/log.ts';
import { createReferences } from '../../../gateway/platform/references.ts';
import { createMoveMessage } from '../../../gateway/registers/moves/moveMessages.ts';
import { openMoveRegister } from '../../../gateway/registers/moves/moveRegister.ts';
import type { MoveTables } from '../../../gateway/registers/moves/moveTables.ts';
import type { DeclaredMove, MoveMember } from '../../../gateway/registers/moves/move.ts';
import type { TestDatabases } from '../../support/databases.ts';
import { emptyTestJobs, openTestJobs } from '../../support/jobQueues.ts';

export const PAUL = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as SubjectKey;
export const ANGELA = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' as SubjectKey;
export const [FAMILY, INCOME, ENERGY] = ['family', 'income', 'energy'] as AgencyId[] as [AgencyId, AgencyId, AgencyId];
export const NOW = Date.UTC(2026, 10, 23, 12);

export const references = createReferences({ referenceKeys: [{ version: 1, secret: Buffer.alloc(64, 3) }] }, () => NOW);

export function anIdentity(given_name: string, birthdate = '1980-05-02') {
  const rest = { gender: 'male', birthplace: '75111', birthcountry: '99100' } as const;
  return { family_name: 'DUPONT', given_name, birthdate, ...rest };
}

export function takes(names: readonly MoveField[], change: Partial<TakenDeclaration> = {}): TakenDeclaration {
  const fields = names.map((name) => ({ name, why: { fr: 'Pour cela.', en: 'For that.' } }));
  return { type: 'move', fields, promisedDays: 10, openToAll: false, delivery: 'push', inboxPath: '/inbox', ...change };
}

const ADDRESS = { streetLine: '3 rue du Port', postCode: '44000', city: 'Nantes', inseeCode: '44109' };
const FRANCE = { countryCode: '99100', country: 'France' };

export function aMove(change: Partial<DeclaredMove> = {}): DeclaredMove {
  return {
    declarant: PAUL,
    identity: anIdentity('Paul'),
    oldAddress: { streetLine: '12 rue des Lilas', postCode: '75011', city: 'Paris', inseeCode: '75111', ...FRANCE },
    newAddress: { ...ADDRESS, ...FRANCE },
    effectiveDate: '2026-12-01',
    members: [],
    recipients: [FAMILY, INCOME],
    ...change,
  };
}

export const angela: MoveMember = {
  subject: ANGELA,
  role: 'ADULT',
  state: 'AWAITING_CONFIRMATION',
  identity: undefined,
};

export const RECIPIENTS = new Map<AgencyId, TakenDeclaration>([
  [FAMILY, takes(['declarant', 'adults', 'newAddress'])],
  [INCOME, takes(['declarant', 'effectiveDate', 'newAddress'])],
  [ENERGY, takes(['declarant', 'oldAddress'], { delivery: 'pull' })],
]);

const opened: { close(): Promise<void> }[] = [];
const shared = new Map<string, Promise<QueuedHub>>();

type QueuedHub = Awaited<ReturnType<typeof aQueuedHub>>;

/** To be called after each test, failed ones too. */
export async function closeRegisters(): Promise<void> {
  for (const { close } of opened.splice(0)) await close();
}

/** To be called after all tests of a suite. */
export async function closeQueues(): Promise<void> {
  for (const queued of shared.values()) await (await queued).jobs.close();
  shared.clear();
}

/** Tables and a queue with its agencies: half a second's work, and so made once for a suite. */
async function aQueuedHub(databases: TestDatabases, queueChange: object) {
  const { db, owner } = await databases.freshHub<MoveTables>();
  const database = databases.database();
  const queue = { retryDelaySeconds: 1, retryLimit: 18, expireSeconds: 60, ...queueChange };
  const jobs = await openTestJobs({ database, owner, log: createLog({ level: 'silent' }), ...queue });
  const jobSchema = await database.secondSchema(owner, 'jobs');
  /** The timeline is append-only, for everybody but the owner of its table. */
  async function empty(): Promise<void> {
    await db.transaction().execute(async (transaction) => {
      await sql`alter table move_steps disable trigger user`.execute(transaction);
      await sql`truncate moves, move_members, move_deliveries, move_recipients, move_events, move_steps`.execute(
        transaction,
      );
      await sql`alter table move_steps enable trigger user`.execute(transaction);
      await emptyTestJobs(transaction, jobSchema);
    });
  }
  return { db, database, jobs, empty };
}

/** The suite's hub, with nothing in it. */
async function anEmptyHub(databases: TestDatabases, queueChange: object): Promise<QueuedHub> {
  const name = JSON.stringify([databases.kind, queueChange]);
  const queued = shared.get(name) ?? aQueuedHub(databases, queueChange);
  shared.set(name, queued);
  const hub = await queued;
  await hub.empty();
  return hub;
}

/** The register, empty, with its queue; nothing carries anything unless a test does. */
export async function aMoveRegister(databases: TestDatabases, queueChange: object = {}) {
  const { db, database, jobs } = await anEmptyHub(databases, queueChange);
  const time = { now: NOW };
  const log = createLog({ level: 'silent' });
  const messageFor = createMoveMessage(RECIPIENTS, references);
  const open = () =>
    openMoveRegister({
      ...{ database, db, jobs, messageFor, log, recipients: RECIPIENTS, retentionDays: 90 },
      clock: () => time.now,
    });
  const register = await open();
  /** What an inbox would be sent now: the jobs of an agency, begun. */
  async function begin(agency: AgencyId) {
    const taken = await jobs.take(agency, 10);
    return Promise.all(taken.map(({ data }) => register.deliveries.begin(data['event']!, time.now + 5000)));
  }
  const says = (event: string, status: 'RECEIVED' | 'DONE' | 'IN_PROGRESS', change: object = {}) => {
    return { event, status, at: new Date(time.now).toISOString(), ...change };
  };
  opened.push(register);
  return { db, jobs, register, open, time, begin, says };
}
