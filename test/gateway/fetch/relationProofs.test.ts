import { describe, expect, test } from '@jest/globals';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import type { ClientId, RequestId, SubjectKey } from '../../../gateway/platform/ids.ts';
import { createLog } from '../../../gateway/platform/log.ts';
import { createSubjectKeyOf } from '../../../gateway/platform/subjectKey.ts';
import type { AccessEntry } from '../../../gateway/registers/access/accessRecord.ts';
import type { MetPersonClaims } from '../../../schema/metPerson.ts';
import { matchRelative } from '../../../gateway/request/fetch/relatives/matchRelative.ts';
import { createRelationProofs } from '../../../gateway/request/fetch/relatives/relationProofs.ts';
import type { ProvenRelative } from '../../../gateway/request/exchange.ts';

const CHILD = {
  ...{ birthName: 'MARTIN', givenNames: ['Léa', 'Rose'], gender: 'FEMALE', birthDate: '2016-05-01' },
  ...{ birthPlace: '75112', birthCountry: '99100', parentalAuthority: true, standing: 'PRESENT' },
};
const PARTNER = { ...CHILD, givenNames: ['Anne'], birthDate: '1985-02-03', parentalAuthority: false };
const answerWith = (children: readonly object[], partner: object | null = null): string =>
  JSON.stringify({ data: { _entities: [{ relationProof: { children, partner } }] } });

function aSetting(options: { readonly habilitated?: boolean; readonly append?: () => Promise<void> } = {}) {
  const state = {
    now: Date.UTC(2026, 10, 23, 12),
    asked: 0,
    answer: (): Promise<string> => Promise.resolve(answerWith([CHILD], PARTNER)),
  };
  const recorded: AccessEntry[] = [];
  const service = { clientId: 'hub' as ClientId, name: 'hub', siret: '99900000500012', credentials: [] };
  const prove = createRelationProofs({
    ask: () => {
      state.asked += 1;
      return state.answer();
    },
    habilitations: {
      getService: () => service,
      findHabilitation: () =>
        options.habilitated === false
          ? undefined
          : {
              ...{ id: 'hab-hub-1', version: 1, clientId: service.clientId, purpose: 'relation-proof' },
              ...{ scopes: new Set(['hub_liens_familiaux']), legalBasis: 'HUB_OPERATION', retentionMonths: 0 },
              ...{ minimumAcr: 'eidas1', firstDay: '2026-01-01', lastDay: '2026-12-31' },
            },
    },
    accessLog: {
      append: async (entries) => {
        await options.append?.();
        recorded.push(...entries);
      },
    },
    subjectKeyOf: createSubjectKeyOf({ subjectSecret: Buffer.alloc(32, 1) }),
    clock: () => state.now,
    log: createLog({ level: 'fatal' }),
  });
  const caller = { subject: 'caller' as SubjectKey, pivot: {} as PivotIdentity, acr: 'eidas1' } as const;
  return { state, recorded, prove: () => prove({ caller, requestId: 'req_1' as RequestId }) };
}

