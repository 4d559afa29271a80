import { find, gives, type Scenario } from './scenario.ts';

const product = { id: 'p1', price: 599.99, hasDiscount: true };
type Sent = Readonly<Record<string, unknown>>;

/** An agency that derives `to` from the required `from`, if it was sent. */
const derive =
  (...rules: readonly (readonly [from: string, to: string, how: (value: never) => unknown])[]) =>
  (sent: Sent): Sent =>
    Object.fromEntries([
      ...Object.entries(sent),
      ...rules.filter(([from]) => from in sent).map(([from, to, how]) => [to, how(sent[from] as never)]),
    ]);
const not = (value: boolean): boolean => !value;

const requiresRequires: Scenario = {
  name: 'requires-requires',
  agencies: () => [
    {
      name: 'a',
      typeDefs: 'type Product @key(fields: "id") { id: ID! price: Float! @inaccessible }',
      resolvers: { Product: { __resolveReference: find([product], 'id', 'id', 'price') } },
    },
    {
      name: 'b',
      typeDefs: 'type Query { product: Product } type Product @key(fields: "id") { id: ID! hasDiscount: Boolean! }',
      resolvers: {
        Query: { product: () => product },
        Product: { __resolveReference: find([product], 'id', 'id', 'hasDiscount') },
      },
    },
    {
      name: 'c',
      typeDefs: `
        type Product @key(fields: "id") {
          id: ID!
          price: Float! @external
          isExpensive: Boolean! @requires(fields: "price")
          hasDiscount: Boolean! @external
          isExpensiveWithDiscount: Boolean! @requires(fields: "hasDiscount")
        }`,
      resolvers: {
        Product: {
          __resolveReference: derive(
            ['price', 'isExpensive', (price: number) => price > 500],
            ['hasDiscount', 'isExpensiveWithDiscount', not],
          ),
        },
      },
    },
    {
      name: 'd',
      typeDefs: `
        type Product @key(fields: "id") {
          id: ID!
          isExpensive: Boolean! @external
          canAfford: Boolean! @requires(fields: "isExpensive")
          isExpensiveWithDiscount: Boolean! @external
          canAffordWithDiscount: Boolean! @requires(fields: "isExpensiveWithDiscount")
        }`,
      resolvers: {
        Product: {
          __resolveReference: derive(
            ['isExpensive', 'canAfford', not],
            ['isExpensiveWithDiscount', 'canAffordWithDiscount', not],
          ),
        },
      },
    },
  ],
  cases: [
    gives('{ product { canAfford } }', { product: { canAfford: false } }),
    gives('{ product { isExpensive } }', { product: { isExpensive: true } }),
    gives('{ product { isExpensive canAfford } }', { product: { isExpensive: true, canAfford: false } }),
    gives('{ product { canAffordWithDiscount } }', { product: { canAffordWithDiscount: true } }),
    gives('{ product { canAfford canAffordWithDiscount } }', {
      product: { canAfford: false, canAffordWithDiscount: true },
    }),
  ],
};

const nestedRequires: Scenario = {
  name: 'nested-requires',
  agencies: () => [
    {
      name: 'service1',
      typeDefs: `
        type User @key(fields: "id") { id: ID! firstName: String! lastName: String! address: String }
        type Query { user: User }`,
      resolvers: { Query: { user: () => ({ id: 1, firstName: 'Jake', lastName: 'Dawkins', address: 'everywhere' }) } },
    },
    {
      name: 'service2',
      typeDefs: `
        type UserOrder @key(fields: "id", resolvable: false) { id: ID! }
        type User @key(fields: "id") {
          id: ID!
          userOrders: [UserOrder!] @external
          totalOrdersPrices: Int @requires(fields: "userOrders { id }")
          aggregatedOrdersByStatus: Int @requires(fields: "userOrders { id }")
        }`,
      resolvers: {
        User: {
          totalOrdersPrices: ({ userOrders }: Sent) => (Array.isArray(userOrders) ? 0 : new Error('no orders')),
          aggregatedOrdersByStatus: ({ userOrders }: Sent) => (Array.isArray(userOrders) ? 1 : new Error('no orders')),
        },
      },
    },
    {
      name: 'service3',
      typeDefs: `
        type UserOrder @key(fields: "id") { id: ID! }
        type User @key(fields: "id") {
          id: ID! lastName: String! @external userOrders: [UserOrder!] @requires(fields: "lastName")
        }`,
      resolvers: {
        User: {
          userOrders: ({ lastName }: Sent) => (lastName ? [{ id: `${String(lastName)}1` }] : new Error('no name')),
        },
      },
    },
  ],
  cases: [
    gives('{ user { aggregatedOrdersByStatus totalOrdersPrices } }', {
      user: { aggregatedOrdersByStatus: 1, totalOrdersPrices: 0 },
    }),
  ],
};

const users = ['u1', 'u2', 'u3'].map((id) => ({ id, name: `${id}-name` }));
const unnamed = ({ id }: Sent): Sent => ({ id, name: 'never' });

/** `name` is b's now, and whoever computes with it is sent b's. */
const overrideWithRequires: Scenario = {
  name: 'override-with-requires',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `type Query { userInA: User }
        type User @key(fields: "id") { id: ID! name: String! @external aName: String! @requires(fields: "name") }`,
      resolvers: {
        Query: { userInA: () => unnamed({ id: 'u1' }) },
        User: { aName: ({ name }: Sent) => `a__${String(name)}` },
      },
    },
    {
      name: 'b',
      typeDefs:
        'type Query { userInB: User } type User @key(fields: "id") { id: ID! name: String! @override(from: "d") }',
      resolvers: { Query: { userInB: () => users[1] }, User: { __resolveReference: find(users, 'id', 'id', 'name') } },
    },
    {
      name: 'c',
      typeDefs: `type Query { userInC: User }
        type User @key(fields: "id") { id: ID! name: String! @external cName: String! @requires(fields: "name") }`,
      resolvers: {
        Query: { userInC: () => unnamed({ id: 'u3' }) },
        User: { cName: ({ name }: Sent) => `c__${String(name)}` },
      },
    },
    {
      name: 'd',
      typeDefs: 'type User @key(fields: "id") { id: ID! name: String! }',
      resolvers: { User: { __resolveReference: unnamed } },
    },
  ],
  cases: [
    gives(
      '{ userInA { id name aName cName } userInB { id name aName cName } userInC { id name aName cName } }',
      Object.fromEntries(
        users.map(({ id, name }, at) => [`userIn${'ABC'[at]}`, { id, name, aName: `a__${name}`, cName: `c__${name}` }]),
      ),
    ),
    gives('{ userInC { cName } }', { userInC: { cName: 'c__u3-name' } }),
    gives('{ userInA { cName } }', { userInA: { cName: 'c__u1-name' } }),
    gives('{ userInA { aName } }', { userInA: { aName: 'a__u1-name' } }),
  ],
};

export const requireChainScenarios: readonly Scenario[] = [requiresRequires, nestedRequires, overrideWithRequires];
