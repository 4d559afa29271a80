import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createFrance, getPerson } from '../../sandbox/seed/france.ts';
import { pivotOf } from '../../sandbox/seed/people.ts';
import type { Tables } from '../../subgraphs/family/tables.ts';
import { readCitizensLog } from '../support/citizensLog.ts';
import { acknowledgeNotice, requestConsent } from '../support/ledgerActs.ts';
import { reapprove } from '../support/reapprove.ts';
import { startHub, type AgencyRequest, type HubAnswer, type RunningHub, type Visit } from '../support/runningHub.ts';
import { until } from '../support/until.ts';

/* People and those near them, through one form each: a story per family. The clock stands on the eve of a son's eighteenth birthday. */

const EVE = Date.UTC(2026, 5, 7, 21, 50);
/** Midnight in Paris, on 8 June 2026. */
const MIDNIGHT = Date.UTC(2026, 5, 7, 22, 0);
const HOUSING = { clientId: 'housing', purpose: 'housing-file' };
const CANTEEN = { clientId: 'canteen', purpose: 'canteen-pricing' };

let hub: RunningHub;
let now = EVE;

beforeAll(async () => {
  hub = await startHub({ clock: () => now });
}, 60_000);
afterAll(() => hub.close());

const inAYear = (): string => new Date(now + 360 * 86_400_000).toISOString();
const atHousing = (persona: string): Visit => ({ persona, service: 'housing' });
const atPortal = (persona: string): Visit => ({ persona, service: 'portal' });

async function acknowledge(persona: string): Promise<string> {
  const income = ['dgfip_rfr', 'dgfip_annee_n_moins_1'];
  const scopes = ['etatcivil_filiation', 'etatcivil_union', 'birthdate', 'cnaf_enfants', ...income];
  const { data } = await acknowledgeNotice(hub, persona, { ...HOUSING, scopes, until: inAYear() });
  return (data as { acknowledgeNotice: { consent: { id: string } } }).acknowledgeNotice.consent.id;
}

const refusalsOf = ({ errors }: HubAnswer): readonly string[] =>
  errors.map(({ path, extensions }) => `${path!.join('.')} ${extensions['reason']} ${extensions['subject']}`);

/** What agencies were asked, the hub's own proof left out: it is told apart by its grant. */
function takeQuestions(): readonly AgencyRequest[] {
  return hub.takeRequests().filter(({ grant }) => grant?.service.clientId !== 'hub');
}

