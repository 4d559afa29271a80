import { fails, find, gives, only, type Scenario } from './scenario.ts';

type Sent = Readonly<Record<string, unknown>>;

const video = { id: '1', title: 'title for 1', duration: 100 };

const indirectExtension: Scenario = {
  name: 'interface-object-indirect-extension',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { media: Media }
        interface Media @key(fields: "id") { id: ID! title: String }
        type Video implements Media @key(fields: "id") { id: ID! title: String duration: Int }
        type Article implements Media @key(fields: "id") { id: ID! title: String wordCount: Int }`,
      resolvers: {
        Query: { media: () => video },
        Media: { __resolveType: () => 'Video' },
        Video: { __resolveReference: () => video },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { author: Author }
        type Author @key(fields: "id") { id: ID! name: String }
        extend type Video @key(fields: "id") { id: ID! authorName: String }`,
      resolvers: {
        Query: { author: () => ({ id: '1', name: 'name for 1' }) },
        Video: { authorName: () => 'John Doe' },
      },
    },
    {
      name: 'c',
      typeDefs: `
        type Query { playlist: Playlist }
        type Playlist @key(fields: "id") { id: ID! name: String media: Media }
        type Media @key(fields: "id") @interfaceObject { id: ID! }`,
      resolvers: {
        Query: { playlist: () => ({ id: '1', name: 'name for 1', media: { id: '1' } }) },
        Media: { __resolveReference: (sent: Sent) => only(sent, 'id') },
      },
    },
  ],
  cases: [
    gives(
      `{
        media { id title ... on Video { duration authorName } ... on Article { wordCount } }
        author { id name }
        playlist { id name media { id ... on Video { duration } } }
      }`,
      {
        media: { ...video, authorName: 'John Doe' },
        author: { id: '1', name: 'name for 1' },
        playlist: { id: '1', name: 'name for 1', media: { id: '1', duration: 100 } },
      },
    ),
  ],
};

const users = [
  { __typename: 'User', id: 'u1', name: 'u1-name', username: 'u1-username', age: 11 },
  { __typename: 'User', id: 'u2', name: 'u2-name', username: 'u2-username', age: 22 },
];
const pick = (...names: string[]) =>
  users.map((user) => Object.fromEntries(names.map((name) => [name, user[name as 'id']])));
const ON_USER = '... on User { age id name username } id name';
const USER_CASES = [
  gives('{ anotherUsers { id name username } }', { anotherUsers: pick('id', 'name', 'username') }),
  gives('{ users { id name username } }', { users: pick('id', 'name', 'username') }),
  gives('{ anotherUsers { ... on User { age } } }', { anotherUsers: pick('age') }),
  gives('{ users { ... on User { age } } }', { users: pick('age') }),
  gives(`{ anotherUsers { ${ON_USER} } }`, { anotherUsers: pick('age', 'id', 'name', 'username') }),
  gives(`{ users { ${ON_USER} } }`, { users: pick('age', 'id', 'name', 'username') }),
];
const USER_TYPES = `
  type Query { users: [NodeWithName!]! }
  interface NodeWithName @key(fields: "id") { id: ID! name: String }
  type User implements NodeWithName @key(fields: "id") { id: ID! name: String age: Int }`;
const USER_RESOLVERS = {
  NodeWithName: { __resolveReference: find(users, 'id', 'id', 'name', 'age') },
  User: { __resolveReference: find(users, 'id', 'id', 'name', 'age') },
  Query: { users: () => users },
};

const interfaceObjectWithRequires: Scenario = {
  name: 'interface-object-with-requires',
  agencies: () => [
    { name: 'a', typeDefs: USER_TYPES, resolvers: USER_RESOLVERS },
    {
      name: 'b',
      typeDefs: `
        type Query { anotherUsers: [NodeWithName] }
        type NodeWithName @key(fields: "id") @interfaceObject {
          id: ID! name: String @external username: String @requires(fields: "name")
        }`,
      resolvers: {
        NodeWithName: {
          // The wrong name on purpose: an interface object has none of its own.
          __resolveReference: ({ id, name }: Sent) => ({ __typename: 'User', id, name }),
          username({ id, name }: Sent) {
            if (name === undefined) throw new Error('name is required');
            return `${String(id)}-username`;
          },
        },
        Query: { anotherUsers: () => users.map((user) => only(user, 'id')) },
      },
    },
  ],
  cases: USER_CASES,
};

const accounts = [
  { __typename: 'Admin', id: 'u1', name: 'Alice', isMain: false, isActive: true },
  { __typename: 'Admin', id: 'u2', name: 'Bob', isMain: true, isActive: true },
  { __typename: 'Regular', id: 'u3', name: 'Charlie', isMain: false, isActive: false },
];
/** An interface object's agency may say any name; nobody believes it. */
const misnamed = (row: Sent | null) => row && { ...row, __typename: 'Never' };

