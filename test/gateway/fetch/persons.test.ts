import { describe, expect, it } from '@jest/globals';
import { splitGrant } from '../../../schema/grant.ts';
import type { Reference, SubjectKey } from '../../../gateway/platform/ids.ts';
import type { AgencySend } from '../../../gateway/request/fetch/agencyPort.ts';
import type { PersonDesk } from '../../../gateway/request/fetch/personDesk.ts';
import type { Judgement, Refusal, SubjectSlot, Verdict } from '../../../gateway/request/exchange.ts';
import { ask, spell, type Asked } from '../../engine/ask.ts';
import { federate, type TestFederation } from '../../engine/federation.ts';

const CALLER = 'subject-1' as SubjectKey;
const ALLOWED: Verdict = { allowed: true };
const REFUSED: Refusal = { reason: 'SUBJECT_NOT_COVERED', missingScopes: [], subject: 'OTHER' };

function town(): TestFederation {
  const idOf = (reference: string): string => reference.split('/')[1] ?? '';
  return federate(
    [
      {
        name: 'civil',
        typeDefs: `
          type Query { me: Citizen person(id: ID!): Citizen people(filter: Filter): [Citizen!] }
          input Filter { ids: [ID!] name: String }
          type Citizen @key(fields: "id") { id: ID! name: String children: [Citizen] }`,
        resolvers: {
          Query: {
            me: () => ({ id: 'civil/subject-1' }),
            person: (_: unknown, { id }: { id: string }) => ({ id }),
            people: (_: unknown, { filter }: { filter: { ids: string[] } }) => filter.ids.map((id) => ({ id })),
          },
          Citizen: {
            name: ({ id }: { id: string }) => `name of ${idOf(id)}`,
            children: () =>
              ['civil/subject-2', 'civil/subject-3', 'civil/subject-2', 'civil/stranger'].map((id) => ({ id })),
          },
        },
      },
      {
        name: 'income',
        typeDefs: 'type Citizen @key(fields: "id") { id: ID! tax: Int } type Query { taxOf(id: ID!): Int }',
        resolvers: {
          Query: { taxOf: (_: unknown, { id }: { id: string }) => Number(idOf(id).slice(8)) },
          Citizen: { tax: ({ id }: { id: string }) => Number(idOf(id).slice(8)) * 1000 },
        },
      },
    ],
    {
      personTypes: new Set(['Citizen']),
      subjectIds: new Set(['Query.person(id:)', 'Query.taxOf(id:)', 'Filter.ids']),
      empty: false,
    },
  );
}

/** Knows subject-1 to subject-3; `withheld` may be named to nobody. */
function deskOf(withheld?: string): PersonDesk {
  const open = (reference: string, party: string): SubjectKey | undefined => {
    const [by, subject] = reference.split('/');
    return by === party && /^subject-[123]$/.test(subject ?? '') ? (subject as SubjectKey) : undefined;
  };
  return {
    caller: CALLER,
    judge: (subject) => (subject === withheld ? REFUSED : undefined),
    verdictsOf: (subject) =>
      Array.from({ length: 9 }, () => (subject === withheld ? { allowed: false, ...REFUSED } : ALLOWED)),
    metAt: () => [],
    toAgency: (subject, agency) => `${agency}/${subject}` as Reference,
    fromAgency: open,
    toService: (subject) => `service/${subject}` as Reference,
    fromService: (reference) => open(reference, 'service'),
  };
}

function slots(kind: SubjectSlot['kind']): (judgement: Judgement) => Judgement {
  return (judgement) => ({
    ...judgement,
    subjects: judgement.operation.fields.map(({ parentType, fieldName }): SubjectSlot => {
      if (parentType !== 'Citizen') return { kind: 'NONE' };
      return kind === 'RELATIVE' && fieldName !== 'children' ? { kind, through: 0 } : { kind: 'CALLER' };
    }),
  });
}

function askTown(federation: TestFederation, query: string, persons: PersonDesk, more: object = {}): Promise<Asked> {
  return ask(federation, query, { input: { persons }, ...more });
}