describe('a couple and the canteen’s form, which prices by both incomes', () => {
  const SCOPES = ['identite_pivot', 'etatcivil_union', 'dgfip_rfr', 'dgfip_annee_n_moins_1'];
  const atCanteen = (persona: string): Visit => ({ persona, service: 'canteen', scopes: SCOPES });

  beforeAll(async () => {
    // Whose partner somebody is the sandbox's canteen does not ask: this one has been approved to.
    await reapprove(hub.database, 'hab-canteen-1', ({ scopes }) => ({ scopes: [...scopes, 'etatcivil_union'] }));
    const notice = { ...CANTEEN, scopes: SCOPES, until: inAYear() };
    const isInformed = async () => (await acknowledgeNotice(hub, 'dupont-paul', notice)).errors.length === 0;
    await until('the hub has heard of what the canteen may ask now', isInformed);
  });

  const QUESTION =
    '{ me { civilStatus { union { kind partner { id taxAssessment(incomeYear: 2025) { referenceTaxIncome } } } } } }';
  const AT_HER_INCOME = 'me.civilStatus.union.partner.taxAssessment';
  interface Union {
    readonly kind: string;
    readonly partner: { readonly taxAssessment: { readonly referenceTaxIncome: number } | null };
  }
  const unionIn = ({ data }: HubAnswer) => (data as { me: { civilStatus: { union: Union } } }).me.civilStatus.union;
  let requestId: string;

  test('before she has said anything, her income is null, nobody is asked about her, and it is said whose word is missing', async () => {
    hub.takeRequests();
    const answer = await hub.ask(QUESTION, atCanteen('dupont-paul'));
    expect(unionIn(answer)).toMatchObject({ kind: 'MARRIAGE', partner: { taxAssessment: null } });
    expect(refusalsOf(answer)).toEqual([`${AT_HER_INCOME} CONSENT_REQUIRED SPOUSE`]);
    expect(new URL(String(answer.errors[0]!.extensions['consentUrl'])).searchParams.get('subject')).toBe('SPOUSE');
    expect(takeQuestions().map(({ agency }) => agency)).toEqual(['civil-status']);
  });

  test('a service may put the question before her, in her own session; it is not his to answer', async () => {
    const consent = await requestConsent(hub, atCanteen('dupont-paul'), {
      ...{ purpose: CANTEEN.purpose, scopes: ['dgfip_rfr', 'dgfip_annee_n_moins_1'], until: inAYear() },
      subjects: [{ role: 'SPOUSE' }],
    });
    expect(consent).toMatchObject({ status: 'REQUESTED', kind: 'CONSENT' });
    requestId = consent.id;
    const his = await answerRequest('dupont-paul');
    expect(his.errors.map(({ extensions }) => extensions['code'])).toEqual(['HUB_CONSENT_NOT_YOURS']);
    expect(unionIn(await hub.ask(QUESTION, atCanteen('dupont-paul'))).partner.taxAssessment).toBeNull();
  });

  const answerRequest = (persona: string): Promise<HubAnswer> =>
    hub.ask(
      {
        query: `mutation ($id: ID!) { answerConsentRequest(id: $id, accept: ["dgfip_rfr", "dgfip_annee_n_moins_1"]) {
          consent { status } } }`,
        variables: { id: requestId },
      },
      atPortal(persona),
    );

  test('when she has accepted, it is served, by a question about her alone and for what she opened alone', async () => {
    expect((await answerRequest('dupont-angela')).errors).toEqual([]);
    hub.takeRequests();
    const answer = await hub.ask(QUESTION, atCanteen('dupont-paul'));
    expect(answer.errors).toEqual([]);
    expect(unionIn(answer).partner.taxAssessment).toEqual({ referenceTaxIncome: expect.any(Number) });
    const income = takeQuestions().find(({ agency }) => agency === 'income');
    expect(income!.grant!.subjects.map(({ role, scopes }) => [role, [...scopes].sort()])).toEqual([
      ['SPOUSE', ['dgfip_annee_n_moins_1', 'dgfip_rfr']],
    ]);
    expect(income!.grant!.subjects[0]!.pivot.given_name).toMatch(/^Angela/);
  });

  test('she reads in her own log who asked, for whom she spoke, and that the hub asked whose wife she is', async () => {
    const lines = await readCitizensLog(hub, 'dupont-angela');
    const roles = lines.map(({ role, agency, service }) => `${role} ${service.clientId} ${agency.id}`);
    expect(roles).toContain('SPOUSE canteen income');
    expect(roles).toContain('SYSTEM hub civil-status');
  });

  test('when she withdraws it, the next question is refused', async () => {
    const query = 'mutation ($id: ID!) { withdrawConsent(id: $id) { consent { status } } }';
    await hub.ask({ query, variables: { id: requestId } }, atPortal('dupont-angela'));
    const answer = await hub.ask(QUESTION, atCanteen('dupont-paul'));
    expect(refusalsOf(answer)).toEqual([`${AT_HER_INCOME} CONSENT_REQUIRED SPOUSE`]);
  });
});