const simpleInterfaceObject: Scenario = {
  name: 'simple-interface-object',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `${USER_TYPES}
        interface Account @key(fields: "id") { id: ID! }
        type Admin implements Account @key(fields: "id") { id: ID! isMain: Boolean! isActive: Boolean! @shareable }
        type Regular implements Account @key(fields: "id") { id: ID! isMain: Boolean! }`,
      resolvers: {
        ...USER_RESOLVERS,
        Account: { __resolveReference: find(accounts, 'id', 'id', 'isActive') },
        Admin: { __resolveReference: find(accounts, 'id', 'id', 'isMain', 'isActive') },
        Regular: { __resolveReference: find(accounts, 'id', 'id', 'isMain') },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { anotherUsers: [NodeWithName] accounts: [Account] }
        type NodeWithName @key(fields: "id") @interfaceObject { id: ID! username: String }
        type Account @key(fields: "id") @interfaceObject { id: ID! name: String }`,
      resolvers: {
        NodeWithName: { __resolveReference: (sent: Sent) => find(users, 'id', 'id', 'username')(sent) },
        Account: { __resolveReference: (sent: Sent) => misnamed(find(accounts, 'id', 'id', 'name')(sent)) },
        Query: { anotherUsers: () => users, accounts: () => accounts.map(misnamed) },
      },
    },
    {
      name: 'c',
      typeDefs: 'type Account @key(fields: "id") @interfaceObject { id: ID! isActive: Boolean! @shareable }',
      resolvers: {
        Account: {
          __resolveReference: (sent: Sent) => misnamed(find(accounts, 'id', 'id')(sent)),
          isActive: () => false,
        },
      },
    },
  ],
  cases: [
    ...USER_CASES,
    gives('{ accounts { name } }', { accounts: accounts.map(({ name }) => ({ name })) }),
    gives('{ accounts { ... on Admin { name } } }', { accounts: [{ name: 'Alice' }, { name: 'Bob' }, {}] }),
    gives('{ accounts { name __typename } }', {
      accounts: accounts.map(({ name, __typename }) => ({ name, __typename })),
    }),
    gives('{ accounts { ... on Admin { __typename } } }', {
      accounts: [{ __typename: 'Admin' }, { __typename: 'Admin' }, {}],
    }),
    gives('{ accounts { id isActive } }', { accounts: accounts.map(({ id }) => ({ id, isActive: false })) }),
    gives('{ accounts { id ... on Admin { isActive } } }', {
      accounts: [{ id: 'u1', isActive: true }, { id: 'u2', isActive: true }, { id: 'u3' }],
    }),
  ],
};

const products = [{ __typename: 'Product', id: 'p-1', name: 'Product 1', price: 10 }];
const NODE = 'interface Node { id: ID! }';

const node: Scenario = {
  name: 'node',
  agencies: () => [
    {
      name: 'node',
      typeDefs: `${NODE}
        type Query { productNode: Node categoryNode: Node }
        type Product implements Node @key(fields: "id") { id: ID! }
        type Category implements Node @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: { productNode: () => products[0] },
        Product: { __resolveReference: find(products, 'id', 'id') },
      },
    },
    {
      name: 'node-two',
      typeDefs: `${NODE}
        type Product implements Node @key(fields: "id") { id: ID! }
        type Category implements Node @key(fields: "id") { id: ID! }`,
      resolvers: { Product: { __resolveReference: find(products, 'id', 'id') } },
    },
    {
      name: 'types',
      typeDefs: `${NODE}
        type Product implements Node @key(fields: "id") @shareable { id: ID! name: String! price: Float! }
        type Category implements Node @key(fields: "id") { id: ID! name: String! }`,
      resolvers: { Product: { __resolveReference: find(products, 'id', 'id', 'name', 'price') } },
    },
  ],
  cases: [gives('{ productNode { ... on Product { id name __typename price } } }', { productNode: products[0] })],
};

/** Agency a knows no object of the interface Node, which b holds as one object that nobody can look up; for Product it is the reverse. */
const nonResolvable: Scenario = {
  name: 'non-resolvable-interface-object',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { a: Node product: Product }
        interface Node @key(fields: "id", resolvable: false) { id: ID! }
        type Product @key(fields: "id") @interfaceObject { id: ID! }`,
      resolvers: {
        Query: { a: () => ({ __typename: 'Node', id: 'n1' }), product: () => ({ id: 'p1' }) },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { b: Node }
        type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! field: String }
        interface Product @key(fields: "id") { id: ID! }
        type Bread implements Product @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: { b: () => ({ id: 'n1', field: 'foo' }) },
        Product: { __resolveReference: ({ id }: Sent) => ({ __typename: 'Bread', id }) },
        Bread: { __resolveReference: (sent: Sent) => only(sent, 'id') },
      },
    },
  ],
  cases: [
    gives('{ b { id field } }', { b: { id: 'n1', field: 'foo' } }),
    gives('{ b { id } }', { b: { id: 'n1' } }),
    fails('{ a { field } }', null),
    fails('{ a { id } }', { a: null }),
    gives('{ product { id } }', { product: { id: 'p1' } }),
    fails('{ product { id name } }', null),
    gives('{ product { ... on Bread { id } } }', { product: { id: 'p1' } }),
  ],
};

export const interfaceObjectScenarios: readonly Scenario[] = [
  indirectExtension,
  interfaceObjectWithRequires,
  simpleInterfaceObject,
  node,
  nonResolvable,
];
