import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { openNatsJobQueue } from '../../gateway/platform/broker/natsJobQueue.ts';
import { SETTINGS } from '../../gateway/platform/config.ts';
import { openDatabase } from '../../gateway/platform/database/database.ts';
import { type JobQueue, openJobQueue } from '../../gateway/platform/database/jobQueue.ts';
import {
  createAgencyMessages,
  createDeclarationSealer,
  openDeclarationKeys,
} from '../../gateway/platform/declarationSeal.ts';
import type { AgencyId, SubjectKey } from '../../gateway/platform/ids.ts';
import { type ExchangePublicJwk, openKeys } from '../../gateway/platform/keys.ts';
import { createLog } from '../../gateway/platform/log.ts';
import { createReferences } from '../../gateway/platform/references.ts';
import { startDeliverer } from '../../gateway/registers/moves/deliverer.ts';
import type { DeclaredMove, MoveReference } from '../../gateway/registers/moves/move.ts';
import { createMoveMessage } from '../../gateway/registers/moves/moveMessages.ts';
import { openMoveRegister } from '../../gateway/registers/moves/moveRegister.ts';
import type { MoveTables } from '../../gateway/registers/moves/moveTables.ts';
import type { TakenDeclaration } from '../../schema/agencyManifest.ts';

/* A hub's node, as far as moves go: takes acts as lines on its standard input, acknowledges each by a line, and carries what was said. Made to be killed. */

/** An agency as the node is told of it. */
export interface AgencyAddress {
  readonly agency: AgencyId;
  readonly origin: string;
  readonly agencyKey: ExchangePublicJwk;
}

export interface NodeSetting {
  readonly url: string;
  readonly dataDir: string;
  readonly agencies: readonly AgencyAddress[];
  /** Jobs go through a broker, when there is one. */
  readonly natsUrl?: string | undefined;
}

/** One act: `id` comes back in the acknowledgement, as `{"id":1,"reference":"…"}`. */
export interface Act {
  readonly id: number;
  readonly does: 'declare' | 'amend' | 'cancel';
  readonly declarant: string;
  readonly reference?: string;
  /** What tells this wording from every other. */
  readonly street: string;
}

const TIMEOUT_MS = 1_000;
const MIGRATIONS = join(import.meta.dirname, '../../gateway/platform/database/migrations');
const FRANCE = { countryCode: '99100', country: 'France' };

const setting = JSON.parse(process.argv[2]!) as NodeSetting;
const log = createLog({ level: 'silent' });
const database = await openDatabase({ url: setting.url, log });
await database.migrate('hub', MIGRATIONS);
const db = await database.forOwner<MoveTables>('hub');
const jobs = await openJobs();
const recipients = new Map(setting.agencies.map(({ agency }) => [agency, takes()]));
const keys = openKeys({ dataDir: setting.dataDir });
const messageFor = createMoveMessage(recipients, createReferences(keys, Date.now));
const register = await openMoveRegister({
  ...{ database, db, jobs, recipients, retentionDays: 90 },
  messageFor,
  clock: Date.now,
  log,
});
const agencyOf = (agency: AgencyId) => setting.agencies.find((one) => one.agency === agency);
startDeliverer({
  deliveries: register.deliveries,
  recipients,
  originOf: (agency) => agencyOf(agency)?.origin,
  agencyKeys: { find: (agency) => agencyOf(agency)?.agencyKey, reread: () => Promise.resolve(undefined) },
  seal: createDeclarationSealer(keys, openDeclarationKeys({ dataDir: setting.dataDir })),
  messages: createAgencyMessages(keys),
  ...{ clock: Date.now, log, timeoutMs: TIMEOUT_MS, retryMs: 100 },
});
process.stdout.write('ready\n');

for await (const line of createInterface({ input: process.stdin })) void perform(JSON.parse(line) as Act);

function openJobs(): Promise<JobQueue> {
  const queue = { retryLimit: 18, retryDelaySeconds: 1, expireSeconds: TIMEOUT_MS / 1000 + 1 };
  const options = { database, owner: 'hub', log, ...queue };
  if (setting.natsUrl === undefined) return openJobQueue(options);
  const address = SETTINGS.natsUrl.read(setting.natsUrl)!;
  return openNatsJobQueue({ ...options, address, stream: 'faults', replicas: 1 });
}

async function perform(act: Act): Promise<void> {
  const reference = act.reference as MoveReference;
  const move = moveOf(act);
  const done =
    act.does === 'declare'
      ? await register.declare(move)
      : act.does === 'amend'
        ? await register.amend(reference, move)
        : await register.cancel(move.declarant, reference);
  process.stdout.write(`${JSON.stringify({ id: act.id, reference: done?.reference })}\n`);
}

function moveOf({ declarant, street }: Act): DeclaredMove {
  const identity = { family_name: 'X', given_name: 'Y', birthdate: '1980-01-01', birthplace: '75111' } as const;
  return {
    declarant: declarant as SubjectKey,
    identity: { ...identity, gender: 'male', birthcountry: '99100' },
    oldAddress: { streetLine: '1 rue Vieille', postCode: '75011', city: 'Paris', inseeCode: '75111', ...FRANCE },
    newAddress: { streetLine: street, postCode: '44000', city: 'Nantes', inseeCode: '44109', ...FRANCE },
    effectiveDate: '2030-01-01',
    members: [],
    recipients: setting.agencies.map(({ agency }) => agency),
  };
}

function takes(): TakenDeclaration {
  const why = { fr: 'Pour éprouver.', en: 'To try.' };
  const fields = (['declarant', 'newAddress'] as const).map((name) => ({ name, why }));
  return { type: 'move', fields, promisedDays: 1, openToAll: true, delivery: 'push', inboxPath: '/inbox' };
}
