import { expect, test } from '@jest/globals';
import type { HubGrant } from '../../../gateway/registers/faceContext.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import { aGrant, aHubSubgraph } from './aHubSubgraph.ts';

// What a test reads of an answer is what it is about.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answered = any;

const CRECHE = '99900000000000';
const anAgent = (siret: string, ...roles: string[]): HubGrant =>
  aGrant({ subjects: [], office: { kind: 'agent', agent: { reference: `agent-of-${siret}`, siret, roles } } });
const requester = anAgent(CRECHE, 'requester');
const instructor = anAgent('99900000500012', 'instructor');
const stranger = anAgent('99900000000001', 'requester');

const input = {
  clientId: 'creche',
  purpose: 'parking-permit',
  scopes: [{ name: 'identite_pivot', justification: 'the permit is in the name of its holder' }],
  legalBasis: 'INFORMATION_L114_8',
  legalText: 'Délibération du 3 mars 2026',
  legalUrl: 'https://villeneuve.example/deliberation',
  retentionMonths: 12,
  callsPerMinute: 60,
  firstDay: '2026-11-01',
  lastDay: '2027-12-31',
  dpoContact: 'dpo@villeneuve.example',
};

const DRAFT = `mutation($input: HabilitationInput!, $id: ID) { draftHabilitation(input: $input, id: $id) { request { id state
  terms { scopes { name justification } callsPerMinute minimumAcr } } } }`;
const act = (name: string, because = '') => `mutation($id: ID!) { ${name}(id: $id${because}) { request { state reopening
  inForce { version } history { type agent siret reason } } } }`;
const BECAUSE = ', reason: "the legal text is missing"';

