import { expect, test } from '@jest/globals';
import type { GrantSubject } from '../../../schema/grant.ts';
import type { ClientId } from '../../../gateway/platform/ids.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import { ANGELA, NOW, PAUL, aHubSubgraph, inDays } from './aHubSubgraph.ts';

const ASK = `mutation($input: RequestConsentInput!) { requestConsent(input: $input) {
  consentUrl consent { id status kind legalBasis scopes { name } requestedAt givenAt } } }`;
const READ = `query($id: ID!) { consentRequest(id: $id) {
  answerBefore retentionMonths returnTo consent { status service { name } purpose { label } scopes { name label } } } }`;
const ANSWER = `mutation($id: ID!, $accept: [String!], $refuse: Boolean) {
  answerConsentRequest(id: $id, accept: $accept, refuse: $refuse) {
    returnTo consent { status scopes { name } history { type at scopes { name } } } } }`;
const RENEW =
  'mutation($id: ID!, $at: DateTime!) { renewConsent(id: $id, expiresAt: $at) { consent { status expiresAt } } }';
const END = (act: string) => `mutation($id: ID!) { ${act}(id: $id) { consent { status } } }`;
const ACKNOWLEDGE =
  'mutation($input: GiveConsentInput!) { acknowledgeNotice(input: $input) { consent { id kind status } } }';
const ERASE = `mutation { eraseMyData { erased { kind count label(language: EN) }
  kept { kind count until why(language: EN) } } }`;
const RETURN_URL = 'https://creche.example/return';

