import { expect, test } from '@jest/globals';
import type { ClientId, SubjectKey } from '../../../gateway/platform/ids.ts';
import type { RelationProof } from '../../../gateway/platform/relations.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import { ANGELA, NOW, PAUL, aHubSubgraph, inDays, references } from './aHubSubgraph.ts';

const ASK = `mutation($input: RequestConsentInput!) { requestConsent(input: $input) {
  consentUrl consent { id status kind legalBasis askedByPartner subjects { role provenOn } } } }`;
const GIVE = `mutation($input: GiveConsentInput!) { giveConsent(input: $input) {
  consent { id status subjects { role provenOn } } } }`;
const ANSWER =
  'mutation($id: ID!, $accept: [String!]) { answerConsentRequest(id: $id, accept: $accept) { consent { status } } }';
const MINE = '{ me { consents { id status askedByPartner } } }';
const PORTAL_SIRET = '99900000000002';

const LOU = 'cccccccccccccccccccccccccccccc' as SubjectKey;
const ADA = 'dddddddddddddddddddddddddddddd' as SubjectKey;
type Relative = RelationProof['relatives'][number];

function relative(subject: SubjectKey, change: Partial<Relative> = {}): Relative {
  const pivot = {
    ...{ family_name: 'X', given_name: 'Y', birthdate: '2016-05-01', birthplace: '', birthcountry: '99109' },
    gender: 'female',
  } as const;
  return { subject, role: 'CHILD', pivot, parentalAuthority: true, standing: 'PRESENT', ...change };
}

function family(...relatives: readonly Relative[]): RelationProof {
  return { id: 'rel_1', provenOn: '2026-11-23', relatives };
}

const COUPLE = family(relative(LOU), relative(ANGELA, { role: 'SPOUSE', parentalAuthority: false }));

