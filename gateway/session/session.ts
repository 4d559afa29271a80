import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Database } from '../platform/database/database.ts';
import { openFranceConnect, type FranceConnect } from '../platform/franceConnect/franceConnect.ts';
import type { SubjectKey } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import { createOnceStore } from '../platform/onceStore.ts';
import { createProofVerifier, type VerifyProof } from '../platform/proofOfPossession.ts';
import { openTokenKeys, type TokenKeys } from '../platform/tokenKeys.ts';
import type { Habilitation } from '../registers/habilitation/habilitation.ts';
import type { ServiceSecrets } from '../registers/habilitation/serviceSecrets.ts';
import { giveNotice } from './giveNotice.ts';
import { createSessionHandler, type SessionHandler } from './mount.ts';
import type { HubAddresses, SessionParts } from './parts.ts';
import { createServiceSecrets } from './serviceSecretStore.ts';
import { openSessionEnds } from './sessionEnds.ts';
import type { SessionTables } from './sessionTables.ts';

export type { SessionHandler } from './mount.ts';

export interface SessionOptions extends Pick<SessionParts, 'habilitations' | 'ledger' | 'references' | 'subjectKeyOf'> {
  readonly config: Pick<Config, 'franceConnect' | 'dataDir'>;
  /** The hub's migrations have run. */
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}

/** The hub's token endpoint, and what the identify step takes from it. */
export interface Session {
  /**
   * What answers under `/session` when clients reach the hub at `origin` (`https://host`). To be called once, when that is known; until then no
   * hub token counts. Without FranceConnect nothing answers.
   */
  mount(origin: string): SessionHandler;
  readonly identification: Identification;
  /** For a service's own page in the graph. */
  readonly serviceSecrets: ServiceSecrets;
  close(): Promise<void>;
}

/** Options of createIdentify. */
export interface Identification {
  readonly hubTokens?: {
    readonly addresses: () => HubAddresses | undefined;
    readonly findKey: TokenKeys['find'];
    readonly openIdentity: (sealed: string) => Promise<PivotIdentity>;
    readonly isRevoked: (sessionId: string) => boolean;
  };
  readonly franceConnect?: FranceConnect;
  /** For FranceConnect's own tokens, which no exchange has gone before. */
  readonly giveNotice?: (subject: SubjectKey, habilitation: Habilitation) => Promise<void>;
  readonly proofs: { readonly verify: VerifyProof; readonly graphUrl: () => string };
}

/** `https://host` -> the addresses by which clients know the hub. */
export function hubAddresses(origin: string): HubAddresses {
  const issuer = `${origin}/session`;
  return { issuer, graph: `${origin}/graphql`, tokenEndpoint: `${issuer}/token` };
}

/** Opens the room with everything in it. Rejects when database or keys do not answer: a hub that cannot tell who was revoked does not start. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { config, database, clock, log } = options;
  let addresses: HubAddresses | undefined;
  const db = await database.forOwner<SessionTables>('hub');
  const once = createOnceStore({ db: db as never, clock });
  const verifyProof = createProofVerifier({ clock, useOnce: once.use });
  const serviceSecrets = createServiceSecrets(db, clock);
  const proofs = { verify: verifyProof, graphUrl: () => addresses?.graph ?? '' };
  if (config.franceConnect === undefined) {
    return {
      mount(origin) {
        addresses = hubAddresses(origin);
        return () => false;
      },
      identification: { proofs },
      serviceSecrets,
      close: () => Promise.resolve(once.close()),
    };
  }

  const franceConnect = await openFranceConnect({ config: config.franceConnect, dataDir: config.dataDir, clock });
  const tokenKeys = await openTokenKeys({ dataDir: config.dataDir, clock, log });
  const parts: SessionParts = { ...options, db, franceConnect, tokenKeys, once, verifyProof };
  const ends = await openSessionEnds({ db, database, clock, log });
  return {
    mount(origin) {
      addresses = hubAddresses(origin);
      return createSessionHandler(parts, addresses, ends.end);
    },
    serviceSecrets,
    identification: {
      proofs,
      franceConnect,
      giveNotice: (subject, habilitation) => giveNotice(options.ledger, subject, habilitation),
      hubTokens: {
        addresses: () => addresses,
        findKey: tokenKeys.find,
        openIdentity: tokenKeys.openIdentity,
        isRevoked: ends.isRevoked,
      },
    },
    async close() {
      once.close();
      tokenKeys.close();
      await ends.close();
    },
  };
}
