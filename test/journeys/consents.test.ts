import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { outcomesOf, readCitizensLog } from '../support/citizensLog.ts';
import { startHub, type HubAnswer, type RunningHub } from '../support/runningHub.ts';

/* Angela Dupont has authorised nothing. She opens the quotient to the crèche, and closes it again: a story, in order. */

const AT_CRECHE = { persona: 'dupont-angela', service: 'creche' } as const;
const AT_PORTAL = { persona: 'dupont-angela', service: 'portal' } as const;
const QUESTION = '{ me { civilStatus { birthName } familyFile { quotient { value } } } }';
const GIVE =
  'mutation ($input: GiveConsentInput!) { giveConsent(input: $input) { consent { id status scopes { name } } } }';
const WITHDRAW = 'mutation ($id: ID!) { withdrawConsent(id: $id) { consent { id status } } }';

let hub: RunningHub;
/** The crèche's, taken before anything was said and shown again throughout. */
let token: string;

beforeAll(async () => {
  hub = await startHub();
  token = await hub.token(AT_CRECHE);
}, 60_000);
afterAll(() => hub.close());

const inOneYear = (): string => new Date(Date.now() + 365 * 86_400_000).toISOString();
const terms = (changes: object = {}) => ({
  ...{ clientId: 'creche', purpose: 'creche-place', scopes: ['cnaf_quotient_familial'], expiresAt: inOneYear() },
  ...changes,
});
const codes = ({ errors }: HubAnswer): readonly unknown[] => errors.map(({ extensions }) => extensions['code']);

async function listConsents(): Promise<readonly { id: string; status: string; service: { clientId: string } }[]> {
  const { data } = await hub.ask('{ me { consents { id status service { clientId } } } }', AT_PORTAL);
  return (data as { me: { consents: [] } }).me.consents;
}

async function outcomesOfLog(agency: string): Promise<readonly string[]> {
  const lines = await readCitizensLog(hub, 'dupont-angela');
  return lines
    .filter((line) => line.service.clientId === 'creche' && line.agency.id === agency)
    .map((line) => outcomesOf(line).join(', '));
}

describe('a consent', () => {
  let id: string;

  test('that was not given opens nothing, and the refusal leads to where it can be given', async () => {
    const answer = await hub.ask(QUESTION, { token });
    expect(answer.data).toEqual({ me: { civilStatus: null, familyFile: null } });
    const link = new URL(String(answer.errors[1]!.extensions['consentUrl']));
    expect(Object.fromEntries(link.searchParams)).toEqual({
      service: 'creche',
      purpose: 'creche-place',
      scopes: 'cnaf_quotient_familial',
    });
    expect(hub.takeRequests()).toEqual([]);
  });

  test('is given by the citizen, from the portal, in the very terms of that link', async () => {
    const { data, errors } = await hub.ask({ query: GIVE, variables: { input: terms() } }, AT_PORTAL);
    expect(errors).toEqual([]);
    const { consent } = (data as { giveConsent: { consent: { id: string } } }).giveConsent;
    expect(consent).toMatchObject({ status: 'ACTIVE', scopes: [{ name: 'cnaf_quotient_familial' }] });
    id = consent.id;
  });

  test('opens with the next question what it says, and nothing beside it', async () => {
    hub.takeRequests();
    const answer = await hub.ask(QUESTION, { token });
    expect(answer.data).toEqual({ me: { civilStatus: null, familyFile: { quotient: { value: 2550 } } } });
    expect(answer.errors.map(({ path, extensions }) => [path!.join('.'), extensions['reason']])).toEqual([
      ['me.civilStatus', 'CONSENT_REQUIRED'],
    ]);
    const [request, ...others] = hub.takeRequests();
    expect(others).toEqual([]);
    expect([request!.agency, request!.grant!.subjects[0]!.scopes]).toEqual(['family', ['cnaf_quotient_familial']]);
  });

  test('is withdrawn, and the next question is refused though the token still names the scope', async () => {
    const withdrawn = await hub.ask({ query: WITHDRAW, variables: { id } }, AT_PORTAL);
    expect(withdrawn.data).toEqual({ withdrawConsent: { consent: { id, status: 'WITHDRAWN' } } });
    hub.takeRequests();
    const answer = await hub.ask(QUESTION, { token });
    expect(answer.data).toEqual({ me: { civilStatus: null, familyFile: null } });
    expect(hub.takeRequests()).toEqual([]);
  });

  test('leaves every reading in her log, the refused ones too, newest first', async () => {
    expect(await outcomesOfLog('family')).toEqual([
      'Citizen.familyFile REFUSED CONSENT_REQUIRED',
      'Citizen.familyFile DELIVERED, FamilyFile.quotient DELIVERED, FamilyQuotient.value DELIVERED',
      'Citizen.familyFile REFUSED CONSENT_REQUIRED',
    ]);
  });

  test('that is withdrawn twice stays as it is', async () => {
    const again = await hub.ask({ query: WITHDRAW, variables: { id } }, AT_PORTAL);
    expect(again.data).toEqual({ withdrawConsent: { consent: { id, status: 'WITHDRAWN' } } });
  });
});

