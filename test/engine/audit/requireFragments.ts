import { find, gives, type Scenario } from './scenario.ts';

type Sent = Readonly<Record<string, unknown>>;

const addresses = [
  { __typename: 'HomeAddress', id: 'a1', city: 'a1-city', country: 'a1-country' },
  { __typename: 'WorkAddress', id: 'a2', city: 'a2-city', country: 'a2-country' },
];
const addressOf = ({ address }: { address?: { id?: string } }) => addresses.find(({ id }) => id === address?.id);
const ADDRESS_TYPES = `
  interface Address { id: ID! }
  type HomeAddress implements Address @key(fields: "id") { id: ID! city: String @shareable }
  type WorkAddress implements Address @key(fields: "id") { id: ID! city: String @shareable }`;
const ADDRESS_RESOLVERS = {
  HomeAddress: { __resolveReference: find(addresses, 'id', 'id', 'city') },
  WorkAddress: { __resolveReference: find(addresses, 'id', 'id', 'city') },
};
const u1 = { id: 'u1', name: 'u1-name', address: addresses[0] };
const u2 = { id: 'u2', name: 'u2-name', address: addresses[1] };

const requiresInterface: Scenario = {
  name: 'requires-interface',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `${ADDRESS_TYPES}
        type Query { a: User }
        type User @key(fields: "id") {
          id: ID!
          name: String! @shareable
          address: Address @external
          city: String @requires(fields: "address { id }")
          country: String @requires(fields: "address { ... on WorkAddress { id } }")
        }`,
      resolvers: {
        ...ADDRESS_RESOLVERS,
        Query: { a: () => ({ id: u1.id, name: u1.name }) },
        User: {
          __resolveReference: (sent: Sent) => sent,
          city: (user: { address: { id: string } }) => addressOf(user)?.city,
          country: (user: { address?: { id?: string } }) => addressOf(user)?.country,
        },
      },
    },
    {
      name: 'b',
      typeDefs: `${ADDRESS_TYPES}
        type SecondAddress implements Address @key(fields: "id") { id: ID! city: String @shareable }
        type Query { b: User }
        type User @key(fields: "id") { id: ID! name: String! @shareable address: Address }`,
      resolvers: {
        ...ADDRESS_RESOLVERS,
        Query: { b: () => u2 },
        User: { __resolveReference: find([u1, u2], 'id', 'id', 'name', 'address') },
      },
    },
  ],
  cases: [
    gives('{ a { city } }', { a: { city: 'a1-city' } }),
    gives('{ b { city } }', { b: { city: 'a2-city' } }),
    gives('{ a { country } }', { a: { country: null } }),
    gives('{ b { country } }', { b: { country: 'a2-country' } }),
    gives('{ a { address { __typename id } } }', { a: { address: { __typename: 'HomeAddress', id: 'a1' } } }),
    gives('{ b { address { __typename id } } }', { b: { address: { __typename: 'WorkAddress', id: 'a2' } } }),
  ],
};

const baz = { __typename: 'Baz', foo: 'b1-foo', bar: 'b1-bar', baz: 'b1-baz' };
const qux = { __typename: 'Qux', foo: 'q1-foo', bar: 'q1-bar', qux: 'q1-qux' };
const e1 = { id: 'e1', data: baz };
const e2 = { id: 'e2', data: qux };
const FOO_TYPES = (ofBaz: string) => `
  interface Foo { foo: String! }
  interface Bar implements Foo { foo: String! bar: String! }
  type Baz implements Foo & Bar @shareable ${ofBaz} { foo: String! bar: String! baz: String! }
  type Qux implements Foo & Bar @shareable { foo: String! bar: String! qux: String! }`;
/** Whoever computes must have been sent the data, whatever type it is of. */
const fooOf = ({ data }: { data?: { foo: string } }) => {
  if (data === undefined) throw new Error('expected data');
  return data.foo;
};