describe('a separated father', () => {
  const QUESTION =
    '{ me { civilStatus { children { parentalAuthority child { id civilStatus { birthDate } taxAssessment(incomeYear: 2025) { referenceTaxIncome } } } } } }';
  interface Child {
    readonly parentalAuthority: boolean;
    readonly child: { readonly civilStatus: { readonly birthDate: string } | null };
  }
  const childrenIn = ({ data }: HubAnswer) =>
    (data as { me: { civilStatus: { children: Child[] } } }).me.civilStatus.children.map(
      ({ child, parentalAuthority }) => [parentalAuthority, child.civilStatus?.birthDate],
    );
  const AT = 'me.civilStatus.children';

  test('reads of the children under his authority, a minor of 17 too, and of the others that they are there', async () => {
    await acknowledge('bernanrd-julien');
    hub.takeRequests();
    const answer = await hub.ask(QUESTION, atHousing('bernanrd-julien'));
    expect(childrenIn(answer)).toEqual([
      [false, undefined],
      [true, '2008-06-08'],
      [true, '2017-09-01'],
    ]);
    expect(refusalsOf(answer)).toEqual([
      `${AT}.0.child.civilStatus SUBJECT_NOT_COVERED CHILD`,
      `${AT}.0.child.taxAssessment SUBJECT_NOT_COVERED CHILD`,
    ]);
    const named = takeQuestions().map(({ agency, grant, variables }) => [
      agency,
      grant!.subjects.map(({ pivot }) => pivot.given_name.split(' ')[0]).sort(),
      (variables['representations'] as unknown[]).length,
    ]);
    expect(named).toEqual([
      ['civil-status', ['Julien', 'Maxime', 'Thomas'], 1],
      ['income', ['Maxime', 'Thomas'], 2],
    ]);
  });

  test('who wants all or nothing gets nothing for one child of three, and is told which', async () => {
    const answer = await hub.ask(QUESTION, atHousing('bernanrd-julien'), { 'Hub-Mode': 'reject' });
    expect(answer.data).toBeNull();
    expect(answer.errors.map(({ path, extensions }) => `${extensions['code']} ${path?.join('.')}`)).toEqual([
      'HUB_OPERATION_REJECTED undefined',
      `UNAUTHORIZED_FIELD_OR_TYPE ${AT}.0.child.civilStatus`,
      `UNAUTHORIZED_FIELD_OR_TYPE ${AT}.0.child.taxAssessment`,
    ]);
  });

  test('reads nothing of the elder from the first moment of the eighteenth birthday in Paris, with the same token', async () => {
    const token = await hub.token(atHousing('bernanrd-julien'));
    now = MIDNIGHT - 1;
    expect(childrenIn(await hub.ask(QUESTION, { token }))[1]).toEqual([true, '2008-06-08']);
    now = MIDNIGHT;
    hub.takeRequests();
    const answer = await hub.ask(QUESTION, { token });
    expect(childrenIn(answer)).toEqual([
      [false, undefined],
      [false, undefined],
      [true, '2017-09-01'],
    ]);
    const names = takeQuestions().flatMap(({ grant }) => grant!.subjects.map(({ pivot }) => pivot.given_name));
    expect(names.filter((name) => name.startsWith('Thomas'))).toEqual([]);
  });
});

describe('a minor from 15 on', () => {
  const QUESTION = '{ me { civilStatus { children { child { civilStatus { birthDate givenNames } } } } } }';
  const named = async (): Promise<string> => (await hub.ask(QUESTION, atHousing('boucher-corentin'))).text;

  test('is spoken for by a parent until she says no herself: what either declines stays closed', async () => {
    await acknowledge('boucher-corentin');
    expect((await named()).match(/2010-08-05/g)).toHaveLength(2);
    await objectAsZoe();
    expect((await named()).match(/2010-08-05/g)).toHaveLength(1);
  });

  /** Zoé herself, by FranceConnect: she has no place among the personas, since children have none. */
  async function objectAsZoe(): Promise<void> {
    const pivot = pivotOf(getPerson(createFrance(), 'boucher-zoe'));
    const claims = { ...pivot, birthdate: '2010-08-05' };
    const { id } = await requestConsent(
      hub,
      { ...atHousing('boucher-corentin'), claims },
      { purpose: HOUSING.purpose, scopes: ['birthdate'], until: inAYear() },
    );
    const query = 'mutation ($id: ID!) { answerConsentRequest(id: $id, refuse: true) { consent { status } } }';
    const answer = await hub.ask({ query, variables: { id } }, { ...atPortal('boucher-corentin'), claims });
    expect(answer.data).toEqual({ answerConsentRequest: { consent: { status: 'OBJECTED' } } });
  }
});

