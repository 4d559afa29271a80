import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { Clock } from '../platform/clock.ts';
import type { Kysely } from '../platform/database/database.ts';
import type { FranceConnect } from '../platform/franceConnect/franceConnect.ts';
import type { SubjectKey } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import type { OnceStore } from '../platform/onceStore.ts';
import type { VerifyProof } from '../platform/proofOfPossession.ts';
import type { References } from '../platform/references.ts';
import type { TokenKeys } from '../platform/tokenKeys.ts';
import type { RunningConsentLedger } from '../registers/consent/consentLedger.ts';
import type { HabilitationRegister } from '../registers/habilitation/habilitation.ts';
import type { SessionTables } from './sessionTables.ts';

/** What the token endpoint works with. */
export interface SessionParts {
  readonly db: Kysely<SessionTables>;
  readonly franceConnect: FranceConnect;
  readonly habilitations: HabilitationRegister;
  readonly ledger: Pick<RunningConsentLedger, 'giveNotice' | 'listConsents'>;
  readonly references: Pick<References, 'referenceFor'>;
  readonly subjectKeyOf: (pivot: PivotIdentity) => SubjectKey;
  readonly tokenKeys: TokenKeys;
  readonly once: Pick<OnceStore, 'use'>;
  readonly verifyProof: VerifyProof;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}

/** The hub's addresses as clients know them; known when the gateway listens. */
export interface HubAddresses {
  /** `iss` of the hub's tokens: `https://host/session`. */
  readonly issuer: string;
  /** `aud` of the hub's tokens, and where they are used: `https://host/graphql`. */
  readonly graph: string;
  readonly tokenEndpoint: string;
}
