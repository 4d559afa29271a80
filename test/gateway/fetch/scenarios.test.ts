import { describe, expect, it } from '@jest/globals';
import { ask, spell } from '../../engine/ask.ts';
import { federate } from '../../engine/federation.ts';

interface Representation {
  readonly id?: string;
  readonly name?: string;
  readonly compositeId?: { readonly two?: string; readonly three?: string };
  readonly comments?: readonly { readonly author: string }[];
}

describe('keys', () => {
  it('comes back to an agency by a key that it resolves, among several composite ones', async () => {
    const part = { id: '1', compositeId: { one: 'x', two: 'y', three: 'z' } };
    const composite = 'type CompositeId @shareable { one: ID! two: ID! three: ID! }';
    const federation = federate([
      {
        name: 'names',
        typeDefs: `${composite}
          type Part @key(fields: "id") @key(fields: "id compositeId { two three }", resolvable: false) {
            id: ID! compositeId: CompositeId! name: String!
          }`,
        resolvers: {
          Part: { __resolveReference: ({ id }: Representation) => (id === '1' ? { ...part, name: 'bolt' } : null) },
        },
      },
      {
        name: 'parts',
        typeDefs: `${composite}
          type Query { part: Part }
          type Part
            @key(fields: "compositeId { one two }", resolvable: false)
            @key(fields: "id compositeId { two three }")
            @key(fields: "id", resolvable: false) {
            id: ID! compositeId: CompositeId! name: String! @external label: String! @requires(fields: "name")
          }`,
        resolvers: {
          Query: { part: () => part },
          Part: {
            __resolveReference: ({ id, compositeId, name }: Representation) =>
              id === '1' && compositeId?.three === 'z' ? { ...part, name } : null,
            label: ({ name }: Representation) => `label of ${name}`,
          },
        },
      },
    ]);
    const { data, faults } = await ask(federation, '{ part { label name } }');
    expect(data).toEqual({ part: { label: 'label of bolt', name: 'bolt' } });
    expect(faults).toEqual([]);
  });

  it('asks the owner of a required list with arguments, not the agency where it is external', async () => {
    const comments = ['ann', 'bob', 'cid'].map((author, at) => ({ id: `c${at}`, author }));
    const federation = federate([
      {
        name: 'feed',
        typeDefs: `
          type Query { feed: [Post] }
          type Post @key(fields: "id") { id: ID! comments(limit: Int!): [Comment] @external }
          type Comment @key(fields: "id") {
            id: ID! author: ID posts: [Post] @external spam: Int @requires(fields: "posts { comments(limit: 2) { id } }")
          }`,
        resolvers: {
          Query: { feed: () => [{ id: 'p1' }] },
          Comment: {
            __resolveReference: (one: Representation) => ({ ...one, ...comments.find(({ id }) => id === one.id) }),
            spam: ({ posts }: { posts: { comments: unknown[] }[] }) => posts[0]?.comments.length,
          },
        },
      },
      {
        name: 'talk',
        typeDefs: `
          type Post @key(fields: "id") {
            id: ID! last: String @requires(fields: "comments(limit: 3) { author }") comments(limit: Int!): [Comment]
          }
          type Comment @key(fields: "id") { id: ID! author: ID @external posts: [Post] }`,
        resolvers: {
          Post: {
            __resolveReference: ({ id, comments: given }: Representation) => ({ id, given }),
            last: ({ given }: { given?: Representation['comments'] }) => given?.[2]?.author,
            comments: (_: unknown, { limit }: { limit: number }) => comments.slice(0, limit).map(({ id }) => ({ id })),
          },
          Comment: { posts: () => [{ id: 'p1' }] },
        },
      },
    ]);
    const { data } = await ask(federation, '{ feed { last comments(limit: 1) { id spam } } }');
    expect(data).toEqual({ feed: [{ last: 'cid', comments: [{ id: 'c0', spam: 2 }] }] });
  });
});

