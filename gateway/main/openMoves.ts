import type { AgencyId } from '../platform/ids.ts';
import { openNatsJobQueue } from '../platform/broker/natsJobQueue.ts';
import { type JobQueue, openJobQueue } from '../platform/database/jobQueue.ts';
import type { DeclarationSealer } from '../platform/declarationSeal.ts';
import { createAgencyMessages } from '../platform/declarationSeal.ts';
import type { AgencyKeys } from '../platform/agencyKeys.ts';
import type { Clock } from '../platform/clock.ts';
import type { HubKeys } from '../platform/keys.ts';
import { createOnceStore, type OnceTables } from '../platform/onceStore.ts';
import type { References } from '../platform/references.ts';
import { startDeliverer } from '../registers/moves/deliverer.ts';
import { createDeliveryDesk } from '../registers/moves/deliveryDesk.ts';
import { createMoveMessage, type MoveRecipients } from '../registers/moves/moveMessages.ts';
import { startRetention } from '../registers/moves/retention.ts';
import { openMoveRegister, type RunningMoveRegister } from '../registers/moves/moveRegister.ts';
import type { MoveTables } from '../registers/moves/moveTables.ts';
import { createOperatorCheck } from '../request/receive/operator.ts';
import type { GatewayOptions, Pages } from './options.ts';

/** A job is tried that often after the first time: for three days at least, with the default first pause. */
const RETRY_LIMIT = 18;

/** The register of moves with its queue, on the hub's own schema; what it declares waits there until the deliveries are started. */
export async function openMoves(
  { config, database, log, manifests = [] }: GatewayOptions,
  { references, clock }: { readonly references: References; readonly clock: Clock },
): Promise<RunningMoveRegister> {
  const jobs = await openJobs({ config, database, log });
  const recipients: MoveRecipients = new Map(
    manifests.flatMap(({ name, declarations }) => declarations.map((taken) => [name as AgencyId, taken])),
  );
  const messageFor = createMoveMessage(recipients, references);
  const db = await database.forOwner<MoveTables>('hub');
  const retentionDays = config.moveRetentionDays;
  const register = await openMoveRegister({ database, db, jobs, recipients, messageFor, retentionDays, clock, log });
  const retention = startRetention(register.eraseOverdue, log);
  return {
    ...register,
    async close() {
      await retention.close();
      await register.close();
      await jobs.close();
    },
  };
}

/** In the database, or through a broker when there is one. */
function openJobs({ config, database, log }: Pick<GatewayOptions, 'config' | 'database' | 'log'>): Promise<JobQueue> {
  const { natsUrl, natsCredentials, natsStream, natsReplicas } = config;
  const options = {
    ...{ database, owner: 'hub', log, retryLimit: RETRY_LIMIT },
    retryDelaySeconds: config.deliveryRetrySeconds,
    expireSeconds: Math.ceil(config.deliveryTimeoutMs / 1000) + 2,
  };
  if (natsUrl === undefined) return openJobQueue(options);
  const credentialsFile = natsCredentials === '' ? undefined : natsCredentials;
  const broker = { address: natsUrl, credentialsFile, stream: natsStream, replicas: natsReplicas };
  return openNatsJobQueue({ ...options, ...broker });
}

export interface StartedDeliveries {
  /** Where agencies say how declarations stand, and those that pull ask. */
  readonly desk: Pages;
  close(): Promise<void>;
}

/** Carries what was declared to the agencies, and takes what they say of it. */
export async function startDeliveries(
  moves: RunningMoveRegister,
  { config, database, log }: GatewayOptions,
  powers: {
    readonly keys: HubKeys;
    readonly seal: DeclarationSealer;
    readonly agencyKeys: AgencyKeys;
    /** Address of an agency's graph, as of now. */
    readonly urlOf: (agency: AgencyId) => string | undefined;
    readonly clock: Clock;
  },
): Promise<StartedDeliveries> {
  const { keys, seal, agencyKeys, clock } = powers;
  const { deliveries, recipients } = moves;
  const messages = createAgencyMessages(keys);
  const shared = { deliveries, recipients, agencyKeys, seal, messages, clock, log };
  const deliverer = startDeliverer({
    ...shared,
    originOf: (agency) => {
      const url = powers.urlOf(agency);
      return url === undefined ? undefined : new URL(url).origin;
    },
    timeoutMs: config.deliveryTimeoutMs,
    retryMs: config.deliveryRetrySeconds * 1000,
  });
  const once = createOnceStore({ db: await database.forOwner<OnceTables>('hub'), clock });
  const desk = createDeliveryDesk({ ...shared, once, isOperator: createOperatorCheck(config.operatorCredential) });
  return {
    desk,
    async close() {
      once.close();
      await deliverer.close();
    },
  };
}
