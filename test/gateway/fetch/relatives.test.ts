import { describe, expect, it } from '@jest/globals';
import type { Reference, SubjectKey } from '../../../gateway/platform/ids.ts';
import type { Judgement, Refusal, SubjectSlot, Verdict } from '../../../gateway/request/exchange.ts';
import type { PersonDesk } from '../../../gateway/request/fetch/personDesk.ts';
import { ask, type Asked } from '../../engine/ask.ts';
import { federate, type TestFederation } from '../../engine/federation.ts';

/* Children of one caller, of whom different things may be asked, in one list. */

const CALLER = 'subject-1' as SubjectKey;
const NO: Refusal = {
  ...{ reason: 'CONSENT_REQUIRED', subject: 'CHILD' },
  ...{ missingScopes: [['dgfip_rfr']], consentScopes: ['dgfip_rfr'] },
};

function town(): TestFederation {
  const idOf = (reference: string): string => reference.split('/')[1] ?? '';
  const numberOf = ({ id }: { id: string }): number => Number(idOf(id).slice(8));
  return federate(
    [
      {
        name: 'civil',
        typeDefs: `
          type Query { me: Citizen }
          type Citizen @key(fields: "id") { id: ID! name: String children: [Citizen] lives: Lives pet: Pet }
          union Pet = Cat | Dog type Cat { name: String } type Dog { name: String }
          type Lives { town: Town } type Town @key(fields: "id") { id: ID! }`,
        resolvers: {
          Query: { me: () => ({ id: 'civil/subject-1' }) },
          Citizen: {
            pet: (person: { id: string }) => ({ __typename: numberOf(person) === 2 ? 'Dog' : 'Cat', name: 'pet' }),
            lives: () => ({ town: { id: 'town-1' } }),
            name: ({ id }: { id: string }) => `name of ${idOf(id)}`,
            children: () => [2, 3, 4, 2].map((number) => ({ id: `civil/subject-${number}` })),
          },
        },
      },
      {
        name: 'income',
        typeDefs:
          'type Citizen @key(fields: "id") { id: ID! tax: Int notice(year: Int): Notice } type Notice { paid: Int owed: Int } type Town @key(fields: "id") { id: ID! rate: Int budget: Int }',
        resolvers: {
          Citizen: {
            tax: (person: { id: string }) => numberOf(person) * 1000,
            notice: (person: { id: string }) => ({ paid: numberOf(person), owed: -numberOf(person) }),
          },
          Town: { rate: () => 7, budget: () => 70 },
        },
      },
      {
        name: 'aid',
        typeDefs: `type Citizen @key(fields: "id") {
          id: ID! tax: Int @external aid: Int @requires(fields: "tax") parking: Int }`,
        resolvers: {
          Citizen: {
            aid: ({ tax }: { tax: number }) => tax / 10,
            parking: (person: { id: string }) => numberOf(person),
          },
        },
      },
    ],
    {
      personTypes: new Set(['Citizen']),
      ofType: new Map(['Cat', 'Dog'].map((type) => [type, RULE])),
      empty: false,
    },
  );
}

const RULE = { authenticated: true, scopes: undefined, policies: undefined, minimumAcr: undefined };

