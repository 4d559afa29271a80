import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GrantSubject } from '../../../schema/grant.ts';
import { withGrant } from '../../../schema/grant.ts';
import type { SubjectKey } from '../../../gateway/platform/ids.ts';
import { createLog } from '../../../gateway/platform/log.ts';
import { openReceiptKeys } from '../../../gateway/platform/receiptKeys.ts';
import { createReferences } from '../../../gateway/platform/references.ts';
import { createAccessLog } from '../../../gateway/registers/access/accessLog.ts';
import type { AccessTables } from '../../../gateway/registers/access/accessTables.ts';
import type { RelationProof } from '../../../gateway/platform/relations.ts';
import { createConsentLedger } from '../../../gateway/registers/consent/consentLedger.ts';
import type { ConsentTables } from '../../../gateway/registers/consent/consentTables.ts';
import { openHabilitationRegister } from '../../../gateway/registers/habilitation/habilitationRegister.ts';
import type { HabilitationTables } from '../../../gateway/registers/habilitation/habilitationTables.ts';
import { seedHabilitations } from '../../../gateway/registers/habilitation/seedHabilitations.ts';
import type { HubGrant } from '../../../gateway/registers/faceContext.ts';
import { createHubSubgraph } from '../../../gateway/registers/hubSubgraph.ts';
import { createServiceSecrets } from '../../../gateway/session/serviceSecretStore.ts';
import type { TestDatabases } from '../../support/databases.ts';

export const PAUL = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as SubjectKey;
export const ANGELA = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' as SubjectKey;
export const NOW = Date.UTC(2026, 10, 23, 12);
export const references = createReferences({ referenceKeys: [{ version: 1, secret: Buffer.alloc(64, 3) }] }, () => NOW);
export const inDays = (days: number) => new Date(NOW + days * 86_400_000).toISOString();

const SEEDS = {
  services: ['creche', 'canteen', 'portal'].map((clientId, index) => ({
    clientId,
    name: `Service ${clientId}`,
    siret: `9990000000000${index}`,
    address: '1 place de la Mairie, 99999 Villeneuve',
    contact: 'donnees@villeneuve.example',
    credentials: [],
    returnUrls: [`https://${clientId}.example/return`],
  })),
  habilitations: [
    {
      clientId: 'creche',
      purpose: 'creche-place',
      legalBasis: 'CONSENT_RGPD_6_1_A',
      scopes: ['cnaf_enfants', 'birth'],
    },
    { clientId: 'canteen', purpose: 'canteen-pricing', legalBasis: 'INFORMATION_L114_8', scopes: ['cnaf_enfants'] },
  ].map((habilitation) => ({
    ...habilitation,
    id: `hab-${habilitation.clientId}`,
    version: 1,
    retentionMonths: 12,
    minimumAcr: 'eidas1',
    firstDay: '2026-01-01',
    lastDay: '2027-12-31',
  })),
};

export function aSubject(subject: SubjectKey, scopes: readonly string[]): GrantSubject {
  const pivot = {
    family_name: 'X',
    given_name: 'Y',
    birthdate: '1980',
    gender: 'male',
    birthplace: '',
    birthcountry: '99109',
  } as const;
  return { reference: references.referenceFor(subject, 'agency:hub'), role: 'SELF', scopes, pivot };
}

export function aGrant(change: Partial<HubGrant> = {}): HubGrant {
  return {
    iss: 'hub',
    aud: 'hub',
    jti: 'nonce',
    iat: NOW / 1000,
    exp: NOW / 1000 + 30,
    requestId: 'req_test',
    service: { clientId: 'portal', siret: '99900000000002' },
    purpose: 'my-data',
    acr: 'eidas1',
    digest: 'digest',
    subjects: [aSubject(PAUL, ['hub_autorisations', 'hub_journal'])],
    met: {},
    ...change,
  };
}

/** The hub's own subgraph on empty registers with three services: a crèche (consent), a canteen (the law), the portal. Without `relations` civil status does not answer. */
export async function aHubSubgraph(databases: TestDatabases, relations?: RelationProof) {
  const { db } = await databases.freshHub<ConsentTables & AccessTables & HabilitationTables>();
  await seedHabilitations(db as never, SEEDS);
  const time = { now: NOW };
  const clock = () => time.now;
  const ledger = await createConsentLedger({ database: databases.database(), db: db as never, clock });
  const accessLog = await createAccessLog({ db: db as never, clock, groupMs: 0 });
  const habilitations = await openHabilitationRegister(db as never);
  const receiptKeys = openReceiptKeys({ dataDir: mkdtempSync(join(tmpdir(), 'receipts-')) });
  const hub = createHubSubgraph({
    ledger,
    accessLog,
    habilitations,
    references,
    proveRelations: () => Promise.resolve(relations),
    agencyLabels: new Map([['income', { fr: 'Impôts', en: 'Tax office' }]]),
    portalUrl: 'https://hub.example/portal',
    serviceSecrets: createServiceSecrets(db as never, clock),
    franceConnectIssuer: 'https://fc.example/api/v2',
    signReceipt: receiptKeys.sign,
    clock,
    log: createLog({ level: 'silent' }),
  });
  async function ask(query: string, variables: object = {}, grant = aGrant()) {
    const head = `{"query":${JSON.stringify(query)},"variables":${JSON.stringify(variables)}`;
    return JSON.parse(await hub.answer(withGrant(head, hub.carryGrant(grant)))) as {
      data: Record<string, never> | null;
      errors?: { message: string; extensions: Record<string, unknown> }[];
    };
  }
  const paul = { representations: [{ __typename: 'Citizen', id: references.referenceFor(PAUL, 'agency:hub') }] };
  return { db, hub, receiptKeys, ledger, accessLog, habilitations, time, ask, paul, grant: aGrant, subject: aSubject };
}