describe('persons', () => {
  it('are known to agency, hub and service by three different names', async () => {
    const federation = town();
    const { data } = await askTown(federation, '{ me { id name tax } }', deskOf());
    expect(data).toEqual({ me: { id: 'service/subject-1', name: 'name of subject-1', tax: 1000 } });
    expect(federation.asked[1]!.body.variables).toEqual({
      representations: [{ __typename: 'Citizen', id: 'income/subject-1' }],
    });
    expect(JSON.stringify(federation.asked[1])).not.toContain('civil/');
  });

  it('are each asked about once, and one unknown to the hub is null without an error', async () => {
    const federation = town();
    const { data, faults } = await askTown(federation, '{ me { children { tax } } }', deskOf());
    expect(data).toEqual({ me: { children: [{ tax: 2000 }, { tax: 3000 }, { tax: 2000 }, null] } });
    expect(faults).toEqual([]);
    expect(federation.asked[1]!.body.variables.representations).toHaveLength(2);
  });

  it('whose verdict is no are withheld: their reference never leaves, positions stay, the refusal is said', async () => {
    const federation = town();
    const { data, faults, traces } = await askTown(federation, '{ me { children { id tax } } }', deskOf('subject-2'), {
      judge: slots('RELATIVE'),
    });
    expect(data).toEqual({
      me: {
        children: [
          { id: 'service/subject-2', tax: null },
          { id: 'service/subject-3', tax: 3000 },
          { id: 'service/subject-2', tax: null },
          null,
        ],
      },
    });
    expect(faults).toEqual(
      [0, 2].map((at) => ({
        code: 'UNAUTHORIZED_FIELD_OR_TYPE',
        agency: 'income',
        path: ['me', 'children', at, 'tax'],
        refusal: expect.objectContaining(REFUSED),
      })),
    );
    expect(JSON.stringify(federation.asked[1])).not.toContain('subject-2');
    const outcomes = traces
      .filter(({ index }) => index === 3)
      .map(({ subject, outcome, reason }) => [subject, outcome, reason]);
    expect(outcomes).toEqual([
      ['subject-2', 'REFUSED', 'SUBJECT_NOT_COVERED'],
      ['subject-3', 'DELIVERED', undefined],
    ]);
  });

  it('under the caller’s verdict are the caller and nobody else', async () => {
    const federation = town();
    const send: AgencySend = async (...args) =>
      (await federation.send(...args)).replace('civil/subject-1', 'civil/subject-3');
    const { data, faults } = await askTown(federation, '{ me { name } }', deskOf(), {
      input: { persons: deskOf(), send },
      judge: slots('CALLER'),
    });
    expect(data).toEqual({ me: null });
    expect(spell(faults)).toEqual(['HUB_AGENCY_INVALID_ANSWER me']);
  });

  it('named in arguments are translated for the agency that is asked, wherever the name stands', async () => {
    const federation = town();
    const query = `query ($id: ID!, $filter: Filter) {
      person(id: $id) { name }
      taxOf(id: "service/subject-3")
      a: people(filter: $filter) { name }
      b: people(filter: { ids: [$id, "service/subject-2"], name: "x" }) { name }
    }`;
    const variables = { id: 'service/subject-1', filter: { ids: ['service/subject-3'], name: 'service/subject-1' } };
    const { data } = await askTown(federation, query, deskOf(), { variables });
    expect(data).toEqual({
      person: { name: 'name of subject-1' },
      taxOf: 3,
      a: [{ name: 'name of subject-3' }],
      b: [{ name: 'name of subject-1' }, { name: 'name of subject-2' }],
    });
    const sent = JSON.stringify(federation.asked.map(({ body }) => body));
    expect(sent.match(/service\/subject-\d/g)).toEqual(['service/subject-1']);
  });

  it('whom the service does not know are never asked about: null without an error, as if absent', async () => {
    const federation = town();
    const query = '{ taxOf(id: "income/subject-3") me { name } }';
    const { data, faults } = await askTown(federation, query, deskOf());
    expect(data).toEqual({ taxOf: null, me: { name: 'name of subject-1' } });
    expect(faults).toEqual([]);
    expect(federation.asked.map(({ agency }) => agency)).toEqual(['civil']);
  });

  it('are sealed into the grant of the very fetch that names them', async () => {
    const federation = town();
    const sealed: unknown[] = [];
    const send: AgencySend = (agency, body, options) => federation.send(agency, `${splitGrant(body)!.head}}`, options);
    const seal = (agency: string, head: string, subjects: readonly string[]): string => {
      sealed.push([agency, subjects, JSON.parse(`${head}}`)]);
      return 'sealed';
    };
    await askTown(federation, '{ me { children { tax } } }', deskOf(), { input: { persons: deskOf(), send, seal } });
    expect(sealed).toMatchObject([
      ['civil', [CALLER], { variables: {} }],
      ['income', ['subject-2', 'subject-3'], { variables: { representations: [{}, {}] } }],
    ]);
  });
});
