import { fails, find, gives, only, type Scenario } from './scenario.ts';

type Sent = Readonly<Record<string, unknown>>;

const account = { id: 'u1', email: 'u1-email', nickname: 'u1-nickname' };

/** The agency at the root knows the other's key, and nothing else of it. */
const entityCall: Scenario = {
  name: 'simple-entity-call',
  agencies: () => [
    {
      name: 'email',
      typeDefs: `type Query { user: User }
        type User @key(fields: "id") @key(fields: "email") { id: ID! email: String! @shareable }`,
      resolvers: { Query: { user: () => only(account, 'id', 'email') } },
    },
    {
      name: 'nickname',
      typeDefs: 'type User @key(fields: "email") { email: String! @shareable nickname: String! }',
      resolvers: { User: { __resolveReference: find([account], 'email', 'email', 'nickname') } },
    },
  ],
  cases: [gives('{ user { id nickname } }', { user: { id: 'u1', nickname: 'u1-nickname' } })],
};

const friends = [
  { id: 'u1', friends: ['u2'] },
  { id: 'u2', friends: ['u1'] },
];
const eachOther = friends.map((user) => ({ id: user.id, friends: user.friends.map((id) => ({ id })) }));

const inaccessible: Scenario = {
  name: 'simple-inaccessible',
  agencies: () => [
    {
      name: 'age',
      typeDefs: 'type Query { usersInAge: [User!]! } type User @key(fields: "id") { id: ID age: Int }',
      resolvers: { Query: { usersInAge: () => friends.map(({ id }) => ({ id })) } },
    },
    {
      name: 'friends',
      typeDefs: `
        type Query { usersInFriends: [User!]! }
        type User @key(fields: "id") { id: ID friends(type: FriendType = FAMILY @inaccessible): [User!]! type: FriendType }
        enum FriendType { FAMILY @inaccessible FRIEND }`,
      resolvers: {
        Query: { usersInFriends: () => friends },
        User: {
          __resolveReference: find(friends, 'id', 'id', 'friends'),
          friends: (user: { friends: string[] }) => user.friends.map((id) => ({ id })),
          type: () => 'FAMILY',
        },
      },
    },
  ],
  cases: [
    gives('{ usersInAge { id friends { id } } }', { usersInAge: eachOther }),
    gives('{ usersInFriends { id friends { id } } }', { usersInFriends: eachOther }),
    fails('{ usersInFriends { id friends(type: FRIEND) { id } } }', null),
    gives('{ usersInFriends { id friends { id type } } }', {
      usersInFriends: eachOther.map((user) => ({
        ...user,
        friends: user.friends.map(({ id }) => ({ id, type: null })),
      })),
    }),
  ],
};

const posts = ['p1', 'p2'].map((id) => ({ id, createdAt: `${id}-createdAt` }));
const never = posts.map(({ id }) => ({ id, createdAt: 'never' }));
const FEED = posts.map(({ createdAt }) => ({ createdAt }));

/** `from`: whom b overrides; the other's answers are never wanted when that is a. */
function overriding(name: string, from: string): Scenario {
  const inA = from === 'a' ? never : posts;
  return {
    name,
    agencies: () => [
      {
        name: 'a',
        typeDefs: `type Query { feed: [Post] @shareable aFeed: [Post] }
          type Post @key(fields: "id") { id: ID! createdAt: String!${from === 'a' ? '' : ' @shareable'} }`,
        resolvers: {
          Query: { feed: () => inA, aFeed: () => [inA[1]] },
          Post: { __resolveReference: find(inA, 'id', 'id', 'createdAt') },
        },
      },
      {
        name: 'b',
        typeDefs: `type Query { feed: [Post] @shareable bFeed: [Post] }
          type Post @key(fields: "id") { id: ID! createdAt: String! @override(from: "${from}")${from === 'a' ? '' : ' @shareable'} }`,
        resolvers: {
          Query: { feed: () => posts, bFeed: () => [posts[0]] },
          Post: { __resolveReference: find(posts, 'id', 'id', 'createdAt') },
        },
      },
    ],
    cases: [
      gives('{ feed { createdAt } }', { feed: FEED }),
      gives('{ aFeed { createdAt } bFeed { createdAt } }', { aFeed: [FEED[1]], bFeed: [FEED[0]] }),
    ],
  };
}