describe('who is absent', () => {
  const LUCIES_LINE = { nom_naissance: 'ROCHER', prenoms: 'LUCIE', date_naissance: '2011-05-14', sexe: 'F' };

  test('a daughter under a protection order: no line, no error, nothing of her in what agencies are asked', async () => {
    await acknowledge('martin-pierre');
    hub.takeRequests();
    const answer = await hub.ask(
      '{ me { civilStatus { children { child { id civilStatus { birthDate } } } } } }',
      atHousing('martin-pierre'),
    );
    expect(answer.errors.map(({ extensions }) => extensions['reason'])).toEqual(['SUBJECT_NOT_COVERED']);
    expect((answer.data as { me: { civilStatus: { children: unknown[] } } }).me.civilStatus.children).toHaveLength(3);
    expect(JSON.stringify(takeQuestions().map(({ grant }) => grant))).not.toMatch(/rocher|Lucie/i);
  });

  const ADDRESSES =
    '{ me { familyFile { quotient { value } declaredAddress { city } declaredAddressSince } addresses { declaredOn } ' +
    'taxResidence { since } taxAssessment(incomeYear: 2025) { taxedAddress { city } } } }';

  test('every address in the files of a father whose daughter is protected: no value, no error, and no agency is asked for one', async () => {
    hub.takeRequests();
    const answer = await hub.ask(ADDRESSES, atPortal('martin-pierre'));
    expect(answer.errors).toEqual([]);
    expect(answer.data).toMatchObject({
      me: {
        familyFile: { quotient: { value: expect.any(Number) }, declaredAddress: null, declaredAddressSince: null },
        ...{ addresses: null, taxResidence: null, taxAssessment: { taxedAddress: null } },
      },
    });
    const questions = takeQuestions();
    expect(questions.map(({ agency }) => agency)).not.toContain('address');
    expect(questions.map(({ body }) => body.split('"extensions"')[0]).join()).not.toMatch(/address|residence/i);
    const fields = (await readCitizensLog(hub, 'martin-pierre')).flatMap((line) => line.fields);
    expect(fields).toContainEqual(
      expect.objectContaining({ coordinate: 'FamilyFile.declaredAddress', outcome: 'ABSENT', reason: 'NOT_AVAILABLE' }),
    );
  });

  test('her line in the file of the father, should the fund still print it: the names that he knows, and nothing by which to find her', async () => {
    await acknowledge('martin-pierre');
    // The fund knows of no order, and its file is the father's own.
    const fund = await hub.database.forOwner<Tables>('agency_family');
    const { numUpdatedRows } = await fund
      .updateTable('family_file')
      .set({ payload: sql<string>`jsonb_set(payload, '{enfants,3}', ${JSON.stringify(LUCIES_LINE)}::jsonb)` })
      .where(sql<boolean>`payload -> 'enfants' @> '[{"prenoms": "NOAH"}]'`)
      .executeTakeFirst();
    expect(numUpdatedRows).toBe(1n);
    hub.takeRequests();
    const answer = await hub.ask(
      `{ me { familyFile { declaredAddress { city } children {
        ageBracket birthName givenNames birthDate gender
        person { id civilStatus { birthDate } addresses { address { city } } familyFile { quotient { value } } } } } } }`,
      atHousing('martin-pierre'),
    );
    const { familyFile } = (answer.data as { me: { familyFile: { declaredAddress: null; children: object[] } } }).me;
    expect(familyFile.declaredAddress).toBeNull();
    expect(familyFile.children).toHaveLength(4);
    expect(familyFile.children[3]).toEqual({
      ...{ ageBracket: 'FROM_15_TO_17', birthName: 'ROCHER', givenNames: ['LUCIE'], birthDate: '2011-05-14' },
      ...{ gender: 'FEMALE', person: null },
    });
    // As of a child of whom civil status knows nothing: no error tells one from the other.
    expect(answer.errors.filter(({ path }) => path!.includes(3))).toEqual([]);
    const questions = takeQuestions();
    expect(JSON.stringify(questions.map(({ grant }) => grant))).not.toMatch(/rocher|lucie/i);
    expect(questions.find(({ agency }) => agency === 'family')!.body.split('"extensions"')[0]).not.toMatch(/address/i);
  });

  test('nothing of all this for a father of whom nobody is protected', async () => {
    const answer = await hub.ask(ADDRESSES, atPortal('dupont-paul'));
    expect(answer.errors).toEqual([]);
    expect(answer.data).toMatchObject({ me: { familyFile: { declaredAddress: { city: expect.any(String) } } } });
  });

  test('an address of which nobody can tell, since civil status does not: an agency that is silent, and the rest is served', async () => {
    hub.misbehave('civil-status', (response, { grant }) => {
      if (grant?.service.clientId === 'hub') response.destroy();
    });
    now += 120_000;
    const answer = await hub.ask(ADDRESSES, atPortal('dupont-paul'));
    hub.misbehave('civil-status', undefined);
    expect(answer.data).toMatchObject({
      me: { familyFile: { quotient: { value: expect.any(Number) }, declaredAddress: null }, addresses: null },
    });
    expect(answer.errors.map(({ path, extensions }) => `${path!.join('.')} ${extensions['code']}`)).toContain(
      'me.familyFile.declaredAddress HUB_AGENCY_UNAVAILABLE',
    );
  });

  test('a late husband: null, without a word', async () => {
    await acknowledge('placard-elsa');
    const query = '{ me { civilStatus { union { kind partner { id civilStatus { birthDate } } } } } }';
    const answer = await hub.ask(query, atHousing('placard-elsa'));
    expect(answer.errors).toEqual([]);
    expect(answer.data).toMatchObject({ me: { civilStatus: { union: { partner: null } } } });
  });
});