describe('the proof of who is whose relative', () => {
  test('names children and partner by the hub’s own keys, with authority, for the day', async () => {
    const proof = await aSetting().prove();
    expect(proof!.provenOn).toBe('2026-11-23');
    expect(
      proof!.relatives.map(({ role, parentalAuthority, pivot }) => [role, parentalAuthority, pivot.given_name]),
    ).toEqual([
      ['CHILD', true, 'Léa Rose'],
      ['SPOUSE', false, 'Anne'],
    ]);
  });

  test('is kept for a minute and no longer; those who ask meanwhile share one question', async () => {
    const { state, prove } = aSetting();
    const [one, other] = await Promise.all([prove(), prove()]);
    expect([one === other, state.asked]).toEqual([true, 1]);
    state.now += 59_999;
    await prove();
    expect(state.asked).toBe(1);
    state.now += 1;
    await prove();
    expect(state.asked).toBe(2);
  });

  test('stands in the log of everybody named before anything rests on it, the dead and the protected left out', async () => {
    const { state, prove, recorded } = aSetting();
    state.answer = () =>
      Promise.resolve(
        answerWith([CHILD, { ...CHILD, givenNames: ['Zoé'], standing: 'PROTECTED' }], {
          ...PARTNER,
          standing: 'DECEASED',
        }),
      );
    const proof = await prove();
    expect(
      recorded.map(({ subject, actor, role, clientId, purpose, fields }) => [
        subject,
        actor,
        role,
        clientId,
        purpose,
        fields[0]!.coordinate,
      ]),
    ).toEqual(
      ['caller', proof!.relatives[0]!.subject].map((subject) => [
        subject,
        'caller',
        'SYSTEM',
        'hub',
        'relation-proof',
        'Citizen.relationProof',
      ]),
    );
    expect(proof!.relatives).toHaveLength(3);
  });

  test.each([
    ['civil status does not answer', () => Promise.reject(new Error('down'))],
    ['it answers with an error beside the data', () => Promise.resolve('{"data":{"_entities":[null]},"errors":[{}]}')],
    [
      'it answers something else',
      () => Promise.resolve('{"data":{"_entities":[{"relationProof":{"children":[{}],"partner":null}}]}}'),
    ],
  ])('cannot be had when %s, and is asked for again the next time', async (_why, answer) => {
    const { state, prove, recorded } = aSetting();
    state.answer = answer;
    expect(await prove()).toBeUndefined();
    await prove();
    expect([state.asked, recorded]).toEqual([2, []]);
  });

  test('cannot be had without its record, nor without the hub’s own habilitation', async () => {
    expect(await aSetting({ append: () => Promise.reject(new Error('full')) }).prove()).toBeUndefined();
    const { prove, state } = aSetting({ habilitated: false });
    expect(await prove()).toBeUndefined();
    expect(state.asked).toBe(0);
  });

  test('names none of two people of one identity, and none whose identity is not whole', async () => {
    const { state, prove } = aSetting();
    state.answer = () =>
      Promise.resolve(answerWith([CHILD, CHILD, { ...CHILD, givenNames: ['Ada'], birthPlace: null }]));
    expect((await prove())!.relatives).toEqual([]);
  });

  test('is of nobody for whoever the register does not hold', async () => {
    const { state, prove } = aSetting();
    state.answer = () => Promise.resolve('{"data":{"_entities":[null]}}');
    expect((await prove())!.relatives).toEqual([]);
  });
});

describe('a line of a file is a proven relative', () => {
  const proven = (subject: string, change: Partial<PivotIdentity> = {}): ProvenRelative => ({
    ...{ subject: subject as SubjectKey, role: 'CHILD', parentalAuthority: true, standing: 'PRESENT' },
    pivot: {
      ...{ family_name: 'Martin', given_name: 'Anne-Laure Léa', birthdate: '2016-05-01', gender: 'female' },
      ...{ birthplace: '75112', birthcountry: '99100', ...change },
    },
  });
  const line = (change: Partial<MetPersonClaims['identity']> = {}): MetPersonClaims => ({
    ...{ iss: 'family', aud: 'hub', grant: 'x' },
    identity: { family_name: 'MARTIN', given_name: 'ANNE LAURE LEA', birthdate: '2016-05-01', ...change },
  });

  test('when names and whole birth date are theirs, however they are written, and nobody else’s', () => {
    expect(matchRelative(line(), [proven('a'), proven('b', { birthdate: '2018-01-02' })])).toBe('a');
    expect(matchRelative(line({ gender: 'female' }), [proven('a')])).toBe('a');
  });

  test.each([
    ['a second one agrees as well', line(), [proven('a'), proven('b')]],
    ['a given name is missing', line({ given_name: 'ANNE LAURE' }), [proven('a')]],
    ['the sex is another', line({ gender: 'male' }), [proven('a')]],
    ['the day is not known', line({ birthdate: '2016-05' }), [proven('a', { birthdate: '2016-05' })]],
    ['the name is empty', line({ family_name: '' }), [proven('a', { family_name: '' })]],
  ])('not when %s', (_why, met, relatives) => {
    expect(matchRelative(met, relatives)).toBeUndefined();
  });
});
