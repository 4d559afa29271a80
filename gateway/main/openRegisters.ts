import { join } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import type { Kysely } from '../platform/database/database.ts';
import type { SubjectKeyOf } from '../platform/subjectKey.ts';
import { createAccessLog, type RunningAccessLog } from '../registers/access/accessLog.ts';
import type { AccessTables } from '../registers/access/accessTables.ts';
import { createConsentLedger, type RunningConsentLedger } from '../registers/consent/consentLedger.ts';
import type { ConsentTables } from '../registers/consent/consentTables.ts';
import { seedConsents } from '../registers/consent/seedConsents.ts';
import { openCallVolumes, type CallVolumes } from '../registers/habilitation/callVolumes.ts';
import {
  type LoadedHabilitationRegister,
  openHabilitationRegister,
} from '../registers/habilitation/habilitationRegister.ts';
import type { HabilitationTables } from '../registers/habilitation/habilitationTables.ts';
import { registerHub } from '../registers/habilitation/registerHub.ts';
import { seedHabilitations } from '../registers/habilitation/seedHabilitations.ts';
import { readSeeds } from '../registers/seeds/readSeeds.ts';
import { seedSandboxClients } from '../session/sandboxClients.ts';
import type { SessionTables } from '../session/sessionTables.ts';
import type { GatewayOptions } from './options.ts';

const MIGRATIONS = join(import.meta.dirname, '../platform/database/migrations');

export interface Registers {
  readonly habilitations: LoadedHabilitationRegister;
  readonly callVolumes: CallVolumes;
  readonly ledger: RunningConsentLedger;
  readonly accessLog: RunningAccessLog;
  close(): Promise<void>;
}

/** Each register on the hub's own schema; the sandbox's seeds go in before anybody reads. */
export async function openRegisters(
  { database, config, log }: GatewayOptions,
  subjectKeyOf: SubjectKeyOf,
  clock: Clock,
): Promise<Registers> {
  await database.migrate('hub', MIGRATIONS);
  const habilitationTables = await database.forOwner<HabilitationTables>('hub');
  const consentTables = await database.forOwner<ConsentTables>('hub');
  const accessTables = await database.forOwner<AccessTables>('hub');
  // Under FranceConnect the seeds' services are its clients; without it, the first issuer's.
  const issuerOf = (holders: 'citizens' | 'agents') =>
    config.issuers.find((issuer) => (issuer.holders ?? 'citizens') === holders)?.iss;
  const seedIssuer = config.franceConnect?.iss ?? issuerOf('citizens');
  if (config.env === 'sandbox' && seedIssuer !== undefined) {
    const { servicePort } = config;
    const seeds = await readSeeds({ issuer: seedIssuer, agentIssuer: issuerOf('agents'), servicePort, clock });
    await seedHabilitations(habilitationTables, seeds);
    await seedConsents(consentTables, seeds, subjectKeyOf);
    await seedSandboxClients(await database.forOwner<SessionTables>('hub'), seeds);
  }
  await registerHub(habilitationTables, config.siret);
  const habilitations = await openHabilitationRegister(habilitationTables, { database, clock });
  const callVolumes = await openCallVolumes({
    ...{ database, clock, log },
    db: habilitationTables as unknown as Kysely<never>,
  });
  const ledger = await createConsentLedger({ database, db: consentTables, clock });
  const accessLog = await createAccessLog({ db: accessTables, clock, groupMs: config.accessLogGroupMs });
  return {
    habilitations,
    callVolumes,
    ledger,
    accessLog,
    async close() {
      await accessLog.close();
      await ledger.close();
      await callVolumes.close();
      await habilitations.close();
    },
  };
}