const rows = [
  { upc: 'p1', name: 'p-name-1', price: 11, weight: 1, reviews: [{ id: 'r1', productUpc: 'p1' }] },
  { upc: 'p2', name: 'p-name-2', price: 22, weight: 2, reviews: [{ id: 'r2', productUpc: 'p2' }] },
];
const written = rows.flatMap(({ reviews }) => reviews);
const author = { id: 'u1', username: 'u-username-1' };
const byUpc = ({ upc }: Sent) => rows.find((row) => row.upc === upc)!;

const requiresProvides: Scenario = {
  name: 'simple-requires-provides',
  agencies: () => [
    {
      name: 'accounts',
      typeDefs: 'type Query { me: User } type User @key(fields: "id") { id: ID! username: String @shareable }',
      resolvers: { Query: { me: () => author }, User: { __resolveReference: () => author } },
    },
    {
      name: 'products',
      typeDefs: `type Query { products: [Product] }
        type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
      resolvers: { Query: { products: () => rows }, Product: { __resolveReference: byUpc } },
    },
    {
      name: 'inventory',
      typeDefs: `type Product @key(fields: "upc") {
        upc: String! weight: Int @external price: Int @external inStock: Boolean
        shippingEstimate: Int @requires(fields: "price weight")
        shippingEstimateTag: String @requires(fields: "price weight")
      }`,
      resolvers: {
        Product: {
          inStock: ({ upc }: Sent) => upc === 'p1',
          shippingEstimate: (sent: { price: number; weight: number }) => sent.price * sent.weight * 10,
          shippingEstimateTag: (sent: { upc: string; price: number; weight: number }) =>
            `#${sent.upc}#${sent.price * sent.weight * 10}#`,
        },
      },
    },
    {
      name: 'reviews',
      typeDefs: `
        type Review @key(fields: "id") { id: ID! author: User @provides(fields: "username") product: Product }
        type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
        type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
      resolvers: {
        Review: { author: () => author, product: ({ productUpc }: Sent) => ({ upc: productUpc }) },
        User: { reviews: () => written },
        Product: { reviews: (sent: Sent) => byUpc(sent).reviews },
      },
    },
  ],
  cases: [
    gives('{ me { id } }', { me: { id: 'u1' } }),
    gives('{ me { id reviews { id } } }', { me: { id: 'u1', reviews: [{ id: 'r1' }, { id: 'r2' }] } }),
    gives('{ me { reviews { id author { id username } product { inStock } } } }', {
      me: { reviews: [true, false].map((inStock, at) => ({ id: `r${at + 1}`, author, product: { inStock } })) },
    }),
    gives('{ products { name } }', { products: rows.map(({ name }) => ({ name })) }),
    gives('{ products { price } }', { products: rows.map(({ price }) => ({ price })) }),
    gives('{ products { shippingEstimate } }', { products: [{ shippingEstimate: 110 }, { shippingEstimate: 440 }] }),
    gives('{ products { shippingEstimate weight price } }', {
      products: [
        { shippingEstimate: 110, weight: 1, price: 11 },
        { shippingEstimate: 440, weight: 2, price: 22 },
      ],
    }),
    gives('{ products { reviews { id author { username } product { name shippingEstimate } } } }', {
      products: [110, 440].map((shippingEstimate, at) => ({
        reviews: [
          {
            id: `r${at + 1}`,
            author: { username: author.username },
            product: { name: `p-name-${at + 1}`, shippingEstimate },
          },
        ],
      })),
    }),
    gives('{ me { reviews { product { reviews { id } } } } }', {
      me: { reviews: ['r1', 'r2'].map((id) => ({ product: { reviews: [{ id }] } })) },
    }),
    gives('{ me { reviews { product { inStock } } } }', {
      me: { reviews: [{ product: { inStock: true } }, { product: { inStock: false } }] },
    }),
    gives('{ me { reviews { product { shippingEstimate } } } }', {
      me: { reviews: [110, 440].map((shippingEstimate) => ({ product: { shippingEstimate } })) },
    }),
    gives('{ me { reviews { product { shippingEstimate shippingEstimateTag } } } }', {
      me: {
        reviews: [110, 440].map((shippingEstimate, at) => ({
          product: { shippingEstimate, shippingEstimateTag: `#p${at + 1}#${shippingEstimate}#` },
        })),
      },
    }),
  ],
};

export const simpleScenarios: readonly Scenario[] = [
  entityCall,
  inaccessible,
  overriding('simple-override', 'a'),
  overriding('unavailable-override', 'non-existing'),
  requiresProvides,
];
