import { describe, expect, it } from '@jest/globals';
import type { Reference, SubjectKey } from '../../../gateway/platform/ids.ts';
import type { AgencySend } from '../../../gateway/request/fetch/agencyPort.ts';
import type { PersonDesk } from '../../../gateway/request/fetch/personDesk.ts';
import type { Refusal } from '../../../gateway/request/exchange.ts';
import { splitGrant } from '../../../schema/grant.ts';
import { ask, spell, type Asked } from '../../engine/ask.ts';
import { federate, type TestFederation } from '../../engine/federation.ts';

/*
 * A service names people by its references, and every agency by its own. Whatever the shape of the plan, what reaches an agency is that
 * agency's reference of a person about whom it may be asked, and that person stands in the grant.
 */

const CALLER = 'subject-1' as SubjectKey;
const REFUSED: Refusal = { reason: 'SUBJECT_NOT_COVERED', missingScopes: [], subject: 'OTHER' };
const idOf = (reference: string): string => reference.split('/')[1] ?? '';

function town(): TestFederation {
  const person = { __typename: 'Citizen', id: 'civil/subject-1' };
  return federate(
    [
      {
        name: 'civil',
        typeDefs: `
          type Query { me: Citizen }
          type Citizen @key(fields: "id") { id: ID! partner: Citizen children: [Citizen!] houses: [House!] }
          type House @key(fields: "code") { code: ID! owner: Citizen tenants: [Citizen!] }`,
        resolvers: {
          Query: { me: () => person },
          Citizen: {
            partner: () => ({ id: 'civil/subject-2' }),
            children: () => [{ id: 'civil/subject-1' }, { id: 'civil/subject-3' }],
            houses: () => [
              { code: 'A', owner: { id: 'civil/subject-1' }, tenants: [{ id: 'civil/subject-1' }] },
              { code: 'B', owner: { id: 'civil/subject-2' }, tenants: [{ id: 'civil/subject-1' }] },
              {
                code: 'C',
                owner: { id: 'civil/subject-1' },
                tenants: [{ id: 'civil/subject-1' }, { id: 'civil/subject-3' }],
              },
            ],
          },
        },
      },
      {
        name: 'housing',
        typeDefs: `
          interface Dwelling { code: ID! share(of: ID!): String occupants(match: Match): [String!] }
          input Match { any: [[ID!]!] person: PersonRef note: String }
          input PersonRef { id: ID! alias: ID }
          type House implements Dwelling @key(fields: "code") {
            code: ID!
            share(of: ID!): String
            occupants(match: Match): [String!]
            plus(number: Int): Int
            owner: Citizen @external
            tenants: [Citizen!] @external
            ownerIs: String @requires(fields: "owner { id }")
            tenantsAre: String @requires(fields: "tenants { id }")
          }
          type Citizen @key(fields: "id") { id: ID! dwelling: Dwelling shares(of: [ID!]!): [String!] }`,
        resolvers: {
          Citizen: {
            dwelling: () => ({ __typename: 'House', code: 'A' }),
            shares: (_: unknown, { of }: { of: string[] }) => of.map(idOf),
          },
          House: {
            share: (_: unknown, { of }: { of: string }) => idOf(of),
            occupants: (_: unknown, { match }: { match: { any: string[][]; person: { id: string } } }) => [
              ...match.any.flat().map(idOf),
              idOf(match.person.id),
            ],
            plus: (_: unknown, { number }: { number: number }) => number,
            ownerIs: ({ owner }: { owner: { id: string } }) => owner.id,
            tenantsAre: ({ tenants }: { tenants: { id: string }[] }) => tenants.map(({ id }) => id).join(),
          },
        },
      },
    ],
    {
      personTypes: new Set(['Citizen']),
      subjectIds: new Set(['House.share(of:)', 'Match.any', 'PersonRef.id', 'Citizen.shares(of:)']),
      empty: false,
    },
  );
}

function deskOf(withheld: readonly string[] = []): PersonDesk {
  const open = (reference: string, party: string): SubjectKey | undefined => {
    const [by, subject] = reference.split('/');
    return by === party && /^subject-[123]$/.test(subject ?? '') ? (subject as SubjectKey) : undefined;
  };
  return {
    caller: CALLER,
    judge: (subject) => (withheld.includes(subject) ? REFUSED : undefined),
    verdictsOf: () => undefined,
    metAt: () => [],
    toAgency: (subject, agency) => `${agency}/${subject}` as Reference,
    fromAgency: open,
    toService: (subject) => `service/${subject}` as Reference,
    fromService: (reference) => open(reference, 'service'),
  };
}

interface AskedTown extends Asked {
  /** Bodies that reached housing, as text. */
  readonly sent: string;
  /** Subjects in the grants for housing. */
  readonly granted: readonly string[][];
}

