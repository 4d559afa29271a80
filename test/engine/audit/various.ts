import { fails, find, gives, only, type Scenario } from './scenario.ts';

type Sent = Readonly<Record<string, unknown>>;
const users = ['u1', 'u2'].map((id) => ({
  __typename: 'User',
  id,
  name: `${id}-name`,
  nickname: `${id}-nickname`,
  rid: `${id}-rid`,
}));
const owner = {
  name: 'b',
  typeDefs: `# fed1
    type Query { userById(id: ID): User }
    type User @key(fields: "id") { id: ID! name: String! nickname: String }`,
  resolvers: {
    Query: { userById: (_: unknown, asked: Sent) => find(users, 'id', 'id', 'name', 'nickname')(asked) },
    User: { __resolveReference: find(users, 'id', 'id', 'name', 'nickname') },
  },
};
const extender = (typeDefs: string) => ({
  name: 'a',
  typeDefs,
  resolvers: {
    Query: {
      randomUser: () => only(users[0]!, 'id', 'rid'),
      providedRandomUser: () => only(users[0]!, 'id', 'rid', 'name'),
    },
    User: { __resolveReference: find(users, 'id', 'id', 'rid'), name: ({ name }: Sent) => name ?? 'never' },
  },
});
const EXTENDED_CASES = [
  gives('{ randomUser { id name } userById(id: "u2") { id name nickname } }', {
    randomUser: { id: 'u1', name: 'u1-name' },
    userById: { id: 'u2', name: 'u2-name', nickname: 'u2-nickname' },
  }),
  gives('{ randomUser { id rid } }', { randomUser: { id: 'u1', rid: 'u1-rid' } }),
  gives('{ providedRandomUser { id name nickname } }', {
    providedRandomUser: { id: 'u1', name: 'u1-name', nickname: 'u1-nickname' },
  }),
];
const EXTENDED_FIELDS = '{ id: ID! @external name: String! @external rid: ID }';
const RANDOM_USERS = 'type Query { randomUser: User providedRandomUser: User @provides(fields: "name") }';

const extensions: readonly Scenario[] = [
  ['fed1-external-extends', `# fed1\n type User @key(fields: "id") @extends ${EXTENDED_FIELDS}`],
  ['fed1-external-extension', `# fed1\n extend type User @key(fields: "id") ${EXTENDED_FIELDS}`],
  [
    'fed2-external-extends',
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@provides", "@extends"])
     type User @key(fields: "id") @extends ${EXTENDED_FIELDS}`,
  ],
  ['fed2-external-extension', `extend type User @key(fields: "id") ${EXTENDED_FIELDS}`],
].map(([name, userType]) => ({
  name: name!,
  agencies: () => [extender(`${userType} ${RANDOM_USERS}`), owner],
  cases: EXTENDED_CASES,
}));

const books = ['1', '2', '3'].map((id) => ({
  __typename: 'Book',
  id,
  upc: `b${id}`,
  author: { id: `a${id}`, name: ['Alice', 'Bob', 'Jack'][Number(id) - 1] },
}));

/** The third book is unknown to the only agency that knows the way from one key to the other. */
const nullKeys: Scenario = {
  name: 'null-keys',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { bookContainers: [BookContainer] }
        type BookContainer { book: Book }
        type Book @key(fields: "upc") { upc: ID! }`,
      resolvers: { Query: { bookContainers: () => books.map((book) => ({ book: only(book, 'upc') })) } },
    },
    {
      name: 'b',
      typeDefs: 'type Book @key(fields: "id") @key(fields: "upc") { id: ID! upc: ID! }',
      resolvers: { Book: { __resolveReference: find(books.slice(0, 2), 'upc', 'id', 'upc') } },
    },
    {
      name: 'c',
      typeDefs: 'type Book @key(fields: "id") { id: ID! author: Author } type Author { id: ID! name: String }',
      resolvers: {
        Book: {
          __resolveReference(reference: Sent) {
            const book = find(books, 'id', 'id', 'author')(reference);
            if (!book) throw new Error('Invalid reference');
            return book;
          },
        },
      },
    },
  ],
  cases: [
    gives('{ bookContainers { book { upc author { name } } } }', {
      bookContainers: [
        { book: { upc: 'b1', author: { name: 'Alice' } } },
        { book: { upc: 'b2', author: { name: 'Bob' } } },
        { book: { upc: 'b3', author: null } },
      ],
    }),
  ],
};