/** Who stands under `children` is a relative but for subject-4 when they are a stranger; `refused` holds coordinates per subject. */
async function askTown(
  federation: TestFederation,
  query: string,
  refused: Readonly<Record<string, readonly string[]>>,
  { variables = {}, stranger = false, general = [] }: TownOptions = {},
): Promise<Asked> {
  const verdicts = new Map<string, readonly Verdict[]>();
  const judge = (judgement: Judgement): Judgement => {
    const { fields } = judgement.operation;
    const through = fields.find(({ fieldName }) => fieldName === 'children')!.index;
    for (const subject of ['subject-2', 'subject-3', ...(stranger ? [] : ['subject-4'])]) {
      const no = refused[subject] ?? [];
      verdicts.set(
        subject,
        fields.map(({ coordinate }) => (no.includes(coordinate) ? { allowed: false, ...NO } : { allowed: true })),
      );
    }
    return {
      ...judgement,
      verdicts: fields.map(({ coordinate }) =>
        general.includes(coordinate) ? { allowed: false, ...NO } : { allowed: true },
      ),
      subjects: fields.map(({ index }): SubjectSlot =>
        index > through ? { kind: 'RELATIVE', through } : { kind: 'CALLER' },
      ),
    };
  };
  const persons: PersonDesk = {
    caller: CALLER,
    judge: (subject) => (subject === CALLER ? undefined : NO),
    verdictsOf: (subject) => verdicts.get(subject),
    metAt: () => [],
    toAgency: (subject, agency) => `${agency}/${subject}` as Reference,
    fromAgency: (reference) => reference.split('/')[1] as SubjectKey,
    toService: (subject) => `service/${subject}` as Reference,
    fromService: () => undefined,
  };
  return ask(federation, query, { judge, variables, input: { persons } });
}

interface TownOptions {
  readonly variables?: Record<string, unknown>;
  readonly stranger?: boolean;
  /** What no relative's verdict allows. */
  readonly general?: readonly string[];
}

/** `agency: what is asked of whom`, for what was not asked about the caller. */
function questions({ asked }: TestFederation): readonly string[] {
  return asked
    .filter(({ body }) => body.variables['representations'])
    .map(({ agency, body }) => {
      const ids = (body.variables['representations'] as { id: string }[]).map(({ id }) => id.split('-')[1]);
      return `${agency} ${/Citizen\{(.*)\}\}\}$/.exec(body.query)![1]} of ${ids.join()}`;
    })
    .sort();
}