describeOnDatabases('a request of consent', (databases) => {
  async function aSetting() {
    const setting = await aHubSubgraph(databases);
    const { ask, grant, subject } = setting;
    const byService = (clientId = 'creche', who: GrantSubject = subject(PAUL, [])) =>
      grant({ service: { clientId, siret: '99900000000000' }, subjects: [who] });
    const asPaul = grant();
    const asAngela = grant({ subjects: [subject(ANGELA, ['hub_autorisations'])] });
    const input = (change: object = {}) => ({
      input: {
        ...{ purpose: 'creche-place', scopes: ['cnaf_enfants', 'birth'], until: inDays(300) },
        ...{ returnUrl: RETURN_URL, state: 'af0ifjsldkj', ...change },
      },
    });
    async function request(change: object = {}, clientId = 'creche') {
      const { data, errors } = await ask(ASK, input(change), byService(clientId));
      if (errors) throw new Error(JSON.stringify(errors));
      const { requestConsent } = data as unknown as {
        requestConsent: { consentUrl: string; consent: { id: string } };
      };
      return { ...requestConsent, id: requestConsent.consent.id };
    }
    const open = async (clientId = 'creche', purpose = 'creche-place') =>
      (await setting.ledger.openConsents(PAUL, clientId as ClientId, purpose)).key;
    return { ...setting, byService, asPaul, asAngela, input, request, open };
  }

  const codeOf = (answer: { errors?: { extensions: Record<string, unknown> }[] }) =>
    answer.errors?.map(({ extensions }) => extensions['code']);

  test('gives the service an address with an id that cannot be guessed and nothing else in it, and opens nothing', async () => {
    const { request, open } = await aSetting();
    const [one, other] = [await request(), await request()];
    expect(one.consentUrl).toBe(`https://hub.example/portal/consents/${one.id}`);
    expect(one.id).toMatch(/^con_[\w-]{22}$/);
    expect(other.id).not.toBe(one.id);
    expect(one.consent).toMatchObject({ status: 'REQUESTED', kind: 'CONSENT', givenAt: null, requestedAt: inDays(0) });
    expect(await open()).toBe('');
  });

  test('shows the person who asks what, for how long and where the answer leads', async () => {
    const { ask, request, asPaul } = await aSetting();
    const { id } = await request();
    expect(await ask(READ, { id }, asPaul)).toMatchObject({
      data: {
        consentRequest: {
          answerBefore: inDays(30),
          retentionMonths: 12,
          returnTo: `${RETURN_URL}?state=af0ifjsldkj`,
          consent: { status: 'REQUESTED', service: { name: 'Service creche' }, scopes: [{}, {}, {}] },
        },
      },
    });
  });

  test('opens the accepted scopes and no others, and keeps what was asked in its history', async () => {
    const { ask, request, asPaul, open } = await aSetting();
    const { id } = await request();
    const answered = await ask(ANSWER, { id, accept: ['birth'] }, asPaul);
    expect(answered).toMatchObject({
      data: {
        answerConsentRequest: {
          returnTo: `${RETURN_URL}?state=af0ifjsldkj`,
          consent: {
            status: 'ACTIVE',
            scopes: [{ name: 'birthcountry' }, { name: 'birthplace' }],
            history: [{ type: 'REQUESTED', scopes: [{}, {}, { name: 'cnaf_enfants' }] }, { type: 'GIVEN' }],
          },
        },
      },
    });
    expect(await open()).toBe('birthcountry birthplace');
  });

  test('loses the service’s own note at the person’s word once it has ended; the proof stays, and the reply says why and until when', async () => {
    const { ask, request, grant, subject, db } = await aSetting();
    const inPortal = grant({ subjects: [subject(PAUL, ['hub_autorisations', 'hub_demarches'])] });
    const [waiting, refused] = [await request(), await request({ state: 'file-of-paul' })];
    await ask(ANSWER, { id: refused.id, refuse: true }, inPortal);
    expect(await ask(ERASE, {}, inPortal)).toEqual({
      data: {
        eraseMyData: {
          erased: [{ kind: 'REQUEST_NOTE', count: 1, label: expect.stringMatching(/^Notes of services/) }],
          kept: [
            { kind: 'CONSENT_IN_FORCE', count: 1, until: null, why: expect.stringMatching(/End them/) },
            { kind: 'CONSENT_ENDED', count: 1, until: '2031-11-23', why: expect.stringMatching(/article 2224/) },
            { kind: 'ACCESS_LOG', count: null, until: '2029-11-23', why: expect.stringMatching(/holds no value/) },
            { kind: 'SESSION', count: null, until: '2026-11-23', why: expect.stringMatching(/thirty minutes/) },
          ],
        },
      },
    });
    const notes = await db.selectFrom('consent_requests').select(['consent_id', 'state']).execute();
    expect(Object.fromEntries(notes.map(({ consent_id, state }) => [consent_id, state]))).toEqual({
      [waiting.id]: 'af0ifjsldkj',
      [refused.id]: null,
    });
    // Nothing else of a row lets itself be changed.
    await expect(db.updateTable('consent_requests').set({ return_url: 'https://x.example' }).execute()).rejects.toThrow(
      'append-only',
    );
    expect(await ask(READ, { id: refused.id }, inPortal)).toMatchObject({
      data: { consentRequest: { returnTo: RETURN_URL, consent: { status: 'REFUSED' } } },
    });
  });

  test('erases nothing at a service’s word', async () => {
    const { ask, request, asPaul, byService, subject, db } = await aSetting();
    const { id } = await request();
    await ask(ANSWER, { id, refuse: true }, asPaul);
    const service = byService('creche', subject(PAUL, ['hub_autorisations', 'hub_demarches']));
    expect(codeOf(await ask(ERASE, {}, service))).toEqual(['HUB_ERASURE_PORTAL_ONLY']);
    expect(await db.selectFrom('consent_requests').select('state').execute()).toEqual([{ state: 'af0ifjsldkj' }]);
  });

  test('opens nothing when all of it is refused', async () => {
    const { ask, request, asPaul, open } = await aSetting();
    const { id } = await request();
    expect(await ask(ANSWER, { id, refuse: true }, asPaul)).toMatchObject({
      data: { answerConsentRequest: { consent: { status: 'REFUSED' } } },
    });
    expect(await open()).toBe('');
  });

  test('counts one answer: a second one, at once or replayed, changes nothing', async () => {
    const { ask, request, asPaul, open } = await aSetting();
    const { id } = await request();
    const accept = { id, accept: ['birth'] };
    const both = [await ask(ANSWER, { id, refuse: true }, asPaul), await ask(ANSWER, accept, asPaul)];
    expect(codeOf(both[1]!)).toEqual(['HUB_CONSENT_REQUEST_OVER']);
    expect(await open()).toBe('');

    const { id: second } = await request();
    const atOnce = await Promise.all([
      ask(ANSWER, { id: second, accept: ['cnaf_enfants'] }, asPaul),
      ask(ANSWER, { id: second, refuse: true }, asPaul),
    ]);
    expect(atOnce.flatMap((answer) => codeOf(answer) ?? [])).toEqual(['HUB_CONSENT_REQUEST_OVER']);
  });

  test('is not for somebody else: neither read nor answered, and told in the words of one that never was', async () => {
    const { ask, request, asAngela, ledger, open } = await aSetting();
    const { id } = await request();
    const attempts = [
      await ask(READ, { id }, asAngela),
      await ask(ANSWER, { id, accept: ['birth'] }, asAngela),
      await ask(READ, { id: 'con_nobodys' }, asAngela),
    ];
    for (const attempt of attempts) {
      expect(codeOf(attempt)).toEqual(['HUB_CONSENT_NOT_YOURS']);
      expect(attempt.errors![0]!.message).toBe('This request is not for you.');
    }
    expect(await open()).toBe('');
    expect(await ledger.listConsents(ANGELA)).toEqual([]);
  });

  test('is answered by no service, whatever scopes its token came to hold', async () => {
    const { ask, request, byService, subject, open } = await aSetting();
    const { id } = await request();
    const greedy = byService('creche', subject(PAUL, ['hub_autorisations']));
    for (const act of [READ, ANSWER, END('withdrawConsent'), END('objectTo')]) {
      expect(codeOf(await ask(act, { id, accept: ['birth'] }, greedy))).toEqual(['HUB_CONSENT_PORTAL_ONLY']);
    }
    expect(codeOf(await ask(RENEW, { id, at: inDays(9) }, greedy))).toEqual(['HUB_CONSENT_PORTAL_ONLY']);
    expect(await open()).toBe('');
  });

  test('is over after 30 days, or when what it asks for would have ended', async () => {
    const { ask, request, asPaul, time, open } = await aSetting();
    const [{ id }, { id: short }] = [await request(), await request({ until: inDays(2) })];
    time.now = Date.parse(inDays(2));
    expect(codeOf(await ask(ANSWER, { id: short, accept: ['birth'] }, asPaul))).toEqual(['HUB_CONSENT_REQUEST_OVER']);
    time.now = Date.parse(inDays(30));
    expect(codeOf(await ask(ANSWER, { id, accept: ['birth'] }, asPaul))).toEqual(['HUB_CONSENT_REQUEST_OVER']);
    expect(await ask(READ, { id }, asPaul)).toMatchObject({
      data: { consentRequest: { consent: { status: 'EXPIRED' } } },
    });
    expect(await open()).toBe('');
  });

  test.each([
    ['an address that is not registered', { returnUrl: `${RETURN_URL}/` }, 'returnUrl'],
    ["another service's address", { returnUrl: 'https://canteen.example/return' }, 'returnUrl'],
    ['a state with a line feed', { state: 'a\nb' }, 'state'],
    ['a state without end', { state: 'a'.repeat(513) }, 'state'],
    ['a purpose it does not hold', { purpose: 'housing-file' }, 'purpose'],
    ['a scope beyond its habilitation', { scopes: ['dgfip_rfr'] }, 'scopes'],
    ['no scope', { scopes: [] }, 'scopes'],
    ['an end in the past', { until: inDays(-1) }, 'expiresAt'],
  ])('is not taken from a service for %s', async (_, change, detailKey) => {
    const { ask, input, byService, ledger } = await aSetting();
    const { errors } = await ask(ASK, input(change), byService());
    expect(errors).toMatchObject([{ extensions: { code: 'HUB_CONSENT_INPUT_INVALID', detailKey } }]);
    expect(await ledger.listConsents(PAUL)).toEqual([]);
  });

  test.each([
    ['more than was asked', { accept: ['cnaf_enfants', 'dgfip_rfr'] }],
    ['an unknown scope', { accept: ['no_such'] }],
    ['nothing, without saying that it refuses', {}],
    ['something, and all refused', { accept: ['birth'], refuse: true }],
  ])('takes no answer that accepts %s', async (_, answer) => {
    const { ask, request, asPaul, open } = await aSetting();
    const { id } = await request();
    const { errors } = await ask(ANSWER, { id, ...answer }, asPaul);
    expect(errors).toMatchObject([{ extensions: { code: 'HUB_CONSENT_INPUT_INVALID', detailKey: 'accept' } }]);
    expect(await open()).toBe('');
  });

  test('stops at twenty that wait for one person and purpose', async () => {
    const { ask, request, input, byService } = await aSetting();
    for (let count = 0; count < 20; count += 1) await request();
    const { errors } = await ask(ASK, input(), byService());
    expect(errors).toMatchObject([{ extensions: { code: 'HUB_CONSENT_INPUT_INVALID', detailKey: 'requests' } }]);
  });

  test('where the law is the basis is a notice: declined it is an objection, which no later login undoes', async () => {
    const { ask, request, asPaul, open, ledger, input, byService } = await aSetting();
    const canteen = {
      purpose: 'canteen-pricing',
      scopes: ['cnaf_enfants'],
      returnUrl: 'https://canteen.example/return',
    };
    const { id, consent } = await request(canteen, 'canteen');
    expect(consent).toMatchObject({ kind: 'NOTICE', legalBasis: 'INFORMATION_L114_8' });
    expect(await ask(ANSWER, { id, refuse: true }, asPaul)).toMatchObject({
      data: { answerConsentRequest: { consent: { status: 'OBJECTED' } } },
    });
    // The service asks once more, and the person logs in again without answering.
    expect((await ask(ASK, input(canteen), byService('canteen'))).errors).toBeUndefined();
    const notice = {
      ...{ subject: PAUL, clientId: 'canteen' as ClientId, purpose: 'canteen-pricing', expiresAt: inDays(30) },
      ...({ legalBasis: 'INFORMATION_L114_8', scopes: ['cnaf_enfants'] } as const),
    };
    expect(await ledger.giveNotice(notice)).toBeUndefined();
    expect(await open('canteen', 'canteen-pricing')).toBe('');

    const terms = { clientId: 'canteen', purpose: 'canteen-pricing', scopes: ['cnaf_enfants'], expiresAt: inDays(9) };
    expect(await ask(ACKNOWLEDGE, { input: terms }, asPaul)).toMatchObject({
      data: { acknowledgeNotice: { consent: { kind: 'NOTICE', status: 'ACTIVE' } } },
    });
    expect(await open('canteen', 'canteen-pricing')).toBe('cnaf_enfants');
  });

  test('renews a living consent to a later end, and never one that was withdrawn', async () => {
    const { ask, request, asPaul, asAngela, time, open } = await aSetting();
    const { id } = await request({ until: inDays(10) });
    await ask(ANSWER, { id, accept: ['birth'] }, asPaul);
    expect(codeOf(await ask(RENEW, { id, at: inDays(20) }, asAngela))).toEqual(['HUB_CONSENT_UNKNOWN']);
    expect(codeOf(await ask(RENEW, { id, at: inDays(9) }, asPaul))).toEqual(['HUB_CONSENT_INPUT_INVALID']);
    expect(await ask(RENEW, { id, at: inDays(20) }, asPaul)).toMatchObject({
      data: { renewConsent: { consent: { status: 'ACTIVE', expiresAt: inDays(20) } } },
    });
    time.now = NOW + 15 * 86_400_000;
    expect(await open()).toBe('birthcountry birthplace');
    await ask(END('withdrawConsent'), { id }, asPaul);
    expect(codeOf(await ask(RENEW, { id, at: inDays(30) }, asPaul))).toEqual(['HUB_CONSENT_UNKNOWN']);
    expect(await open()).toBe('');
  });

  test('objects to notices and withdraws consents, each by its own word', async () => {
    const { ask, request, asPaul, ledger } = await aSetting();
    const { id } = await request();
    await ask(ANSWER, { id, accept: ['birth'] }, asPaul);
    expect(codeOf(await ask(END('objectTo'), { id }, asPaul))).toEqual(['HUB_CONSENT_UNKNOWN']);
    const notice = (await ledger.giveNotice({
      ...{ subject: PAUL, clientId: 'canteen' as ClientId, purpose: 'canteen-pricing', expiresAt: inDays(30) },
      ...({ legalBasis: 'INFORMATION_L114_8', scopes: ['cnaf_enfants'] } as const),
    }))!;
    expect(await ask(END('objectTo'), { id: notice.id }, asPaul)).toMatchObject({
      data: { objectTo: { consent: { status: 'OBJECTED' } } },
    });
  });
});
