import { describe, expect, test } from '@jest/globals';
import { REFUSAL_REASONS } from '../../../schema/refusals.ts';
import type { AgencyId, ClientId, RequestId, SubjectKey } from '../../../gateway/platform/ids.ts';
import type { AccessEntry } from '../../../gateway/registers/access/accessRecord.ts';
import { hubSubgraphSdl } from '../../../gateway/registers/hubSubgraph.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import { ANGELA, NOW, PAUL, aGrant, aHubSubgraph, aSubject, inDays, references } from './aHubSubgraph.ts';

const GIVE = `mutation($input: GiveConsentInput!) { giveConsent(input: $input) {
  receipt consent { id status kind legalBasis service { clientId name } purpose { name label en: label(language: EN) }
    scopes { name label } subjects { role } expiresAt } } }`;
const WITHDRAW = 'mutation($id: ID!) { withdrawConsent(id: $id) { consent { id status endedAt } receipt } }';
const CONSENTS = `query($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Citizen { consents { status service { clientId } } } } }`;
const ACCESS_LOG = `query($representations: [_Any!]!, $first: Int, $after: String) { _entities(representations: $representations) {
  ... on Citizen { accessLog(first: $first, after: $after) {
    edges { cursor node { at role agency { id name en: name(language: EN) } service { name siret } purpose { label }
      fields { coordinate scope outcome reason } } }
    pageInfo { hasNextPage endCursor } } } } }`;

