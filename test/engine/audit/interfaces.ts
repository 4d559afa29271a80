import { fails, find, gives, type Scenario } from './scenario.ts';

type Sent = Readonly<Record<string, unknown>>;
const books = [
  { __typename: 'Book', id: '1', price: 10.99 },
  { __typename: 'Book', id: '2', price: 5.99 },
  { __typename: 'Book', id: '3', price: 10.99 },
];

const circularReference: Scenario = {
  name: 'circular-reference-interface',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { product: Product }
        interface Product { samePriceProduct: Product }
        type Book implements Product @key(fields: "id") {
          id: ID! samePriceProduct: Book @provides(fields: "price") price: Float @external
        }`,
      resolvers: {
        Query: { product: () => books[0] },
        Book: {
          samePriceProduct: (book: (typeof books)[number]) =>
            books.find((one) => one.price === book.price && one.id !== book.id),
        },
      },
    },
    {
      name: 'b',
      typeDefs: 'type Book @key(fields: "id") { id: ID! price: Float @shareable }',
      resolvers: { Book: { __resolveReference: find(books, 'id', 'id', 'price') } },
    },
  ],
  cases: [
    gives('{ product { samePriceProduct { ... on Product { samePriceProduct { __typename } } } } }', {
      product: { samePriceProduct: { samePriceProduct: { __typename: 'Book' } } },
    }),
    gives(
      `{ product {
        __typename
        samePriceProduct { __typename ... on Book { id } samePriceProduct { __typename ... on Book { id } } }
        ... on Book { __typename id price samePriceProduct { id price } }
      } }`,
      {
        product: {
          __typename: 'Book',
          samePriceProduct: {
            __typename: 'Book',
            id: '3',
            samePriceProduct: { __typename: 'Book', id: '1' },
            price: 10.99,
          },
          id: '1',
          price: 10.99,
        },
      },
    ),
  ],
};

const account = { __typename: 'Account', id: 'a1', username: 'a1-username' };
const chat = { __typename: 'Chat', id: 'c1', text: 'c1-text' };

/** No agency can give the `id` of every node: the supergraph composes, the query has no plan. */
const corruptedNodeId: Scenario = {
  name: 'corrupted-supergraph-node-id',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { node(id: ID!): Node @shareable account(id: String!): Account }
        interface Node { id: ID! }
        type Account implements Node @key(fields: "id") { id: ID! username: String! }
        type Chat implements Node @key(fields: "id") { id: ID! @external account: Account! }`,
      resolvers: {
        Query: {
          node: (_: unknown, { id }: Sent) => (id === 'a1' ? account : { __typename: 'Chat', id: 'never' }),
          account: () => account,
        },
        Account: { __resolveReference: find([account], 'id', 'id', 'username') },
        Chat: { __resolveReference: find([chat], 'id', 'id'), account: () => account },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { node(id: ID!): Node @shareable chat(id: String!): Chat }
        interface Node { id: ID! }
        type Account implements Node @key(fields: "id") { id: ID! @external chats: [Chat!]! }
        type Chat implements Node @key(fields: "id") { id: ID! text: String! }`,
      resolvers: {
        Query: {
          node: (_: unknown, { id }: Sent) => (id === 'c1' ? chat : { __typename: 'Account', id: 'never' }),
          chat: () => chat,
        },
        Account: { __resolveReference: find([account], 'id', 'id'), chats: () => [chat] },
        Chat: { __resolveReference: find([chat], 'id', 'id', 'text') },
      },
    },
  ],
  cases: [
    fails('{ node(id: "a1") { id } }', null),
    gives('{ account: node(id: "a1") { __typename } chat: node(id: "c1") { __typename } }', {
      account: { __typename: 'Account' },
      chat: { __typename: 'Chat' },
    }),
    gives(
      '{ account: node(id: "a1") { ... on Account { id username } } chat: node(id: "c1") { ... on Chat { id text } } }',
      {
        account: { id: 'a1', username: 'a1-username' },
        chat: { id: 'c1', text: 'c1-text' },
      },
    ),
    gives('{ account: node(id: "a1") { ... on Chat { id } } chat: node(id: "c1") { ... on Account { id } } }', {
      account: {},
      chat: {},
    }),
    gives(
      '{ account: node(id: "a1") { __typename ... on Chat { id } } chat: node(id: "c1") { __typename ... on Account { id } } }',
      { account: { __typename: 'Account' }, chat: { __typename: 'Chat' } },
    ),
    fails(
      '{ account: node(id: "a1") { id ... on Chat { id } } chat: node(id: "c1") { __typename ... on Account { id } } }',
      null,
    ),
    gives('{ chat(id: "c1") { id } }', { chat: { id: 'c1' } }),
    gives('{ account(id: "a1") { id } }', { account: { id: 'a1' } }),
    gives('{ chat(id: "c1") { id text account { id } } }', {
      chat: { id: 'c1', text: 'c1-text', account: { id: 'a1' } },
    }),
    gives('{ account(id: "a1") { id username chats { id } } }', {
      account: { id: 'a1', username: 'a1-username', chats: [{ id: 'c1' }] },
    }),
  ],
};

const imagePosts = ['i1', 'i2'].map((id) => ({ __typename: 'ImagePost', id, createdAt: `${id}-createdAt` }));
const WHEN = imagePosts.map(({ createdAt }) => ({ createdAt }));

const overrideTypeInterface: Scenario = {
  name: 'override-type-interface',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        interface Post { id: ID! createdAt: String! }
        type ImagePost implements Post @key(fields: "id") { id: ID! createdAt: String! }
        type Query { feed: [Post] }`,
      resolvers: { Query: { feed: () => imagePosts }, ImagePost: { createdAt: () => 'NEVER' } },
    },
    {
      name: 'b',
      typeDefs: `
        interface Post { id: ID! createdAt: String! }
        type TextPost implements Post @key(fields: "id") { id: ID! createdAt: String! body: String! }
        interface AnotherPost { id: ID! createdAt: String! }
        type ImagePost implements AnotherPost @key(fields: "id") { id: ID! createdAt: String! @override(from: "a") }
        type Query { anotherFeed: [AnotherPost] }`,
      resolvers: {
        Query: { anotherFeed: () => imagePosts },
        ImagePost: { __resolveReference: find(imagePosts, 'id', 'id', 'createdAt') },
      },
    },
  ],
  cases: [
    gives('{ feed { id createdAt } }', { feed: imagePosts.map(({ id, createdAt }) => ({ id, createdAt })) }),
    gives('{ feed { ... on TextPost { id body } } }', { feed: [{}, {}] }),
    gives('{ anotherFeed { createdAt } }', { anotherFeed: WHEN }),
    gives('{ anotherFeed { createdAt id ... on ImagePost { createdAt id } } }', {
      anotherFeed: imagePosts.map(({ id, createdAt }) => ({ createdAt, id })),
    }),
  ],
};

export const interfaceScenarios: readonly Scenario[] = [circularReference, corruptedNodeId, overrideTypeInterface];
