import { afterAll, afterEach, beforeAll, beforeEach, expect, jest } from '@jest/globals';
import type { JWTHeaderParameters } from 'jose';
import { HubError } from '../../../gateway/platform/errors.ts';
import type { ClientId, SubjectKey } from '../../../gateway/platform/ids.ts';
import type {
  Habilitation,
  HabilitationRegister,
  Service,
} from '../../../gateway/registers/habilitation/habilitation.ts';
import type { Identified, Received } from '../../../gateway/request/exchange.ts';
import { createIdentify, type Identify, type IdentifyOptions } from '../../../gateway/request/identify/identify.ts';
import { createReplyFault } from '../../../gateway/request/reply/replyFault.ts';
import { expandScopes } from '../../../schema/scopes.ts';
import { CONTEXT } from '../receive/frontDoor.ts';
import { AUDIENCE, goodClaims, openIssuer, signToken, type TestIssuer, type TestKey } from './issuer.ts';

export const START_MS = Date.UTC(2026, 10, 23, 12);
export const SERVICE: Service = {
  clientId: 'canteen' as ClientId,
  name: 'Cantine',
  siret: '99900000000001',
  credentials: [],
};
export const HABILITATION: Habilitation = {
  id: 'hab-1',
  version: 1,
  clientId: SERVICE.clientId,
  purpose: 'canteen-pricing',
  scopes: expandScopes(['cnaf_quotient_familial']),
  legalBasis: 'INFORMATION_L114_8',
  retentionMonths: 12,
  minimumAcr: 'eidas1',
  firstDay: '2026-01-01',
  lastDay: '2026-12-31',
};

/** Two issuers, one service with one habilitation, and a clock; every test starts from the same. */
interface Setting {
  issuer: TestIssuer;
  foreign: TestIssuer;
  nowMs: number;
  habilitations: readonly Habilitation[];
  identify: Identify;
  /** Days for which a habilitation was looked up. */
  daysAsked: string[];
}

export const setting = {} as Setting;

export const register: HabilitationRegister = {
  findService: (iss, clientId) => (iss === 'https://issuer.test' && clientId === 'canteen-app' ? SERVICE : undefined),
  getService: () => SERVICE,
  findHabilitation(clientId, purpose, day) {
    setting.daysAsked.push(day);
    return setting.habilitations.find(
      (entry) => entry.clientId === clientId && entry.purpose === purpose && entry.lastDay >= day,
    );
  },
};

export function newIdentify(tokenCacheBytes?: number, proofs?: IdentifyOptions['proofs']): Identify {
  const config = (source: TestIssuer, algorithms: string[]) => ({ ...source, audience: AUDIENCE, algorithms });
  return createIdentify({
    issuers: [config(setting.issuer, ['ES256']), config(setting.foreign, ['RS256', 'ES256'])],
    habilitations: register,
    subjectKeyOf: (pivot) => `key-of-${pivot.birthdate}` as SubjectKey,
    clock: () => setting.nowMs,
    ...(tokenCacheBytes === undefined ? {} : { tokenCacheBytes }),
    ...(proofs && { proofs }),
  });
}

/** To be called once by a test file. */
export function useSetting(): void {
  beforeAll(async () => {
    setting.issuer = await openIssuer('https://issuer.test');
    setting.foreign = await openIssuer('https://foreign.test', 'RS256');
  });
  afterAll(() => Promise.all([setting.issuer.close(), setting.foreign.close()]));
  beforeEach(() => {
    setting.nowMs = START_MS;
    setting.habilitations = [HABILITATION];
    setting.daysAsked = [];
    setting.issuer.publish(setting.issuer.keys.map((entry) => entry.publicJwk));
    setting.identify = newIdentify();
    // jose ages key sets by the system's clock and by nothing else.
    jest.spyOn(Date, 'now').mockImplementation(() => setting.nowMs);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
}

export const key = (): TestKey => setting.issuer.keys[0]!;
export async function present(token: string | undefined, changes: Partial<Received> = {}): Promise<Identified> {
  const identified = await setting.identify({ token, ...changes } as Received);
  if ('kind' in identified.caller) throw new TypeError('expected a citizen');
  return identified as Identified;
}

/** Status and code of the refusal, or `identified`. */
export async function refusal(token: string | undefined, changes: Partial<Received> = {}): Promise<string> {
  try {
    await setting.identify({ token, ...changes } as Received);
    return 'identified';
  } catch (fault) {
    if (!(fault instanceof HubError)) throw fault;
    const replyFault = createReplyFault({ error: () => {}, info: () => {} });
    const words = replyFault(fault, CONTEXT).body + JSON.stringify(fault.detail ?? '');
    // Nothing of a token, of what it claims or of a key is repeated, to the client or to the log.
    expect(words).not.toMatch(/MARTINEAU|Zoé|1985|75107|pairwise-subject|canteen-app|https?:|eyJ/);
    return `${fault.status} ${fault.code}`;
  }
}

export const claims = (changes: Record<string, unknown> = {}) => ({
  ...goodClaims('https://issuer.test', setting.nowMs),
  ...changes,
});
export const token = (changes: Record<string, unknown> = {}, header: Partial<JWTHeaderParameters> = {}) =>
  signToken(key(), claims(changes), header);
/** Of now, as tokens count them. */
export const seconds = () => Math.floor(setting.nowMs / 1000);