describe('nobody consents for a citizen but that citizen', () => {
  test.each([
    ['the crèche with the citizen’s own token', AT_CRECHE],
    [
      'the crèche with a token that names the hub’s scopes',
      { ...AT_CRECHE, scopes: ['identite_pivot', 'hub_autorisations'] },
    ],
    ['the canteen', { persona: 'dupont-angela', service: 'canteen' }],
  ])('%s changes nothing', async (_who, visit) => {
    const before = await listConsents();
    const answer = await hub.ask({ query: GIVE, variables: { input: terms() } }, visit);
    expect(answer.data).toBeNull();
    for (const { extensions } of answer.errors) {
      if (extensions['code'] !== 'HUB_CONSENT_PORTAL_ONLY') expect(extensions['reason']).toBe('NOT_IN_HABILITATION');
    }
    expect(answer.errors.length).toBe(1);
    expect(await listConsents()).toEqual(before);
    expect((await hub.ask(QUESTION, { token })).data).toEqual({ me: { civilStatus: null, familyFile: null } });
  });

  test('another citizen cannot end hers, and learns nothing of it', async () => {
    const given = await hub.ask({ query: GIVE, variables: { input: terms() } }, AT_PORTAL);
    const { id } = (given.data as { giveConsent: { consent: { id: string } } }).giveConsent.consent;
    const paul = { persona: 'dupont-paul', service: 'portal' } as const;
    const [hers, nobodys] = await Promise.all(
      [id, 'con_AAAAAAAAAAAAAAAAAAAAAA'].map((one) => hub.ask({ query: WITHDRAW, variables: { id: one } }, paul)),
    );
    expect([codes(hers!), hers!.data]).toEqual([['HUB_CONSENT_UNKNOWN'], null]);
    expect(hers!.errors[0]!.message).toBe(nobodys!.errors[0]!.message);
    expect((await listConsents()).find((consent) => consent.id === id)?.status).toBe('ACTIVE');
  });
});

describe('terms that do not hold are refused, and name the field', () => {
  test.each<[string, object, string]>([
    ['an unknown service', { clientId: 'nobody' }, 'purpose'],
    ['an unknown purpose', { purpose: 'anything' }, 'purpose'],
    ['another service’s purpose', { purpose: 'canteen-pricing' }, 'purpose'],
    ['a service that informs and does not ask', { clientId: 'canteen', purpose: 'canteen-pricing' }, 'legalBasis'],
    ['a scope beyond the habilitation', { scopes: ['dgfip_aft'] }, 'scopes'],
    ['a scope that does not exist', { scopes: ['everything'] }, 'scopes'],
    ['no scope', { scopes: [] }, 'scopes'],
    ['an end in the past', { expiresAt: '2020-01-01T00:00:00.000Z' }, 'expiresAt'],
    ['an end in ten years', { expiresAt: new Date(Date.now() + 3653 * 86_400_000).toISOString() }, 'expiresAt'],
  ])('%s', async (_case, changes, detailKey) => {
    const before = await listConsents();
    const answer = await hub.ask({ query: GIVE, variables: { input: terms(changes) } }, AT_PORTAL);
    expect([answer.status, answer.data, codes(answer)]).toEqual([200, null, ['HUB_CONSENT_INPUT_INVALID']]);
    expect(answer.errors[0]!.extensions['detailKey']).toBe(detailKey);
    expect(await listConsents()).toEqual(before);
  });

  test.each(['tomorrow', '2027-13-01T00:00:00Z', '2027-01-01', '', 20270101])(
    'an end that is no instant: %s',
    async (expiresAt) => {
      const asVariable = await hub.ask({ query: GIVE, variables: { input: terms({ expiresAt }) } }, AT_PORTAL);
      expect([asVariable.status, codes(asVariable)]).toEqual([400, ['HUB_OPERATION_VARIABLES_INVALID']]);
      const written = GIVE.replace('($input: GiveConsentInput!)', '').replace(
        '$input',
        `{ clientId: "creche", purpose: "creche-place", scopes: [], expiresAt: ${JSON.stringify(expiresAt)} }`,
      );
      const asLiteral = await hub.ask(written, AT_PORTAL);
      expect([asLiteral.status, codes(asLiteral)]).toEqual([400, ['HUB_OPERATION_INVALID']]);
      if (expiresAt !== '') expect(asLiteral.text).not.toContain(String(expiresAt));
    },
  );
});
