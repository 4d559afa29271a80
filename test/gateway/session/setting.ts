import { afterAll, afterEach, beforeAll, beforeEach, jest } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { type Database, openDatabase } from '../../../gateway/platform/database/database.ts';
import { openKeys } from '../../../gateway/platform/keys.ts';
import { createReferences } from '../../../gateway/platform/references.ts';
import { createSubjectKeyOf } from '../../../gateway/platform/subjectKey.ts';
import { createConsentLedger, type RunningConsentLedger } from '../../../gateway/registers/consent/consentLedger.ts';
import type { ConsentTables } from '../../../gateway/registers/consent/consentTables.ts';
import type { Habilitation } from '../../../gateway/registers/habilitation/habilitation.ts';
import { openHabilitationRegister } from '../../../gateway/registers/habilitation/habilitationRegister.ts';
import { seedHabilitations } from '../../../gateway/registers/habilitation/seedHabilitations.ts';
import type { HabilitationTables } from '../../../gateway/registers/habilitation/habilitationTables.ts';
import type { HttpAnswer, Received } from '../../../gateway/request/exchange.ts';
import { createIdentify, type Identify } from '../../../gateway/request/identify/identify.ts';
import { createHttpServer, type HttpServer } from '../../../gateway/request/receive/httpServer.ts';
import { createReplyFault } from '../../../gateway/request/reply/replyFault.ts';
import { registerClients } from '../../../gateway/session/clientStore.ts';
import { openSession, type Session } from '../../../gateway/session/session.ts';
import type { SessionTables } from '../../../gateway/session/sessionTables.ts';
import { HUB_MIGRATIONS } from '../../support/databases.ts';
import { openStandIn, type StandIn } from './franceConnect.ts';

export const secretOf = (clientId: string) => `secret-of-${clientId}-0123456789-0123456789`;
export const FC_CLIENT = (clientId: string) => `fc-client-of-${clientId}`;

const SERVICES = ['canteen', 'canteen-app', 'creche', 'parking'];
/** `canteen` and `canteen-app` are two services of one body. */
const SIRETS: Readonly<Record<string, string>> = {
  canteen: '99900000000001',
  'canteen-app': '99900000000001',
  creche: '99900000000002',
  parking: '99900000000003',
};

/** A hub's token endpoint and gateway door on a real port, before a small FranceConnect. */
export interface Hub {
  readonly origin: string;
  readonly issuer: string;
  readonly session: Session;
  readonly identify: Identify;
  close(): Promise<void>;
}

interface Setting {
  franceConnect: StandIn;
  database: Database;
  dataDir: string;
  ledger: RunningConsentLedger;
  hub: Hub;
  /** How far the clock has been moved, ms. */
  aheadMs: number;
  /** Private key of the service `parking`, which authenticates by private_key_jwt. */
  parkingKey: CryptoKey;
  /** Habilitations taken away, by client. */
  revoked: Set<string>;
  /** What was logged, as text. */
  logged: string[];
}

export const setting = {} as Setting;

/** To be called once by a test file. */
export function useHub(): void {
  beforeAll(async () => {
    const realNow = Date.now.bind(Date);
    setting.aheadMs = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + setting.aheadMs);
    setting.franceConnect = await openStandIn();
    setting.database = await openDatabase({});
    setting.dataDir = mkdtempSync(join(tmpdir(), 'session-'));
    await setting.database.migrate('hub', HUB_MIGRATIONS);
    await seed();
    const db = await setting.database.forOwner<ConsentTables>('hub');
    setting.ledger = await createConsentLedger({ database: setting.database, db, clock: () => Date.now() });
    setting.revoked = new Set();
    setting.logged = [];
    setting.hub = await openHub();
  }, 60_000);
  beforeEach(() => {
    setting.revoked.clear();
    setting.logged.length = 0;
  });
  afterEach(() => setting.franceConnect.misbehave(undefined));
  afterAll(async () => {
    await setting.hub.close();
    await setting.ledger.close();
    await setting.database.close();
    await setting.franceConnect.close();
    jest.restoreAllMocks();
  });
}

