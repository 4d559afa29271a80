import { expect, test } from '@jest/globals';
import { describeOnDatabases } from '../../support/databases.ts';
import { aGrant, aHubSubgraph, aSubject, ANGELA, inDays, PAUL } from './aHubSubgraph.ts';

const REQUEST = `mutation($input: RequestConsentInput!) { requestConsent(input: $input) { consentUrl consent { id status } } }`;
const READ = `query($id: ID!) { consentRequest(id: $id) { consent { status scopes { name } } returnTo } }`;
const ANSWER = `mutation($id: ID!, $accept: [String!]!, $refuse: Boolean!) {
  answerConsentRequest(id: $id, accept: $accept, refuse: $refuse) { consent { status } returnTo } }`;
const creche = aGrant({
  service: { clientId: 'creche', siret: '99900000000000' },
  subjects: [],
  office: { kind: 'service' },
});
const portalOf = (subject: typeof PAUL) => aGrant({ subjects: [aSubject(subject, ['hub_autorisations'])] });

describeOnDatabases('a link of consent', (databases) => {
  async function aLink(until = inDays(90)) {
    const hub = await aHubSubgraph(databases);
    const input = {
      ...{ purpose: 'creche-place', scopes: ['cnaf_enfants', 'birthplace'], until, state: 'folder-12' },
      returnUrl: 'https://creche.example/return',
    };
    const { data, errors } = await hub.ask(REQUEST, { input }, creche);
    if (errors) throw new Error(JSON.stringify(errors));
    const { consent, consentUrl } = data!['requestConsent'] as unknown as {
      consent: { id: string; status: string };
      consentUrl: string;
    };
    const read = (subject: typeof PAUL) => hub.ask(READ, { id: consent.id }, portalOf(subject));
    const answer = (subject: typeof PAUL, accept: readonly string[]) =>
      hub.ask(ANSWER, { id: consent.id, accept, refuse: accept.length === 0 }, portalOf(subject));
    const openOf = (subject: typeof PAUL) => hub.ledger.openConsents(subject, 'creche' as never, 'creche-place');
    return { ...hub, input, consent, consentUrl, read, answer, openOf, portal: portalOf };
  }
  const codes = (reply: { errors?: { extensions: Record<string, unknown> }[] }) =>
    reply.errors?.map(({ extensions }) => extensions['code']);

  test('names nobody and opens nothing, whoever looks at it', async () => {
    const { consent, consentUrl, read, openOf, db } = await aLink();
    expect(consent.status).toBe('REQUESTED');
    expect(consentUrl).toBe(`https://hub.example/portal/consents/${consent.id}`);
    expect(consent.id).toMatch(/^con_[\w-]{22}$/);
    for (const subject of [ANGELA, PAUL, ANGELA]) {
      expect((await read(subject)).data).toEqual({
        consentRequest: {
          consent: { status: 'REQUESTED', scopes: [{ name: 'birthplace' }, { name: 'cnaf_enfants' }] },
          returnTo: 'https://creche.example/return?state=folder-12',
        },
      });
    }
    expect([...(await openOf(PAUL)).scopes]).toEqual([]);
    expect(await db.selectFrom('consent_events').selectAll().execute()).toEqual([]);
  });

  test('belongs to the first who answers; to anybody else it is not for them from then on', async () => {
    const { answer, read, openOf } = await aLink();
    expect((await answer(PAUL, ['birthplace'])).data).toMatchObject({
      answerConsentRequest: { consent: { status: 'ACTIVE' }, returnTo: expect.stringContaining('state=folder-12') },
    });
    expect([...(await openOf(PAUL)).scopes]).toEqual(['birthplace']);
    expect(codes(await read(ANGELA))).toEqual(['HUB_CONSENT_NOT_YOURS']);
    expect(codes(await answer(ANGELA, ['birthplace']))).toEqual(['HUB_CONSENT_NOT_YOURS']);
    expect(codes(await answer(PAUL, ['cnaf_enfants']))).toEqual(['HUB_CONSENT_REQUEST_OVER']);
    expect([...(await openOf(ANGELA)).scopes]).toEqual([]);
  });

  test('is one of two persons, never both, when they answer in the same moment', async () => {
    const { answer, openOf } = await aLink();
    const answers = await Promise.all([answer(PAUL, ['birthplace']), answer(ANGELA, ['birthplace'])]);
    expect(answers.map(codes).sort()).toEqual([['HUB_CONSENT_NOT_YOURS'], undefined]);
    const opened = await Promise.all([PAUL, ANGELA].map(async (subject) => (await openOf(subject)).scopes.size));
    expect(opened.sort()).toEqual([0, 1]);
  });

  test('ends with its time', async () => {
    const { answer, time, read } = await aLink(inDays(60));
    time.now += 31 * 86_400_000;
    expect((await read(PAUL)).data).toMatchObject({ consentRequest: { consent: { status: 'EXPIRED' } } });
    expect(codes(await answer(PAUL, ['birthplace']))).toEqual(['HUB_CONSENT_REQUEST_OVER']);
  });

  test('asks no more than the service was approved for, and leads back to its own addresses alone', async () => {
    const { ask } = await aLink();
    const good = {
      purpose: 'creche-place',
      scopes: ['birthplace'],
      until: inDays(1),
      returnUrl: 'https://creche.example/return',
    };
    const refused = async (change: object) =>
      (await ask(REQUEST, { input: { ...good, ...change } }, creche)).errors![0]!.extensions['detailKey'];
    expect(await refused({ scopes: ['dgfip_rfr'] })).toBe('scopes');
    expect(await refused({ purpose: 'canteen-pricing' })).toBe('purpose');
    expect(await refused({ returnUrl: 'https://creche.example/elsewhere' })).toBe('returnUrl');
  });

  test('is about whoever answers it and nobody near them: of whom nobody knows who they are, nobody knows the relatives', async () => {
    const { ask, db, input, openOf, portal } = await aLink();
    const requestFor = (subjects: readonly object[]) => ask(REQUEST, { input: { ...input, subjects } }, creche);
    for (const subjects of [
      [{ role: 'CHILD' }],
      [{ role: 'SELF' }, { role: 'CHILD' }],
      [{ role: 'SPOUSE' }],
      [{ role: 'CHILD', reference: 'AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA' }],
    ]) {
      const { errors } = await requestFor(subjects);
      expect(errors!.map(({ extensions }) => [extensions['code'], extensions['detailKey']])).toEqual([
        ['HUB_CONSENT_INPUT_INVALID', 'subjects'],
      ]);
    }
    expect(await db.selectFrom('consent_links').selectAll().execute()).toHaveLength(1);
    const { data } = await requestFor([{ role: 'SELF' }]);
    const { id } = (data!['requestConsent'] as unknown as { consent: { id: string } }).consent;
    await ask(ANSWER, { id, accept: ['birthplace'], refuse: false }, portal(PAUL));
    const { scopes, children } = await openOf(PAUL);
    expect([[...scopes], children.size]).toEqual([['birthplace'], 0]);
  });
});