const requiresWithFragments: Scenario = {
  name: 'requires-with-fragments',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `${FOO_TYPES('')}
        type Query @shareable { a: Entity }
        type Entity @key(fields: "id") { id: ID! data: Foo }`,
      resolvers: { Query: { a: () => e2 }, Entity: { __resolveReference: find([e1, e2], 'id', 'id', 'data') } },
    },
    {
      name: 'b',
      typeDefs: `${FOO_TYPES('@inaccessible')}
        type Query @shareable { b: Entity bb: Entity }
        type Entity @key(fields: "id") {
          id: ID!
          data: Foo @external
          requirer: String! @requires(fields: "data { foo ... on Bar { bar ... on Baz { baz } ... on Qux { qux } } }")
          requirer2: String! @requires(fields: "data { ... on Foo { foo } }")
        }`,
      resolvers: {
        Query: { b: () => ({ id: 'e1' }), bb: () => ({ id: 'e2' }) },
        Entity: {
          __resolveReference: (sent: Sent) => sent,
          requirer: (entity: { data?: typeof baz }) => `${fooOf(entity)}_requirer`,
          requirer2: (entity: { data?: typeof baz }) => `${fooOf(entity)}_requirer2`,
        },
      },
    },
  ],
  cases: [
    gives('{ b { id data { __typename } } bb { id data { __typename } } }', {
      b: { id: 'e1', data: null },
      bb: { id: 'e2', data: { __typename: 'Qux' } },
    }),
    gives('{ a { requirer } }', { a: { requirer: 'q1-foo_requirer' } }),
    gives('{ a { data { __typename } requirer } }', {
      a: { data: { __typename: 'Qux' }, requirer: 'q1-foo_requirer' },
    }),
    gives('{ bb { data { __typename } requirer } }', {
      bb: { data: { __typename: 'Qux' }, requirer: 'q1-foo_requirer' },
    }),
    gives('{ b { data { __typename } requirer } }', { b: { data: null, requirer: 'b1-foo_requirer' } }),
    gives('{ bb { data { __typename } requirer2 } }', {
      bb: { data: { __typename: 'Qux' }, requirer2: 'q1-foo_requirer2' },
    }),
  ],
};

const parcel = { id: 'p1', price: 699.99, isExpensive: true };
const never = () => {
  throw new Error('never asked for');
};
const flag = ({ isExpensive }: { isExpensive?: boolean }) => (isExpensive === undefined ? never() : true);

const includeSkip: Scenario = {
  name: 'include-skip',
  agencies: () => [
    {
      name: 'a',
      typeDefs: 'type Query { product: Product } type Product @key(fields: "id") { id: ID! price: Float! }',
      resolvers: {
        Query: { product: () => parcel },
        Product: { __resolveReference: find([parcel], 'id', 'id', 'price') },
      },
    },
    {
      name: 'b',
      typeDefs: `type Product @key(fields: "id") {
        id: ID! price: Float! @external isExpensive: Boolean! @requires(fields: "price")
      }`,
      resolvers: {
        Product: {
          __resolveReference: (sent: Sent): Sent =>
            'price' in sent ? { ...sent, isExpensive: Number(sent.price) > 500 } : sent,
        },
      },
    },
    {
      name: 'c',
      typeDefs: `
        type Product @key(fields: "id") {
          id: ID!
          isExpensive: Boolean! @external
          include: Boolean! @requires(fields: "isExpensive")
          skip: Boolean! @requires(fields: "isExpensive")
          neverCalledInclude: Boolean! @requires(fields: "isExpensive")
          neverCalledSkip: Boolean! @requires(fields: "isExpensive")
        }`,
      resolvers: {
        Product: {
          __resolveReference: (sent: Sent) => sent,
          include: flag,
          skip: flag,
          neverCalledInclude: never,
          neverCalledSkip: never,
        },
      },
    },
  ],
  cases: [
    gives('query ($b: Boolean = false) { product { price neverCalledInclude @include(if: $b) } }', {
      product: { price: 699.99 },
    }),
    gives('query ($b: Boolean = true) { product { price neverCalledSkip @skip(if: $b) } }', {
      product: { price: 699.99 },
    }),
    gives('query ($b: Boolean = true) { product { price include @include(if: $b) } }', {
      product: { price: 699.99, include: true },
    }),
    gives('query ($b: Boolean = false) { product { price skip @skip(if: $b) } }', {
      product: { price: 699.99, skip: true },
    }),
  ],
};

export const requireFragmentScenarios: readonly Scenario[] = [requiresInterface, requiresWithFragments, includeSkip];