async function askTown(
  query: string,
  variables: Record<string, unknown> = {},
  persons: PersonDesk = deskOf(),
): Promise<AskedTown> {
  const federation = town();
  const granted: string[][] = [];
  const send: AgencySend = (agency, body, options) => federation.send(agency, `${splitGrant(body)!.head}}`, options);
  const seal = (agency: string, _head: string, subjects: readonly string[]): string => {
    if (agency === 'housing') granted.push([...subjects]);
    return 'sealed';
  };
  const asked = await ask(federation, query, { variables, input: { persons, send, seal } });
  const sent = JSON.stringify(federation.asked.filter(({ agency }) => agency === 'housing').map(({ body }) => body));
  expect(sent).not.toMatch(/service\/|civil\//);
  return { ...asked, sent, granted };
}

describe('ids of persons on the way out', () => {
  it('in an argument of a nested entity', async () => {
    const { data, granted } = await askTown('query($id: ID!) { me { houses { share(of: $id) } } }', {
      id: 'service/subject-3',
    });
    expect(data).toEqual({ me: { houses: ['A', 'B', 'C'].map(() => ({ share: 'subject-3' })) } });
    expect(granted).toEqual([['subject-3']]);
  });

  it.each(['representations', 'subject_0', 'subject_1', 'representations_client'])(
    'in an argument, whatever the client calls its variable: $%s',
    async (name) => {
      const query = `query($${name}: ID!) { me { houses { share(of: $${name}) } shares(of: [$${name}]) } }`;
      const { data } = await askTown(query, { [name]: 'service/subject-3' });
      const houses = ['A', 'B', 'C'].map(() => ({ share: 'subject-3' }));
      expect(data).toEqual({ me: { houses, shares: ['subject-3'] } });
    },
  );

  it('beside a client’s variable of the planner’s or the engine’s own name', async () => {
    const { data } = await askTown(
      `query($subject_0: Int, $representations: Int!) { me {
        shares(of: ["service/subject-2"])
        houses { plus(number: $representations) more: plus(number: $subject_0) }
      } }`,
      { representations: 7, subject_0: 8 },
    );
    const houses = ['A', 'B', 'C'].map(() => ({ plus: 7, more: 8 }));
    expect(data).toEqual({ me: { shares: ['subject-2'], houses } });
  });

  it('in a list argument, with the person asked about beside them in the grant', async () => {
    const { data, granted } = await askTown('query($of: [ID!]!) { me { shares(of: $of) } }', {
      of: ['service/subject-3', 'service/subject-2'],
    });
    expect(data).toEqual({ me: { shares: ['subject-3', 'subject-2'] } });
    expect(granted.map((subjects) => subjects.toSorted())).toEqual([['subject-1', 'subject-2', 'subject-3']]);
  });

  it('in lists of lists and inputs inside inputs, beside ids that are nobody’s', async () => {
    const variables = {
      match: {
        any: [['service/subject-1'], ['service/subject-2', 'service/subject-3']],
        person: { id: 'service/subject-1', alias: 'plain-id' },
        note: 'plain text',
      },
    };
    const { data, sent } = await askTown(
      'query($match: Match) { me { houses { occupants(match: $match) } } }',
      variables,
    );
    expect((data as { me: { houses: object[] } }).me.houses[0]).toEqual({
      occupants: ['subject-1', 'subject-2', 'subject-3', 'subject-1'],
    });
    expect(sent).toContain('plain-id');
    expect(sent).toContain('plain text');
  });

  it('in an argument asked through an interface, though the object type alone marks it', async () => {
    const query =
      'query($id: ID!) { me { dwelling { share(of: $id) ... on House { again: share(of: "service/subject-2") } } } }';
    const { data } = await askTown(query, { id: 'service/subject-3' });
    expect(data).toEqual({ me: { dwelling: { share: 'subject-3', again: 'subject-2' } } });
  });

  it('in one argument that stands in two fragments', async () => {
    const query = `query($id: ID!) { me { houses { share(of: $id) ...again } } } fragment again on House { share(of: $id) }`;
    const { data, sent } = await askTown(query, { id: 'service/subject-3' });
    expect(data).toEqual({ me: { houses: ['A', 'B', 'C'].map(() => ({ share: 'subject-3' })) } });
    expect(sent.match(/share\(/g)).toHaveLength(1);
  });

  it('in lists of persons, each with the same argument', async () => {
    const { data } = await askTown('query($of: [ID!]!) { me { children { shares(of: $of) } } }', {
      of: ['service/subject-2'],
    });
    expect(data).toEqual({ me: { children: [{ shares: ['subject-2'] }, { shares: ['subject-2'] }] } });
  });

  it('in what a field requires, one person and lists of them, and they stand in the grant', async () => {
    const { data, granted, faults } = await askTown('{ me { houses { ownerIs tenantsAre } } }');
    expect(faults).toEqual([]);
    expect((data as { me: { houses: object[] } }).me.houses[2]).toEqual({
      ownerIs: 'housing/subject-1',
      tenantsAre: 'housing/subject-1,housing/subject-3',
    });
    expect(granted.map((subjects) => subjects.toSorted())).toEqual([['subject-1', 'subject-2', 'subject-3']]);
  });
});

describe('a withheld person is named to nobody', () => {
  it('in an argument', async () => {
    const { data, faults, sent } = await askTown(
      'query($id: ID!) { me { houses { share(of: $id) } } }',
      { id: 'service/subject-3' },
      deskOf(['subject-3']),
    );
    expect(sent).toBe('[]');
    expect(data).toEqual({ me: { houses: ['A', 'B', 'C'].map(() => ({ share: null })) } });
    expect(spell(faults)[0]).toBe('UNAUTHORIZED_FIELD_OR_TYPE me.houses.0.share');
  });

  it('in an argument, and every other field of the same request is served', async () => {
    const { data, faults, sent, granted } = await askTown(
      `query($id: ID!, $match: Match) { me { shares(of: [$id]) mine: shares(of: ["service/subject-1"]) houses {
        share(of: $id) ownerIs plus(number: 3) ours: share(of: "service/subject-2") occupants(match: $match)
      } } }`,
      {
        id: 'service/subject-3',
        match: { any: [['service/subject-1']], person: { id: 'service/subject-3' } },
      },
      deskOf(['subject-3']),
    );
    expect(sent).not.toContain('subject-3');
    expect(granted.flat()).not.toContain('subject-3');
    const house = { share: null, plus: 3, ours: 'subject-2', occupants: null };
    expect(data).toEqual({
      me: {
        shares: null,
        mine: ['subject-1'],
        houses: ['subject-1', 'subject-2', 'subject-1'].map((owner) => ({ ...house, ownerIs: `housing/${owner}` })),
      },
    });
    const refused = ['shares', ...[0, 1, 2].flatMap((at) => [`houses.${at}.share`, `houses.${at}.occupants`])];
    expect(spell(faults)).toEqual(refused.map((path) => `UNAUTHORIZED_FIELD_OR_TYPE me.${path}`));
    expect(faults.every(({ refusal }) => refusal === REFUSED)).toBe(true);
  });

  it('in an argument below an object, which stays an object', async () => {
    const query = 'query($id: ID!) { me { dwelling { ... on House { share(of: $id) } } } }';
    const { data, sent } = await askTown(query, { id: 'service/subject-3' }, deskOf(['subject-3']));
    expect(sent).not.toContain('subject-3');
    expect(data).toEqual({ me: { dwelling: { share: null } } });
  });

  it('in what a field requires: it alone is refused, with the reason, and the others are served', async () => {
    const { data, faults, sent, granted } = await askTown(
      '{ me { houses { ownerIs tenantsAre } } }',
      {},
      deskOf(['subject-2', 'subject-3']),
    );
    expect(sent).not.toMatch(/subject-[23]/);
    expect(granted).toEqual([['subject-1']]);
    const { houses } = (data as { me: { houses: { ownerIs: string; tenantsAre: string }[] } }).me;
    expect(houses[0]).toEqual({ ownerIs: 'housing/subject-1', tenantsAre: 'housing/subject-1' });
    expect(houses[1]?.ownerIs).toBeNull();
    expect(houses[2]?.tenantsAre).toBeNull();
    expect(spell(faults)).toEqual(
      expect.arrayContaining([
        'UNAUTHORIZED_FIELD_OR_TYPE me.houses.1.ownerIs',
        'UNAUTHORIZED_FIELD_OR_TYPE me.houses.2.tenantsAre',
      ]),
    );
    expect(faults[0]?.refusal).toEqual(REFUSED);
  });

  it('in what a field of another type requires when nobody is left', async () => {
    const all = deskOf(['subject-1', 'subject-2', 'subject-3']);
    const { sent, data } = await askTown('{ me { houses { ownerIs } } }', {}, all);
    expect(sent).not.toMatch(/subject-/);
    expect(data).toEqual({ me: { houses: [1, 2, 3].map(() => ({ ownerIs: null })) } });
  });
});

describe('what is no service’s reference', () => {
  it('leaves its own field absent, and no other of the same request', async () => {
    const query = 'query($id: ID!) { me { shares(of: [$id]) mine: shares(of: ["service/subject-1"]) } }';
    const { data, faults, sent } = await askTown(query, { id: 'service/stranger' });
    expect(sent).not.toContain('stranger');
    expect(faults).toEqual([]);
    expect(data).toEqual({ me: { shares: null, mine: ['subject-1'] } });
  });

  it.each(['housing/subject-3', 'subject-3', '', 'met:x', 'service/stranger'])('%s reaches no agency', async (id) => {
    const { data, faults, sent } = await askTown('query($id: ID!) { me { houses { share(of: $id) } } }', { id });
    expect(sent).toBe('[]');
    expect(faults).toEqual([]);
    expect(data).toEqual({ me: { houses: ['A', 'B', 'C'].map(() => ({ share: null })) } });
  });
});