describe('a line of the family file', () => {
  test('is the caller’s proven child, and read as such; a stepchild is a line and no more', async () => {
    await acknowledge('placard-elsa');
    const query = '{ me { familyFile { children { ageBracket person { civilStatus { birthDate } } } } } }';
    const answer = await hub.ask(query, atHousing('placard-elsa'));
    expect(answer.errors).toEqual([]);
    expect((answer.data as { me: { familyFile: { children: unknown[] } } }).me.familyFile.children).toEqual([
      { ageBracket: 'ADULT', person: null },
      { ageBracket: 'ADULT', person: null },
      { ageBracket: 'UNDER_3', person: { civilStatus: { birthDate: '2025-02-02' } } },
    ]);
  });

  test('says of somebody unknown to the hub nothing at all, not that their agency refused what the one beside them is asked for', async () => {
    const query = '{ me { familyFile { children { person { id familyFile { quotient { value } } } } } } }';
    const answer = await hub.ask(query, atHousing('placard-elsa'));
    expect((answer.data as { me: { familyFile: { children: unknown[] } } }).me.familyFile.children).toEqual([
      { person: null },
      { person: null },
      { person: { id: expect.any(String), familyFile: null } },
    ]);
    expect(answer.errors.filter(({ path }) => path![3] !== 2)).toEqual([]);
  });
});

describe('when civil status does not answer the hub', () => {
  test('relatives are refused, and the caller’s own is served', async () => {
    await acknowledge('gautier-emilie');
    hub.misbehave('civil-status', (response, { grant }) => {
      if (grant?.service.clientId === 'hub') response.destroy();
    });
    const query =
      '{ me { familyFile { children { ageBracket person { id taxAssessment(incomeYear: 2025) { referenceTaxIncome } } } } } }';
    const answer = await hub.ask(query, atHousing('gautier-emilie'));
    hub.misbehave('civil-status', undefined);
    expect(answer.data).toMatchObject({
      me: { familyFile: { children: [{ ageBracket: expect.any(String), person: null }, {}] } },
    });
    expect(answer.errors).toEqual([]);
  });
});

describe('a consent withdrawn between two fetches of one request', () => {
  test('closes what was still to be asked, with its own reason; what had been read is served', async () => {
    const id = await acknowledge('dupont-marie');
    const query = 'mutation ($id: ID!) { objectTo(id: $id) { consent { status } } }';
    hub.misbehave('civil-status', async (response, { body, grant }) => {
      if (grant?.service.clientId !== 'hub') await hub.ask({ query, variables: { id } }, atPortal('dupont-marie'));
      const real = await fetch(hub.agencyUrls['civil-status']!, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      response.writeHead(real.status, { 'content-type': 'application/json' }).end(await real.text());
    });
    hub.takeRequests();
    const answer = await hub.ask(
      `{ me { civilStatus { birthDate children { child { taxAssessment(incomeYear: 2025) { referenceTaxIncome } } } } } }`,
      atHousing('dupont-marie'),
    );
    hub.misbehave('civil-status', undefined);
    expect(answer.data).toMatchObject({
      me: { civilStatus: { birthDate: '1988-03-01', children: [{ child: { taxAssessment: null } }, {}] } },
    });
    expect(refusalsOf(answer)).toEqual(
      [0, 1].map((at) => `me.civilStatus.children.${at}.child.taxAssessment CONSENT_WITHDRAWN CHILD`),
    );
    expect(takeQuestions().map(({ agency }) => agency)).toEqual(['civil-status']);
  });
});