const composite = {
  __typename: 'A',
  id: '1',
  pId: 'a.1.pId',
  compositeId: { one: 'o', two: 't', three: 'th' },
  name: 'a.1',
};

const keysMashup: Scenario = {
  name: 'keys-mashup',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type A
          @key(fields: "id", resolvable: true)
          @key(fields: "pId", resolvable: false)
          @key(fields: "compositeId { one two }", resolvable: false)
          @key(fields: "id compositeId { two three }", resolvable: false)
        { id: ID! pId: ID! compositeId: CompositeID! name: String! }
        type CompositeID { one: ID! two: ID! three: ID! }`,
      resolvers: { A: { __resolveReference: find([composite], 'id', 'id', 'pId', 'compositeId', 'name') } },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { b: B }
        type B @key(fields: "id") { id: ID! a: [A!]! }
        type A
          @key(fields: "compositeId { one two }", resolvable: false)
          @key(fields: "id compositeId { two three }", resolvable: true)
          @key(fields: "pId", resolvable: false)
          @key(fields: "id", resolvable: false)
        { id: ID! pId: ID! compositeId: CompositeID! name: String! @external nameInB: String! @requires(fields: "name") }
        type CompositeID { one: ID! two: ID! three: ID! }`,
      resolvers: {
        Query: { b: () => ({ id: '100', a: [only(composite, 'id', 'pId', 'compositeId')] }) },
        A: {
          __resolveReference: (sent: Sent) => ({ ...only(composite, 'id', 'pId', 'compositeId'), name: sent.name }),
          nameInB: ({ name }: Sent) => (name === undefined ? new Error('no name') : `b.a.nameInB ${String(name)}`),
        },
      },
    },
  ],
  cases: [
    gives('{ b { id a { id name nameInB } } }', {
      b: { id: '100', a: [{ id: '1', name: 'a.1', nameInB: 'b.a.nameInB a.1' }] },
    }),
  ],
};

const products = ['1', '2'].map((id) => ({ id, price: Number(id) * 100, name: `name-${id}` }));

const mysteriousExternal: Scenario = {
  name: 'mysterious-external',
  agencies: () => [
    {
      name: 'price',
      typeDefs: `
        extend type Product @key(fields: "id") { id: ID! @external price: Float }
        type Query { cheapestProduct: Product }`,
      resolvers: {
        Query: { cheapestProduct: () => only(products[0]!, 'id', 'price') },
        Product: { __resolveReference: find(products, 'id', 'id', 'price') },
      },
    },
    {
      name: 'product',
      typeDefs: 'type Query { products: [Product] } type Product @key(fields: "id") { id: ID! name: String }',
      resolvers: {
        Query: { products: () => products },
        Product: { __resolveReference: find(products, 'id', 'id', 'name') },
      },
    },
  ],
  cases: [
    gives('{ cheapestProduct { id price name } }', { cheapestProduct: products[0] }),
    gives('{ products { name price id } }', { products }),
  ],
};

const FILTERED_USER = 'type User @key(fields: "id") { id: ID! name: String! @shareable }';

const inputObjectIntersection: Scenario = {
  name: 'input-object-intersection',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `${FILTERED_USER} input UsersFilter { first: Int! } type Query { usersInA(filter: UsersFilter!): [User!] }`,
      resolvers: { Query: { usersInA: () => users } },
    },
    {
      name: 'b',
      typeDefs: `${FILTERED_USER}
        input UsersFilter { offset: Int first: Int! } type Query { usersInB(filter: UsersFilter!): [User!] }`,
      resolvers: { Query: { usersInB: () => users } },
    },
  ],
  cases: [
    gives('{ usersInA(filter: { first: 1 }) { id } }', { usersInA: [{ id: 'u1' }, { id: 'u2' }] }),
    fails('{ usersInA(filter: { first: 1, offset: 2 }) { id } }', null),
    fails('{ usersInB(filter: { first: 1, offset: 2 }) { id } }', null),
  ],
};