describeOnDatabases("agents' face", (databases) => {
  async function aRequest() {
    const hub = await aHubSubgraph(databases);
    const drafted = await hub.ask(DRAFT, { input }, requester);
    const { id } = (drafted.data as Answered).draftHabilitation.request as { id: string };
    const go = async (name: string, grant: HubGrant, because = '') => {
      const { data, errors } = await hub.ask(act(name, because), { id }, grant);
      return errors ? errors[0]!.extensions : (data as Answered)[name].request;
    };
    return { ...hub, drafted, id, go };
  }

  test('takes a request from draft to validation and back, and says who did what', async () => {
    const { go, drafted, ask, id, habilitations } = await aRequest();
    expect(drafted.data).toMatchObject({
      draftHabilitation: {
        request: {
          state: 'DRAFT',
          terms: {
            scopes: [{ name: 'identite_pivot', justification: 'the permit is in the name of its holder' }],
            ...{ callsPerMinute: 60, minimumAcr: 'EIDAS1' },
          },
        },
      },
    });
    expect(await go('submitHabilitation', requester)).toMatchObject({ state: 'SUBMITTED', inForce: null });
    expect(await go('requestHabilitationChanges', instructor, BECAUSE)).toMatchObject({ state: 'CHANGES_REQUESTED' });
    await ask(DRAFT, { id, input: { ...input, retentionMonths: 6 } }, requester);
    await go('submitHabilitation', requester);
    expect(await go('validateHabilitation', instructor)).toMatchObject({ state: 'VALIDATED', inForce: { version: 1 } });
    const inForce = () => habilitations.findHabilitation('creche' as never, 'parking-permit', '2026-11-23');
    expect(inForce()).toMatchObject({ retentionMonths: 6 });
    expect(await go('reopenHabilitation', requester)).toMatchObject({ reopening: true, inForce: { version: 1 } });
    const revoked = await go('revokeHabilitation', instructor, BECAUSE);
    expect(revoked).toMatchObject({ state: 'REVOKED', inForce: null });
    expect(revoked.history.at(-1)).toEqual({
      ...{ type: 'REVOKED', agent: 'agent-of-99900000500012', siret: '99900000500012' },
      reason: 'the legal text is missing',
    });
    expect(inForce()).toBeUndefined();
  });

  test('shows an agent the requests of their own body, and an instructor those that were handed in', async () => {
    const { ask, go, id } = await aRequest();
    const list = async (grant: HubGrant) => {
      const { data } = await ask('{ habilitationRequests { id } }', {}, grant);
      return (data as Answered).habilitationRequests.map((request: { id: string }) => request.id) as string[];
    };
    expect(await list(requester)).toContain(id);
    expect(await list(instructor)).not.toContain(id);
    expect(await list(stranger)).not.toContain(id);
    await go('submitHabilitation', requester);
    expect(await list(instructor)).toContain(id);
    expect((await ask('query($id: ID!) { habilitationRequest(id: $id) { id } }', { id }, stranger)).data).toEqual({
      habilitationRequest: null,
    });
  });

  test.each([
    ['an agent of another body hands it in', 'submitHabilitation', stranger, '', 'HUB_HABILITATION_UNKNOWN', undefined],
    ['an applicant validates', 'validateHabilitation', requester, '', 'HUB_HABILITATION_ACT_REFUSED', 'role'],
    ['a draft is reopened', 'reopenHabilitation', requester, '', 'HUB_HABILITATION_ACT_REFUSED', 'state'],
    ['a citizen hands it in', 'submitHabilitation', aGrant(), '', 'HUB_HABILITATION_ACT_REFUSED', 'role'],
    [
      'a service does',
      'submitHabilitation',
      aGrant({ office: { kind: 'service' } }),
      '',
      'HUB_HABILITATION_ACT_REFUSED',
      'role',
    ],
  ] as const)('changes nothing when %s', async (_, name, grant, because, code, detailKey) => {
    const { go, ask, id } = await aRequest();
    expect(await go(name, grant as HubGrant, because)).toMatchObject({ code, ...(detailKey && { detailKey }) });
    const { data } = await ask('query($id: ID!) { habilitationRequest(id: $id) { state } }', { id }, requester);
    expect(data).toEqual({ habilitationRequest: { state: 'DRAFT' } });
  });

  test.each([
    ['purpose', { purpose: 'my-data' }],
    ['scopes', { scopes: [{ name: 'hub_journal', justification: 'to see who looked' }] }],
    ['scopes', { scopes: [] }],
    ['justification', { scopes: [{ name: 'birthdate', justification: 'because' }] }],
    ['legalBasis', { legalBasis: 'RIGHT_OF_ACCESS_RGPD_15' }],
    ['legalUrl', { legalUrl: 'javascript:alert(1)' }],
    ['retentionJustification', { retentionMonths: 37 }],
    ['retentionMonths', { retentionMonths: 121 }],
    ['callsPerMinute', { callsPerMinute: 0 }],
    ['lastDay', { lastDay: '2026-11-22' }],
    ['lastDay', { lastDay: '2031-11-02' }],
    ['dpoContact', { dpoContact: 'nobody' }],
  ])('refuses a draft for its %s', async (detailKey, change) => {
    const { ask } = await aHubSubgraph(databases);
    const { errors } = await ask(DRAFT, { input: { ...input, ...change } }, requester);
    expect(errors![0]!.extensions).toMatchObject({ code: 'HUB_HABILITATION_INPUT_INVALID', detailKey });
  });

  test('refuses a draft for a service of another body in the words of one that nobody registered', async () => {
    const { ask } = await aHubSubgraph(databases);
    const codeFor = async (clientId: string) =>
      (await ask(DRAFT, { input: { ...input, clientId } }, requester)).errors![0]!.extensions['code'];
    expect([await codeFor('canteen'), await codeFor('nobody')]).toEqual(['HUB_SERVICE_UNKNOWN', 'HUB_SERVICE_UNKNOWN']);
  });

  test("a service's own page: contacts, return addresses, and a second secret before the first one ends", async () => {
    const { ask, habilitations } = await aHubSubgraph(databases);
    const account = '{ account { contact returnUrls secrets { since } history { type about agent } } secret }';
    const run = async (field: string, grant: HubGrant = requester) => {
      const { data, errors } = await ask(`mutation { m: ${field} ${account} }`, {}, grant);
      return errors ? errors[0]!.extensions : (data as Answered).m;
    };
    const first = await run('makeServiceSecret(clientId: "creche")');
    expect(first.secret).toMatch(/^[\w-]{43}$/);
    expect((await run('makeServiceSecret(clientId: "creche")')).account.secrets).toHaveLength(2);
    expect(await run('makeServiceSecret(clientId: "creche")')).toMatchObject({ detailKey: 'secrets' });
    expect((await run('endOlderServiceSecret(clientId: "creche")')).account.secrets).toHaveLength(1);
    await run('changeServiceContacts(clientId: "creche", address: "2 rue Neuve", contact: "n@creche.example")');
    const changed = await run('addReturnUrl(clientId: "creche", url: "https://creche.example/again")');
    expect(changed.account).toMatchObject({
      contact: 'n@creche.example',
      returnUrls: ['https://creche.example/again', 'https://creche.example/return'],
    });
    expect(changed.account.history.at(-1)).toEqual({
      ...{ type: 'RETURN_URL_ADDED', about: 'https://creche.example/again', agent: `agent-of-${CRECHE}` },
    });
    await run('removeReturnUrl(clientId: "creche", url: "https://creche.example/again")');
    expect(habilitations.getService('creche' as never)?.returnUrls).toEqual(['https://creche.example/return']);
    expect(await run('addReturnUrl(clientId: "creche", url: "http://creche.example/plain")')).toMatchObject({
      detailKey: 'url',
    });
    expect(await run('makeServiceSecret(clientId: "creche")', stranger)).toMatchObject({ code: 'HUB_SERVICE_UNKNOWN' });
    expect(JSON.stringify(await habilitations.listServiceActs('creche' as never))).not.toContain(first.secret);
  });

  test('an instructor registers a service with its first secret, once', async () => {
    const { ask, habilitations } = await aHubSubgraph(databases);
    const service = `{ clientId: "library", name: "Médiathèque", siret: "99900000000000", address: "1 place du Livre",
      contact: "donnees@livre.example", franceConnectClientId: "fc-library" }`;
    const register = (grant: HubGrant) =>
      ask(`mutation { registerService(input: ${service}) { account { service { name } } secret } }`, {}, grant);
    expect((await register(requester)).errors![0]!.extensions).toMatchObject({ detailKey: 'role' });
    expect((await register(instructor)).data).toMatchObject({
      registerService: { account: { service: { name: 'Médiathèque' } }, secret: expect.stringMatching(/^[\w-]{43}$/) },
    });
    expect(habilitations.findService('https://fc.example/api/v2', 'fc-library')?.clientId).toBe('library');
    expect((await register(instructor)).errors![0]!.extensions).toMatchObject({ detailKey: 'clientId' });
  });
});