async function seed(): Promise<void> {
  const terms = {
    version: 1,
    retentionMonths: 12,
    minimumAcr: 'eidas1',
    firstDay: '2020-01-01',
    lastDay: '2099-12-31',
  };
  const notice = { ...terms, legalBasis: 'INFORMATION_L114_8' };
  await seedHabilitations(await setting.database.forOwner<HabilitationTables>('hub'), {
    services: SERVICES.map((clientId) => ({
      clientId,
      name: clientId,
      siret: SIRETS[clientId],
      credentials: [{ issuer: setting.franceConnect.config.iss, clientId: FC_CLIENT(clientId) }],
      returnUrls: [],
    })),
    habilitations: [
      {
        ...notice,
        id: 'h1',
        clientId: 'canteen',
        purpose: 'canteen-pricing',
        scopes: ['identite_pivot', 'cnaf_quotient_familial'],
      },
      { ...notice, id: 'h2', clientId: 'canteen-app', purpose: 'canteen-pricing', scopes: ['cnaf_quotient_familial'] },
      {
        ...notice,
        id: 'h3',
        clientId: 'creche',
        purpose: 'creche-place',
        scopes: ['cnaf_adresse'],
        legalBasis: 'CONSENT_RGPD_6_1_A',
      },
      {
        ...notice,
        id: 'h4',
        clientId: 'parking',
        purpose: 'parking-permit',
        scopes: ['cnaf_adresse'],
        minimumAcr: 'eidas2',
      },
    ],
  });
  const pair = await generateKeyPair('ES256', { extractable: true });
  setting.parkingKey = pair.privateKey;
  const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'parking-1', alg: 'ES256', use: 'sig' }] };
  await registerClients(await setting.database.forOwner<SessionTables>('hub'), [
    ...['canteen', 'canteen-app', 'creche'].map((clientId) => {
      return { clientId, method: 'client_secret_post', secret: secretOf(clientId) } as const;
    }),
    { clientId: 'parking', method: 'private_key_jwt', jwks },
  ]);
}

/** A node of the hub; a second one shares database and keys. */
export async function openHub(franceConnect = setting.franceConnect.config): Promise<Hub> {
  const keys = openKeys({ dataDir: setting.dataDir });
  const clock = () => Date.now();
  const register = await openHabilitationRegister(await setting.database.forOwner<HabilitationTables>('hub'));
  const habilitations = {
    ...register,
    findHabilitation: (...sought: Parameters<typeof register.findHabilitation>): Habilitation | undefined => {
      return setting.revoked.has(sought[0]) ? undefined : register.findHabilitation(...sought);
    },
  };
  const write = (...entry: unknown[]) => void setting.logged.push(JSON.stringify(entry));
  const log = { info: write, warn: write, error: write } as never;
  const subjectKeyOf = createSubjectKeyOf(keys);
  const session = await openSession({
    config: { franceConnect, dataDir: setting.dataDir },
    database: setting.database,
    habilitations,
    ledger: setting.ledger,
    references: createReferences(keys, clock),
    subjectKeyOf,
    clock,
    log,
  });
  const identify = createIdentify({ ...session.identification, issuers: [], habilitations, subjectKeyOf, clock });
  let mounted: ReturnType<Session['mount']> = () => false;
  const server = door(identify, (request, response) => mounted(request, response), log);
  const origin = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
  mounted = session.mount(origin);
  return {
    origin,
    issuer: `${origin}/session`,
    session,
    identify,
    async close() {
      await server.close();
      await session.close();
    },
  };
}

/** The gateway up to identify: answers who it took the caller for. */
function door(
  identify: Identify,
  pages: NonNullable<Parameters<typeof createHttpServer>[0]['pages']>,
  log: never,
): HttpServer {
  return createHttpServer({
    config: {
      operatorCredential: undefined,
      bodyLimitBytes: 100_000,
      maxJsonDepth: 64,
      headersTimeoutMs: 5000,
      requestTimeoutMs: 5000,
      keepAliveTimeoutMs: 5000,
      maxConnections: 100,
      maxHeaderBytes: 32_768,
      closeGraceMs: 100,
    },
    pages,
    onFault: createReplyFault(log),
    onGraphql: async (received: Received): Promise<HttpAnswer> => {
      const { caller } = await identify(received);
      if ('kind' in caller) throw new TypeError('expected a citizen');
      const { subject, service, purpose, tokenScopes, acr, pivot } = caller;
      const body = { subject, service: service.clientId, purpose: purpose.name, scopes: [...tokenScopes], acr, pivot };
      return {
        status: 200,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        encoding: 'utf8',
      };
    },
  });
}