describe('relatives of different verdicts in one list', () => {
  it('are each asked for what their own allow, in one request for equals, and their positions are kept', async () => {
    const federation = town();
    const { data, faults } = await askTown(federation, '{ me { children { tax notice { paid owed } } } }', {
      'subject-3': ['Notice.owed'],
      'subject-4': ['Citizen.tax', 'Citizen.notice', 'Notice.paid', 'Notice.owed'],
    });
    expect(data).toEqual({
      me: {
        children: [
          { tax: 2000, notice: { paid: 2, owed: -2 } },
          { tax: 3000, notice: { paid: 3, owed: null } },
          { tax: null, notice: null },
          { tax: 2000, notice: { paid: 2, owed: -2 } },
        ],
      },
    });
    expect(questions(federation)).toEqual(['income id tax notice{paid owed} of 2', 'income id tax notice{paid} of 3']);
    expect(JSON.stringify(federation.asked)).not.toContain('income/subject-4');
    expect(faults.map(({ path, refusal }) => [path.slice(2).join('.'), refusal?.subject])).toEqual([
      ['1.notice.owed', 'CHILD'],
      ['2.tax', 'CHILD'],
      ['2.notice', 'CHILD'],
    ]);
  });

  it('keep an object of which nothing is left to ask, as long as it is itself allowed', async () => {
    const federation = town();
    const refused = { 'subject-3': ['Notice.paid'] };
    const { data } = await askTown(federation, '{ me { children { notice { paid } } } }', refused);
    expect(data).toMatchObject({ me: { children: [{}, { notice: { paid: null } }, {}, {}] } });
    expect(questions(federation)).toEqual(['income id notice{__typename} of 3', 'income id notice{paid} of 2,4']);
  });

  it('take the variables with them that only a refused field used', async () => {
    const federation = town();
    const query = 'query ($year: Int) { me { children { tax notice(year: $year) { paid } } } }';
    await askTown(federation, query, { 'subject-3': ['Citizen.notice', 'Notice.paid'] }, { variables: { year: 2025 } });
    const lesser = federation.asked.find(({ body }) => JSON.stringify(body.variables).includes('subject-3'))!;
    expect(lesser.body).toEqual({
      query: 'query($representations:[_Any!]!){_entities(representations:$representations){...on Citizen{id tax}}}',
      variables: { representations: [{ __typename: 'Citizen', id: 'income/subject-3' }] },
    });
  });

  it('are not asked for what a refused field would only have been computed from', async () => {
    const federation = town();
    const { data } = await askTown(federation, '{ me { children { aid parking } } }', { 'subject-3': ['Citizen.aid'] });
    expect(data).toMatchObject({
      me: { children: [{ aid: 200, parking: 2 }, { aid: null, parking: 3 }, { aid: 400 }, {}] },
    });
    expect(questions(federation)).toEqual(['aid id aid of 2,4', 'aid id parking of 2,3,4', 'income id tax of 2,4']);
  });

  it('have the verdicts of what stands under them, be it an entity of its own that they share', async () => {
    const federation = town();
    const { data, faults } = await askTown(federation, '{ me { children { lives { town { rate budget } } } } }', {
      'subject-3': ['Town.rate'],
      'subject-4': ['Town.rate', 'Town.budget'],
    });
    const whole = { lives: { town: { rate: 7, budget: 70 } } };
    expect(data).toEqual({
      me: {
        children: [
          whole,
          { lives: { town: { rate: null, budget: 70 } } },
          { lives: { town: { rate: null, budget: null } } },
          whole,
        ],
      },
    });
    const asked = federation.asked.filter(({ agency }) => agency === 'income').map(({ body }) => body);
    expect(asked.map(({ query }) => /Town\{(.*)\}\}\}$/.exec(query)![1]).sort()).toEqual([
      'id budget',
      'id rate budget',
    ]);
    expect(asked.map(({ variables }) => variables['representations'])).toEqual([
      [{ __typename: 'Town', id: 'town-1' }],
      [{ __typename: 'Town', id: 'town-1' }],
    ]);
    expect(faults.map(({ refusal }) => refusal?.reason)).toEqual(Array(3).fill('CONSENT_REQUIRED'));
  });

  it('are not told of what type something is when that type is refused to them', async () => {
    const { data, faults } = await askTown(
      town(),
      '{ me { children { pet { __typename } } } }',
      { 'subject-3': ['Cat.__typename'] },
      { stranger: true },
    );
    const dog = { pet: { __typename: 'Dog' } };
    expect(data).toEqual({ me: { children: [dog, { pet: null }, { pet: null }, dog] } });
    expect(faults.map(({ path, refusal }) => [path.slice(2).join('.'), refusal?.reason, refusal?.subject])).toEqual([
      ['1.pet.__typename', 'CONSENT_REQUIRED', 'CHILD'],
      ['2.pet', 'SUBJECT_NOT_COVERED', 'OTHER'],
    ]);
  });

  it('say whose consent is missing of a child, and of a stranger beside them neither that nor which', async () => {
    const no = ['Citizen.tax'];
    const { data, faults } = await askTown(
      town(),
      '{ me { children { __typename id tax } } }',
      { 'subject-2': no, 'subject-3': no },
      { stranger: true, general: no },
    );
    const somebody = (number: number) => ({ __typename: 'Citizen', id: `service/subject-${number}`, tax: null });
    expect(data).toEqual({ me: { children: [2, 3, 4, 2].map(somebody) } });
    const stranger: Refusal = { reason: 'SUBJECT_NOT_COVERED', missingScopes: [], subject: 'OTHER' };
    expect(faults.map(({ refusal }) => refusal)).toEqual([NO, NO, stranger, NO]);
  });

  it('are masked by their own verdict, whatever an agency sent of them within its answer', async () => {
    const federation = town();
    const { data } = await askTown(federation, '{ me { children { id name } } }', { 'subject-3': ['Citizen.name'] });
    expect(data).toMatchObject({
      me: { children: [{ name: 'name of subject-2' }, { id: 'service/subject-3', name: null }, {}, {}] },
    });
  });
});