describeOnDatabases('whose data a consent is about', (databases) => {
  async function aSetting(relations?: RelationProof) {
    const setting = await aHubSubgraph(databases, relations);
    const { ask, grant, subject } = setting;
    const asPortal = (who: SubjectKey) =>
      grant({
        service: { clientId: 'portal', siret: PORTAL_SIRET },
        subjects: [subject(who, ['hub_autorisations'])],
      });
    const give = (subjects: unknown, change: object = {}) =>
      ask(
        GIVE,
        {
          input: {
            ...{ clientId: 'creche', purpose: 'creche-place', scopes: ['cnaf_enfants'], expiresAt: inDays(300) },
            ...{ subjects, ...change },
          },
        },
        asPortal(PAUL),
      );
    const request = (subjects: unknown, clientId = 'creche', purpose = 'creche-place') =>
      ask(
        ASK,
        {
          input: {
            ...{ purpose, scopes: ['cnaf_enfants'], until: inDays(300), subjects },
            returnUrl: `https://${clientId}.example/return`,
          },
        },
        grant({ service: { clientId, siret: '99900000000000' }, subjects: [subject(PAUL, [])] }),
      );
    const openTo = async (who: SubjectKey, clientId = 'creche', purpose = 'creche-place') =>
      setting.ledger.openConsents(who, clientId as ClientId, purpose);
    return { ...setting, asPortal, give, request, openTo };
  }

  const faultOf = (answer: { errors?: { extensions: Record<string, unknown> }[] }) =>
    answer.errors?.map(({ extensions }) => [extensions['code'], extensions['detailKey']]);
  const REFUSED = [['HUB_CONSENT_INPUT_INVALID', 'subjects']];

  test('is oneself, unless it is said: then civil status is not even asked', async () => {
    const { give, openTo } = await aSetting();
    expect(await give(undefined)).toMatchObject({
      data: { giveConsent: { consent: { subjects: [{ role: 'SELF', provenOn: null }] } } },
    });
    const { scopes, consented, children } = await openTo(PAUL);
    expect([[...scopes], [...consented], children.size]).toEqual([['cnaf_enfants'], ['cnaf_enfants'], 0]);
  });

  test('is a child under one’s authority, and then it opens nothing of one’s own; the proof and its day are kept', async () => {
    const { give, openTo, ledger } = await aSetting(COUPLE);
    expect(await give([{ role: 'CHILD' }])).toMatchObject({
      data: { giveConsent: { consent: { status: 'ACTIVE', subjects: [{ role: 'CHILD', provenOn: '2026-11-23' }] } } },
    });
    const { scopes, children } = await openTo(PAUL);
    expect([...scopes]).toEqual([]);
    expect([...children.get(LOU)!.open]).toEqual(['cnaf_enfants']);
    const [entry] = await ledger.listConsents(PAUL);
    expect(entry!.subjects).toEqual([{ role: 'CHILD', subject: LOU, proof: { id: 'rel_1', provenOn: '2026-11-23' } }]);
  });

  test('is one child of several, named as the service that asks names them', async () => {
    const { give, openTo } = await aSetting(family(relative(LOU), relative(ADA)));
    await give([{ role: 'CHILD', reference: references.referenceFor(ADA, `service:${PORTAL_SIRET}`) }]);
    expect([...(await openTo(PAUL)).children.keys()]).toEqual([ADA]);
  });

  test('is closed again with the consent, by child', async () => {
    const { give, openTo, ledger } = await aSetting(COUPLE);
    await give([{ role: 'CHILD' }]);
    const [{ id } = { id: '' as never }] = await ledger.listConsents(PAUL);
    await ledger.withdrawConsent(PAUL, id);
    const word = (await openTo(PAUL)).children.get(LOU)!;
    expect([[...word.open], [...word.declined]]).toEqual([[], ['cnaf_enfants']]);
  });

  test.each([
    ['nobody’s child', family()],
    ['without authority', family(relative(LOU, { parentalAuthority: false }))],
    ['of age', family(relative(LOU, { pivot: { ...relative(LOU).pivot, birthdate: '2008-11-23' } }))],
    ['maybe of age', family(relative(LOU, { pivot: { ...relative(LOU).pivot, birthdate: '2008' } }))],
    ['under protection', family(relative(LOU, { standing: 'PROTECTED' }))],
    ['dead', family(relative(LOU, { standing: 'DECEASED' }))],
  ])('is refused for a child %s, in the same words', async (_who, relations) => {
    const { give, ledger } = await aSetting(relations);
    expect(faultOf(await give([{ role: 'CHILD' }]))).toEqual(REFUSED);
    const reference = references.referenceFor(LOU, `service:${PORTAL_SIRET}`);
    expect(faultOf(await give([{ role: 'CHILD', reference }]))).toEqual(REFUSED);
    expect(await ledger.listConsents(PAUL)).toEqual([]);
  });

  test('is not taken on trust while civil status does not answer', async () => {
    const { give, ledger } = await aSetting(undefined);
    expect(faultOf(await give([{ role: 'CHILD' }]))).toEqual([['HUB_AGENCY_UNAVAILABLE', undefined]]);
    expect(await ledger.listConsents(PAUL)).toEqual([]);
  });

  test('is never one’s partner’s to give; a request for their data is put before themself', async () => {
    const { ask, give, request, asPortal, openTo } = await aSetting(COUPLE);
    expect(faultOf(await give([{ role: 'SPOUSE' }]))).toEqual(REFUSED);
    expect(faultOf(await request([{ role: 'SELF' }, { role: 'SPOUSE' }]))).toEqual(REFUSED);
    const asked = (await request([{ role: 'SPOUSE' }])) as never as {
      data: { requestConsent: { consent: { id: string } } };
    };
    const { id } = asked.data.requestConsent.consent;
    expect(faultOf(await ask(ANSWER, { id, accept: ['cnaf_enfants'] }, asPortal(PAUL)))).toEqual([
      ['HUB_CONSENT_NOT_YOURS', undefined],
    ]);
    expect(await ask(MINE, {}, asPortal(PAUL))).toMatchObject({ data: { me: { consents: [] } } });
    expect(await ask(MINE, {}, asPortal(ANGELA))).toMatchObject({
      data: { me: { consents: [{ id, status: 'REQUESTED', askedByPartner: true }] } },
    });
    expect([...(await openTo(ANGELA)).consented]).toEqual([]);
    await ask(ANSWER, { id, accept: ['cnaf_enfants'] }, asPortal(ANGELA));
    expect([...(await openTo(ANGELA)).consented]).toEqual(['cnaf_enfants']);
  });

  test('takes the partner’s consent where the law would only have informed', async () => {
    const { ask, request, asPortal, openTo } = await aSetting(COUPLE);
    const asked = (await request([{ role: 'SPOUSE' }], 'canteen', 'canteen-pricing')) as never as {
      data: { requestConsent: { consent: { id: string } } };
    };
    expect(asked.data.requestConsent.consent).toMatchObject({ kind: 'CONSENT', legalBasis: 'CONSENT_RGPD_6_1_A' });
    const { id } = asked.data.requestConsent.consent;
    expect(await ask(ANSWER, { id, accept: ['cnaf_enfants'] }, asPortal(ANGELA))).toMatchObject({
      data: { answerConsentRequest: { consent: { status: 'ACTIVE' } } },
    });
    expect([...(await openTo(ANGELA, 'canteen', 'canteen-pricing')).consented]).toEqual(['cnaf_enfants']);
  });

  test('says the last word said by scope: what was declined opens again with a later yes', async () => {
    const { give, openTo, ledger, time } = await aSetting(COUPLE);
    await give(undefined);
    await ledger.withdrawConsent(PAUL, (await ledger.listConsents(PAUL))[0]!.id);
    expect([...(await openTo(PAUL)).declined]).toEqual(['cnaf_enfants']);
    time.now = NOW + 1000;
    await give(undefined);
    expect([...(await openTo(PAUL)).declined]).toEqual([]);
  });
});