describeOnDatabases("the hub's own subgraph", (databases) => {
  const aHub = () => aHubSubgraph(databases);

  const aConsent = (change: object = {}) => ({
    input: {
      clientId: 'creche',
      purpose: 'creche-place',
      scopes: ['cnaf_enfants', 'birth'],
      expiresAt: inDays(300),
      ...change,
    },
  });

  test('says who the caller is, the short way and the long way alike', async () => {
    const { ask, hub } = await aHub();
    const me = { __typename: 'Citizen', id: references.referenceFor(PAUL, 'agency:hub') };
    expect(await ask('{me{__typename id}}')).toEqual({ data: { me } });
    expect(hub.knownAnswer('{"query":"{me{__typename id}}","variables":{}', PAUL)).toBe(
      JSON.stringify({ data: { me } }),
    );
    expect(hub.knownAnswer('{"query":"{me{__typename consents{id}}}","variables":{}', PAUL)).toBeUndefined();
    expect(await ask('{me{__typename id}}', {}, aGrant({ subjects: [] }))).toEqual({ data: { me: null } });
  });

  test('gives and withdraws a consent for the caller, from the portal', async () => {
    const { ask, ledger, paul } = await aHub();
    const given = await ask(GIVE, aConsent());
    expect(given).toMatchObject({
      data: {
        giveConsent: {
          receipt: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
          consent: {
            status: 'ACTIVE',
            kind: 'CONSENT',
            legalBasis: 'CONSENT_RGPD_6_1_A',
            service: { clientId: 'creche', name: 'Service creche' },
            purpose: { name: 'creche-place', label: "Demande d'une place en crèche", en: 'Request for a crèche place' },
            scopes: [{ name: 'birthcountry' }, { name: 'birthplace' }, { name: 'cnaf_enfants' }],
            subjects: [{ role: 'SELF' }],
            expiresAt: inDays(300),
          },
        },
      },
    });
    expect(await ask(CONSENTS, paul)).toMatchObject({
      data: { _entities: [{ consents: [{ status: 'ACTIVE', service: { clientId: 'creche' } }] }] },
    });

    const { id } = (given.data as unknown as { giveConsent: { consent: { id: string } } }).giveConsent.consent;
    expect(await ask(WITHDRAW, { id })).toEqual({
      data: {
        withdrawConsent: { consent: { id, status: 'WITHDRAWN', endedAt: inDays(0) }, receipt: expect.any(String) },
      },
    });
    expect((await ledger.openConsents(PAUL, 'creche' as ClientId, 'creche-place')).key).toBe('');
  });

  test('changes nothing when any service but the portal asks, whatever its scopes', async () => {
    const { ask, ledger } = await aHub();
    const mine = await ledger.giveConsent({
      ...{ subject: PAUL, clientId: 'creche' as ClientId, purpose: 'creche-place', kind: 'CONSENT' },
      ...{ legalBasis: 'CONSENT_RGPD_6_1_A', scopes: ['cnaf_enfants'], expiresAt: inDays(1) },
    });
    const grant = aGrant({ service: { clientId: 'creche', siret: '99900000000000' } });

    const answers = [await ask(GIVE, aConsent(), grant), await ask(WITHDRAW, { id: mine.id }, grant)];
    for (const { data, errors } of answers) {
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'HUB_CONSENT_PORTAL_ONLY' } }]);
    }
    expect(await ledger.listConsents(PAUL)).toMatchObject([{ id: mine.id, status: 'ACTIVE' }]);
  });

  test('lets nobody act or read without the scope', async () => {
    const { ask, ledger, paul } = await aHub();
    const grant = aGrant({ subjects: [aSubject(PAUL, [])] });
    expect(await ask(GIVE, aConsent(), grant)).toMatchObject({
      errors: [{ extensions: { code: 'AGENCY_FIELD_REFUSED' } }],
    });
    expect(await ask(CONSENTS, paul, grant)).toMatchObject({ data: { _entities: [{ consents: null }] } });
    expect(await ask(ACCESS_LOG, paul, grant)).toMatchObject({ data: { _entities: [{ accessLog: null }] } });
    expect(await ledger.listConsents(PAUL)).toEqual([]);
  });

  test.each([
    ['a purpose it does not hold', { purpose: 'housing-file' }, 'purpose'],
    ['an unknown service', { clientId: 'nobody' }, 'purpose'],
    ['a service whose basis is the law', { clientId: 'canteen', purpose: 'canteen-pricing' }, 'legalBasis'],
    ['a scope beyond the habilitation', { scopes: ['cnaf_enfants', 'dgfip_rfr'] }, 'scopes'],
    ['a group that is only partly within', { scopes: ['identite_pivot'] }, 'scopes'],
    ['an unknown scope', { scopes: ['no_such_scope'] }, 'scopes'],
    ['no scope', { scopes: [] }, 'scopes'],
    ['an end in the past', { expiresAt: inDays(-1) }, 'expiresAt'],
    ['an end now', { expiresAt: inDays(0) }, 'expiresAt'],
    ['an end beyond three years', { expiresAt: '2029-11-23T12:00:00.001Z' }, 'expiresAt'],
  ])('refuses a consent for %s', async (_, change, detailKey) => {
    const { ask, ledger } = await aHub();
    const { data, errors } = await ask(GIVE, aConsent(change));
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'HUB_CONSENT_INPUT_INVALID', detailKey } }]);
    expect(await ledger.listConsents(PAUL)).toEqual([]);
  });

  test('takes an end in exactly three years', async () => {
    const { ask } = await aHub();
    expect((await ask(GIVE, aConsent({ expiresAt: '2029-11-23T12:00:00.000Z' }))).errors).toBeUndefined();
  });

  test("ends nobody else's consent", async () => {
    const { ask, ledger } = await aHub();
    const hers = await ledger.giveConsent({
      ...{ subject: ANGELA, clientId: 'creche' as ClientId, purpose: 'creche-place', kind: 'CONSENT' },
      ...{ legalBasis: 'CONSENT_RGPD_6_1_A', scopes: ['cnaf_enfants'], expiresAt: inDays(1) },
    });
    for (const id of [hers.id, 'con_unknown']) {
      expect(await ask(WITHDRAW, { id })).toMatchObject({ errors: [{ extensions: { code: 'HUB_CONSENT_UNKNOWN' } }] });
    }
    expect(await ledger.listConsents(ANGELA)).toMatchObject([{ status: 'ACTIVE' }]);
  });

  test('shows the access log page by page, in both languages, and to its subject alone', async () => {
    const { ask, accessLog, paul } = await aHub();
    const entry = (number: number, subject: SubjectKey): AccessEntry => ({
      requestId: `req_${number}` as RequestId,
      at: new Date(NOW + number).toISOString(),
      subject,
      actor: subject,
      role: 'SELF',
      clientId: 'canteen' as ClientId,
      agency: (number === 2 ? 'hub' : 'income') as AgencyId,
      purpose: 'canteen-pricing',
      legalBasis: 'INFORMATION_L114_8',
      habilitationId: 'hab-canteen',
      acr: 'eidas1',
      fields: [
        { coordinate: 'TaxAssessment.grossIncome', outcome: 'REFUSED', reason: 'NOT_IN_HABILITATION' },
        { coordinate: 'TaxAssessment.referenceTaxIncome', outcome: 'DELIVERED', scope: 'dgfip_rfr' },
      ],
    });
    await accessLog.append([entry(1, PAUL), entry(2, PAUL), entry(3, ANGELA)]);

    const first = await ask(ACCESS_LOG, { ...paul, first: 1 });
    const firstPage = (first.data as unknown as { _entities: { accessLog: { pageInfo: { endCursor: string } } }[] })
      ._entities[0]!;
    expect(firstPage.accessLog).toMatchObject({
      edges: [{ node: { agency: { id: 'hub', name: 'Trait d’Union' } } }],
      pageInfo: { hasNextPage: true },
    });
    const second = await ask(ACCESS_LOG, { ...paul, first: 1, after: firstPage.accessLog.pageInfo.endCursor });
    expect(second).toMatchObject({
      data: {
        _entities: [
          {
            accessLog: {
              edges: [
                {
                  node: {
                    at: new Date(NOW + 1).toISOString(),
                    role: 'SELF',
                    agency: { id: 'income', name: 'Impôts', en: 'Tax office' },
                    service: { name: 'Service canteen', siret: '99900000000001' },
                    purpose: { label: 'Tarif de la cantine scolaire' },
                    fields: [
                      {
                        coordinate: 'TaxAssessment.grossIncome',
                        scope: null,
                        outcome: 'REFUSED',
                        reason: 'NOT_IN_HABILITATION',
                      },
                      {
                        coordinate: 'TaxAssessment.referenceTaxIncome',
                        scope: 'dgfip_rfr',
                        outcome: 'DELIVERED',
                        reason: null,
                      },
                    ],
                  },
                },
              ],
              pageInfo: { hasNextPage: false },
            },
          },
        ],
      },
    });
    expect(await ask(ACCESS_LOG, paul)).toMatchObject({ data: { _entities: [{ accessLog: { edges: [{}, {}] } }] } });
  });

  test('answers nothing about a person whom the grant does not name', async () => {
    const { ask } = await aHub();
    const angela = { representations: [{ __typename: 'Citizen', id: references.referenceFor(ANGELA, 'agency:hub') }] };
    expect(await ask(CONSENTS, angela)).toMatchObject({ data: { _entities: [null] } });
  });
});

describe("the schema of the hub's own subgraph", () => {
  test('knows every reason of refusal', () => {
    const [, reasons] = /enum AccessReason \{([^}]*)\}/.exec(hubSubgraphSdl())!;
    const values = reasons!.match(/^ {2}[A-Z_]+$/gm)!.map((value) => value.trim());
    expect(values).toEqual([...REFUSAL_REASONS, 'AGENCY_UNAVAILABLE', 'NOT_AVAILABLE']);
  });
});