const kinds = [
  { id: 'u1', type: 'REGULAR' },
  { id: 'u2', type: 'ANONYMOUS' },
];

/** A value that the agency itself does not know is that agency's error; one that the public schema hides is absent. */
const enumIntersection: Scenario = {
  name: 'enum-intersection',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        enum UserType { REGULAR }
        type Query { users: [User] }
        type User @key(fields: "id") { id: ID! type: UserType @shareable }`,
      resolvers: { Query: { users: () => kinds }, User: { __resolveReference: find(kinds, 'id', 'id', 'type') } },
    },
    {
      name: 'b',
      typeDefs: `
        enum UserType { ANONYMOUS @inaccessible REGULAR }
        type Query { usersB: [User] usersByType(type: UserType): [User] }
        type User @key(fields: "id") { id: ID! type: UserType @shareable }`,
      resolvers: { Query: { usersB: () => kinds, usersByType: () => [kinds[0]] } },
    },
  ],
  cases: [
    gives('{ users { id } }', { users: [{ id: 'u1' }, { id: 'u2' }] }),
    fails('{ users { id type } }', {
      users: [
        { id: 'u1', type: 'REGULAR' },
        { id: 'u2', type: null },
      ],
    }),
    gives('{ usersB { id type } }', {
      usersB: [
        { id: 'u1', type: 'REGULAR' },
        { id: 'u2', type: null },
      ],
    }),
    gives('{ usersByType(type: REGULAR) { id type } }', { usersByType: [{ id: 'u1', type: 'REGULAR' }] }),
    fails('{ usersByType(type: ANONYMOUS) { id type } }', null),
  ],
};

const everybody = [
  { __typename: 'User', id: 'u1', name: 'u1-name' },
  { __typename: 'Admin', id: 'a1', name: 'a1-name' },
];
const named = everybody.map(({ id, name }) => ({ id, name }));
const onBoth = (fields: string): string => `... on User { ${fields} } ... on Admin { ${fields} }`;
const similar = (depth: number): unknown[] =>
  named.map((one) => (depth === 0 ? one : { ...one, similarAccounts: similar(depth - 1) }));

const childTypeMismatch: Scenario = {
  name: 'child-type-mismatch',
  agencies: () => [
    {
      name: 'a',
      typeDefs: 'type User { id: ID @shareable } type Query { users: [User!]! }',
      resolvers: { Query: { users: () => [{ id: 'u1' }] } },
    },
    {
      name: 'b',
      typeDefs: `
        union Account = User | Admin
        type User @key(fields: "id") { id: ID! name: String similarAccounts: [Account!]! }
        type Admin { id: ID name: String similarAccounts: [Account!]! }
        type Query { accounts: [Account!]! }`,
      resolvers: {
        Query: { accounts: () => everybody },
        User: { __resolveReference: find(everybody, 'id', 'id', 'name'), similarAccounts: () => everybody },
        Admin: { similarAccounts: () => everybody },
      },
    },
  ],
  cases: [
    gives(`{ users { id name } accounts { ${onBoth('id name')} } }`, { users: [named[0]], accounts: named }),
    gives(`{ users { id name } accounts { ${onBoth(`id name similarAccounts { ${onBoth('id name')} }`)} } }`, {
      users: [named[0]],
      accounts: similar(1),
    }),
    gives(
      `query Deep { users { id name } accounts { ${onBoth(
        `id name similarAccounts { ${onBoth(`id name similarAccounts { ${onBoth('id name')} }`)} }`,
      )} } }`,
      { users: [named[0]], accounts: similar(2) },
    ),
  ],
};

export const variousScenarios: readonly Scenario[] = [
  ...extensions,
  nullKeys,
  keysMashup,
  mysteriousExternal,
  inputObjectIntersection,
  enumIntersection,
  childTypeMismatch,
];
