import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign, compactVerify, createLocalJWKSet, importJWK, type JSONWebKeySet } from 'jose';
import { openReceiptKeys, verifyReceipt } from '../../../gateway/platform/receiptKeys.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import { PAUL, aHubSubgraph, inDays, references } from './aHubSubgraph.ts';

const GIVE = 'mutation($input: GiveConsentInput!) { giveConsent(input: $input) { receipt consent { id } } }';
const ACKNOWLEDGE =
  'mutation($input: GiveConsentInput!) { acknowledgeNotice(input: $input) { receipt consent { id } } }';
const END = (act: string) => `mutation($id: ID!) { ${act}(id: $id) { receipt } }`;
const LIST = `query($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Citizen { consents { receipt } } } }`;

const aDataDir = () => mkdtempSync(join(tmpdir(), 'receipts-'));

interface Acted {
  readonly receipt: string;
  readonly consent: { readonly id: string };
}

describeOnDatabases('the receipt of an act', (databases) => {
  async function aSetting() {
    const setting = await aHubSubgraph(databases);
    async function act(mutation: string, variables: object): Promise<Acted> {
      const { data, errors } = await setting.ask(mutation, variables);
      if (errors) throw new Error(JSON.stringify(errors));
      return Object.values(data as unknown as Record<string, Acted>)[0]!;
    }
    const read = (receipt: string) => verifyReceipt(receipt, setting.receiptKeys.publicJwks) as Record<string, unknown>;
    return { ...setting, act, read };
  }

  const input = (clientId: string, purpose: string) => ({
    input: { clientId, purpose, scopes: ['cnaf_enfants'], expiresAt: inDays(10) },
  });

  test('holds every mandatory field of ISO/IEC TS 27560, signed by the hub, and no value of anybody', async () => {
    const { act, read } = await aSetting();
    const { receipt, consent } = await act(GIVE, input('creche', 'creche-place'));
    expect(read(receipt)).toEqual({
      schema_version: 'ISO/IEC TS 27560:2023',
      receipt_id: `${consent.id}.1`,
      record_id: consent.id,
      pii_principal_id: references.referenceFor(PAUL, 'service:99900000000000'),
      pii_processing: {
        privacy_notice: `https://hub.example/portal/consents/${consent.id}`,
        language: 'fr',
        purpose: "Demande d'une place en crèche",
        purpose_type: 'creche-place',
        lawful_basis: 'RGPD 6(1)(a)',
        pii_information: [
          {
            pii_type: 'Identité des enfants du dossier',
            pii_attribute_id: 'cnaf_enfants',
            pii_optional: true,
            collection_method: 'hub:family',
          },
        ],
        pii_controllers: ['99900000000000'],
        storage_locations: ['party:99900000000000'],
        retention_period: 'P12M',
        jurisdiction: 'FR',
        recipient_third_parties: [],
        withdrawal_method: 'withdrawal',
        withdrawal_url: 'https://hub.example/portal/consents',
        service: 'Service creche',
      },
      parties: [
        {
          party_id: '99900000000000',
          party_name: 'Service creche',
          party_address: '1 place de la Mairie, 99999 Villeneuve',
          party_contact: 'donnees@villeneuve.example',
          party_type: 'organisation',
          party_role: 'controller',
        },
        {
          party_id: references.referenceFor(PAUL, 'service:99900000000000'),
          party_type: 'person',
          party_role: 'pii_principal',
        },
      ],
      events: [
        {
          event_time: inDays(0),
          entity_id: references.referenceFor(PAUL, 'service:99900000000000'),
          event_type: 'explicit',
          event_state: 'given',
          validity_duration: 'PT864000S',
          pii_attribute_ids: ['cnaf_enfants'],
        },
      ],
    });
    expect(JSON.stringify(read(receipt))).not.toContain(PAUL);
  });

  test('is that of a notice where the law is the basis, ended by objection and not by a withdrawal', async () => {
    const { act, read } = await aSetting();
    const { consent } = await act(ACKNOWLEDGE, input('canteen', 'canteen-pricing'));
    const { receipt } = await act(END('objectTo'), { id: consent.id });
    expect(read(receipt)).toMatchObject({
      pii_processing: { lawful_basis: 'CRPA L114-8', withdrawal_method: 'objection' },
      events: [
        { event_type: 'notice', event_state: 'given' },
        { event_type: 'notice', event_state: 'objected' },
      ],
    });
  });

  test('is the copy of all acts, and can be had again from the list', async () => {
    const { act, read, ask, paul } = await aSetting();
    const { consent } = await act(GIVE, input('creche', 'creche-place'));
    const { receipt } = await act(END('withdrawConsent'), { id: consent.id });
    const { data } = await ask(LIST, paul);
    const listed = (data as unknown as { _entities: { consents: Acted[] }[] })._entities[0]!.consents[0]!;
    expect(read(listed.receipt)).toEqual(read(receipt));
    expect(read(receipt)).toMatchObject({ receipt_id: `${consent.id}.2`, events: [{}, { event_state: 'withdrawn' }] });
  });
});