describe('interface objects', () => {
  const federation = federate([
    {
      name: 'media',
      typeDefs: `
        interface Media @key(fields: "id") { id: ID! }
        interface Loose @key(fields: "id") { id: ID! }
        type Book implements Media @key(fields: "id") { id: ID! pages: Int }
        type Query { books: [Media] loose: Loose }`,
      resolvers: {
        Query: { books: () => [{ __typename: 'Book', id: 'b1', pages: 7 }], loose: () => ({ id: 'l' }) },
        Media: { __resolveType: () => 'Book', __resolveReference: ({ id }: Representation) => ({ id, pages: 7 }) },
      },
    },
    {
      name: 'reviews',
      typeDefs: `
        type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int }
        type Loose @key(fields: "id", resolvable: false) @interfaceObject { id: ID! note: String }
        type Query { best: Media free: Loose }`,
      resolvers: {
        Query: { best: () => ({ id: 'b1' }), free: () => ({ id: 'l', note: 'free' }) },
        Media: { stars: ({ id }: Representation) => (id === 'b1' ? 5 : 0) },
      },
    },
  ]);

  it('get their type from the agency that knows it, when somebody asks', async () => {
    const { data } = await ask(
      federation,
      '{ best { __typename stars ... on Book { pages } } books { stars t: __typename } }',
    );
    expect(data).toEqual({
      best: { __typename: 'Book', stars: 5, pages: 7 },
      books: [{ stars: 5, t: 'Book' }],
    });
  });

  it('are served without a type when nobody asks for it', async () => {
    const { data } = await ask(federation, '{ best { id stars } free { note id } }');
    expect(data).toEqual({ best: { id: 'b1', stars: 5 }, free: { note: 'free', id: 'l' } });
    expect(federation.asked.map(({ agency }) => agency)).toEqual(['reviews']);
  });

  it('say so when their type cannot be had', async () => {
    const { data, faults } = await ask(federation, '{ best { stars ... on Book { pages } } }', {
      input: {
        send: (agency, body, options) =>
          agency === 'media' ? Promise.resolve('{"errors":[{}]}') : federation.send(agency, body, options),
      },
    });
    expect(data).toEqual({ best: null });
    expect(spell(faults)).toEqual(['HUB_AGENCY_FIELD_ERROR best']);
  });

  it('that nobody can serve as they are asked refuse the operation, instead of a silent null', async () => {
    await expect(ask(federation, '{ loose { note } }')).rejects.toMatchObject({ code: 'HUB_OPERATION_INVALID' });
  });
});

describe('mutations', () => {
  it('run in the order of the document across agencies, and what is joined to them comes between', async () => {
    const log: string[] = [];
    const agency = (name: string): Parameters<typeof federate>[0][number] => ({
      name,
      typeDefs: `
        type Query { ${name}Ping: Int }
        type Mutation { ${name}(n: Int!): Counter @shareable }
        type Counter @key(fields: "n") { n: Int! ${name}Seen: Int }`,
      resolvers: {
        Mutation: {
          [name]: (_: unknown, { n }: { n: number }) => {
            log.push(`${name}${n}`);
            return { n };
          },
        },
        Counter: { [`${name}Seen`]: ({ n }: { n: number }) => n * 10 },
      },
    });
    const federation = federate([agency('one'), agency('two')]);
    const kinds: string[] = [];
    const { text } = await ask(
      federation,
      'mutation { b: two(n: 1) { oneSeen n } a: one(n: 2) { oneSeen twoSeen } again: one(n: 2) { n } c: two(n: 3) { n } }',
      {
        input: {
          send: (name, body, options) => {
            kinds.push(options.kind);
            return federation.send(name, body, options);
          },
        },
      },
    );
    expect(text).toBe('{"b":{"oneSeen":10,"n":1},"a":{"oneSeen":20,"twoSeen":20},"again":{"n":2},"c":{"n":3}}');
    expect(log).toEqual(['two1', 'one2', 'one2', 'two3']);
    expect(kinds.filter((kind) => kind === 'mutation')).toHaveLength(3);
  });
});
