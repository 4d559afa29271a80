/** Process of the hub's deliveries: takes one message (DeliveriesOrder), answers with DeliveriesDone. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openDatabase } from '../../../gateway/platform/database/database.ts';
import { openJobQueue } from '../../../gateway/platform/database/jobQueue.ts';
import {
  createAgencyMessages,
  createDeclarationSealer,
  openDeclarationKeys,
} from '../../../gateway/platform/declarationSeal.ts';
import type { AgencyId, SubjectKey } from '../../../gateway/platform/ids.ts';
import { type ExchangePublicJwk, openKeys } from '../../../gateway/platform/keys.ts';
import { createLog } from '../../../gateway/platform/log.ts';
import { createReferences } from '../../../gateway/platform/references.ts';
import { startDeliverer } from '../../../gateway/registers/moves/deliverer.ts';
import type { DeclaredMove } from '../../../gateway/registers/moves/move.ts';
import { createMoveMessage, type MoveRecipients } from '../../../gateway/registers/moves/moveMessages.ts';
import { openMoveRegister } from '../../../gateway/registers/moves/moveRegister.ts';
import type { MoveTables } from '../../../gateway/registers/moves/moveTables.ts';
import type { DeliveriesDone, DeliveriesOrder } from './deliveries.ts';

process.once('message', (order: DeliveriesOrder) => {
  void measure(order).then((done) => process.send!(done));
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

const MIGRATIONS = join(import.meta.dirname, '../../../gateway/platform/database/migrations');
const TIMEOUT_MS = 3_000;
const DECLARING_AT_ONCE = 8;
const WHY = { fr: 'Pour mesurer.', en: 'To measure.' };
const FIELDS = (['declarant', 'effectiveDate', 'newAddress'] as const).map((name) => ({ name, why: WHY }));
const FRANCE = { countryCode: '99100', country: 'France' };

async function measure({ databaseUrl, dataDir, declarations, ...order }: DeliveriesOrder): Promise<DeliveriesDone> {
  const log = createLog({ level: 'silent' });
  const clock = Date.now;
  const database = await openDatabase({ url: databaseUrl, log });
  await database.migrate('hub', MIGRATIONS);
  const db = await database.forOwner<MoveTables>('hub');
  const queue = { retryLimit: 18, retryDelaySeconds: 2, expireSeconds: TIMEOUT_MS / 1000 + 2 };
  const jobs = await openJobQueue({ database, owner: 'hub', log, ...queue });
  const keys = openKeys({ dataDir });
  const recipients: MoveRecipients = new Map(
    order.recipients.map(({ agency }) => [
      agency as AgencyId,
      { type: 'move', fields: FIELDS, promisedDays: 10, openToAll: true, delivery: 'push', inboxPath: '/inbox' },
    ]),
  );
  const messageFor = createMoveMessage(recipients, createReferences(keys, clock));
  const parts = { database, db, jobs, recipients, messageFor, retentionDays: 90, clock, log };
  const register = await openMoveRegister(parts);

  const declareSeconds = await secondsOf(async () => {
    let left = declarations;
    const declare = async () => {
      for (left -= 1; left >= 0; left -= 1) await register.declare(aMove([...recipients.keys()]));
    };
    await Promise.all(Array.from({ length: DECLARING_AT_ONCE }, declare));
  });

  const living = new Set(order.living);
  const agencies = new Map(order.recipients.map((one) => [one.agency, one]));
  const before = process.cpuUsage();
  const deliverSeconds = await secondsOf(
    () =>
      new Promise<void>((resolve) => {
        let left = declarations * living.size;
        startDeliverer({
          deliveries: {
            ...register.deliveries,
            async record(agency, statuses) {
              await register.deliveries.record(agency, statuses);
              if (!living.has(agency)) return;
              left -= statuses.length;
              if (left === 0) resolve();
            },
          },
          recipients,
          originOf: (agency) => agencies.get(agency)?.origin,
          agencyKeys: {
            find: (agency) => agencies.get(agency)?.agencyKey as ExchangePublicJwk | undefined,
            reread: () => Promise.resolve(undefined),
          },
          seal: createDeclarationSealer(keys, openDeclarationKeys({ dataDir })),
          messages: createAgencyMessages(keys),
          ...{ clock, log, timeoutMs: TIMEOUT_MS, retryMs: 2_000 },
        });
      }),
  );
  const { user, system } = process.cpuUsage(before);
  return { declareSeconds, deliverSeconds, cpuMicros: user + system };
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

function aMove(recipients: readonly AgencyId[]): DeclaredMove {
  const identity = { family_name: 'X', given_name: 'Y', birthdate: '1980-01-01', birthplace: '75111' } as const;
  return {
    declarant: randomBytes(15).toString('hex') as SubjectKey,
    identity: { ...identity, gender: 'male', birthcountry: '99100' },
    oldAddress: { streetLine: '1 rue Vieille', postCode: '75011', city: 'Paris', inseeCode: '75111', ...FRANCE },
    newAddress: { streetLine: '3 rue du Port', postCode: '44000', city: 'Nantes', inseeCode: '44109', ...FRANCE },
    effectiveDate: '2030-01-01',
    members: [],
    recipients,
  };
}