describe('a receipt’s signature', () => {
  const dataDir = aDataDir();
  const keys = openReceiptKeys({ dataDir });
  const receipt = keys.sign(JSON.stringify({ record_id: 'con_1' }));

  test('is one that any JOSE library checks with the published keys', async () => {
    const jwks = createLocalJWKSet({ keys: keys.publicJwks } as unknown as JSONWebKeySet);
    const { payload, protectedHeader } = await compactVerify(receipt, jwks);
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual({ record_id: 'con_1' });
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: keys.publicJwks[0]!.kid });
    expect(keys.publicJwks[0]).not.toHaveProperty('d');
  });

  test('ends with a changed character, another hub’s key, another type and another algorithm', async () => {
    const [header, , signature] = receipt.split('.') as [string, string, string];
    const forged = Buffer.from('{"record_id":"con_2"}').toString('base64url');
    const other = openReceiptKeys({ dataDir: aDataDir() });
    const kid = keys.publicJwks[0]!.kid!;
    const none = `${Buffer.from(JSON.stringify({ alg: 'none', typ: 'consent-receipt+jws', kid })).toString('base64url')}.${forged}.`;
    const jwk = await importJWK({
      kty: 'oct',
      k: Buffer.from(JSON.stringify(keys.publicJwks[0])).toString('base64url'),
    });
    const symmetric = await new CompactSign(Buffer.from('{}'))
      .setProtectedHeader({ alg: 'HS256', typ: 'consent-receipt+jws', kid })
      .sign(jwk);
    for (const fake of [
      `${header}.${forged}.${signature}`,
      other.sign('{}'),
      none,
      symmetric,
      'a.b',
      '',
      `${receipt}.x`,
    ]) {
      expect(verifyReceipt(fake, keys.publicJwks)).toBeUndefined();
    }
    expect(verifyReceipt(receipt, keys.publicJwks)).toEqual({ record_id: 'con_1' });
  });

  test('is made with one key for ever: a second start reads it', () => {
    expect(openReceiptKeys({ dataDir }).publicJwks).toEqual(keys.publicJwks);
  });

  test('is checked offline by npm run verify-receipt, with a JWKS or the data folder', () => {
    const file = join(dataDir, 'receipt.txt');
    const jwks = join(dataDir, 'jwks.json');
    writeFileSync(file, `${receipt}\n`);
    writeFileSync(jwks, JSON.stringify({ keys: keys.publicJwks }));
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['--import', 'ts-blank-space/register', 'scripts/verify-receipt.ts', ...args], {
        encoding: 'utf8',
        env: { ...process.env, HUB_DATA_DIR: dataDir },
      });
    for (const args of [[file], [file, '--jwks', jwks]]) {
      const { status, stdout } = run(...args);
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toEqual({ record_id: 'con_1' });
    }
    writeFileSync(file, receipt.replace(/.$/, receipt.endsWith('A') ? 'Q' : 'A').replace('.', '.e30'));
    const { status, stdout, stderr } = run(file);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('NOT a receipt of this hub');
  });
});
