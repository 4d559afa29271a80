import { find, gives, only, type Scenario } from './scenario.ts';

const posts = [{ id: 'p1' }, { id: 'p2' }];
const products = [
  { upc: 'p1', name: 'p-name-1', price: 11, weight: 1, category: { averagePrice: 11 } },
  { upc: 'p2', name: 'p-name-2', price: 22, weight: 2, category: { averagePrice: 22 } },
];
type Product = (typeof products)[number];

/** What an agency that computes from required fields is sent. */
const asSent = (reference: object): object => reference;

const comments = [
  ['c1', 'p1', 'a2', 'c1-body'],
  ['c2', 'p1', 'a2', 'c2-body'],
  ['c3', 'p1', 'a2', 'c3-body'],
  ['c4', 'p2', 'a1', 'c4-body'],
  ['c5', 'p2', 'a1', 'c5-body'],
  ['c6', 'p2', 'a1', 'c6-body'],
  ['c7', 'p2', 'a1', 'c3-body'],
].map(([id, postId, authorId, body]) => ({ id, postId, authorId, body }));
const commentsOf = (post: { id: string }, { limit }: { limit: number }) =>
  comments.filter(({ postId }) => postId === post.id).slice(0, limit);

const AUTHORS = [{ author: { id: 'a2' } }, { author: { id: 'a1' } }];
const FIRST_COMMENTS = [
  { author: { id: 'a2' }, comments: [{ id: 'c1' }] },
  { author: { id: 'a1' }, comments: [{ id: 'c4' }] },
];
const spam = (...flags: boolean[]) => ({ comments: flags.map((isCommentSpam) => ({ isCommentSpam })) });

const withArgument: Scenario = {
  name: 'requires-with-argument',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Product @key(fields: "upc") {
          upc: String!
          weight: Int @external
          price(currency: String!): Int @external
          shippingEstimate: Int @requires(fields: """ price(currency: "USD") weight """)
          category: Category @external
          isExpensiveCategory: Boolean @requires(fields: """ category { averagePrice(currency: "USD") } """)
        }
        type Category @external { averagePrice(currency: String!): Int }`,
      resolvers: {
        Product: {
          __resolveReference: asSent,
          shippingEstimate: ({ price, weight }: Product) => price * weight * 10,
          isExpensiveCategory: ({ category }: Product) => category.averagePrice > 11,
        },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { products: [Product] }
        type Product @key(fields: "upc") { upc: String! name: String price(currency: String!): Int weight: Int category: Category }
        type Category { averagePrice(currency: String!): Int }`,
      resolvers: {
        Query: { products: () => products },
        Product: { __resolveReference: find(products, 'upc', 'upc', 'name', 'price', 'weight', 'category') },
      },
    },
    {
      name: 'c',
      typeDefs: `
        type Query { feed: [Post] }
        type Post @key(fields: "id") { id: ID! comments(limit: Int!): [Comment] @external }
        type Comment @key(fields: "id") {
          id: ID! authorId: ID body: String!
          sameCommentOnOtherPosts: [Post] @external
          isCommentSpam: Boolean @requires(fields: "sameCommentOnOtherPosts { comments(limit: 50) { id } }")
        }`,
      resolvers: {
        Query: { feed: () => posts },
        Post: { __resolveReference: find(posts, 'id', 'id'), comments: commentsOf },
        Comment: {
          __resolveReference: (sent: { id: string; sameCommentOnOtherPosts?: { comments: { id: string }[] }[] }) => ({
            ...comments.find(({ id }) => id === sent.id),
            isCommentSpam:
              (sent.sameCommentOnOtherPosts?.length ?? 0) > 0 &&
              sent.sameCommentOnOtherPosts?.every((post) => post.comments.every(({ id }) => id)),
          }),
        },
      },
    },
    {
      name: 'd',
      typeDefs: `
        type Post @key(fields: "id") {
          id: ID! author: Author @requires(fields: "comments(limit: 3) { authorId }") comments(limit: Int!): [Comment]
        }
        type Comment @key(fields: "id") { id: ID! date: String authorId: ID @external sameCommentOnOtherPosts: [Post] }
        type Author { id: ID! name: String }`,
      resolvers: {
        Post: {
          __resolveReference(sent: { id: string; comments?: { authorId: string }[] }) {
            if (sent.comments && sent.comments.length !== 3) throw new Error('Expected 3 comments');
            return { id: sent.id, authorId: sent.comments?.[2]?.authorId };
          },
          author: ({ authorId }: { authorId?: string }) =>
            authorId ? { id: authorId, name: `${authorId}-name` } : null,
          comments: (post: { id: string }, limit: { limit: number }) =>
            commentsOf(post, limit).map((comment) => only(comment, 'id')),
        },
        Comment: {
          __resolveReference: find(comments, 'id', 'id'),
          sameCommentOnOtherPosts({ id }: { id: string }) {
            const own = comments.find((one) => one.id === id);
            return comments
              .filter((one) => one.body === own?.body && one.postId !== own?.postId)
              .map((one) => ({ id: one.postId }));
          },
        },
      },
    },
  ],
  cases: [
    gives('{ products { upc name shippingEstimate } }', {
      products: [
        { upc: 'p1', name: 'p-name-1', shippingEstimate: 110 },
        { upc: 'p2', name: 'p-name-2', shippingEstimate: 440 },
      ],
    }),
    gives('{ products { isExpensiveCategory } }', {
      products: [{ isExpensiveCategory: false }, { isExpensiveCategory: true }],
    }),
    gives('{ feed { author { id } } }', { feed: AUTHORS }),
    gives('{ feed { author { id } comments(limit: 1) { id } } }', { feed: FIRST_COMMENTS }),
    gives('{ feed { comments(limit: 3) { isCommentSpam } } }', {
      feed: [spam(false, false, true), spam(false, false, false)],
    }),
    gives('query ($limit: Int = 1) { feed { author { id } comments(limit: $limit) { id } } }', {
      feed: FIRST_COMMENTS,
    }),
    gives(
      `query ($limit: Int = 1) { feed { author { id } ...Foo ...Bar } }
      fragment Foo on Post { comments(limit: $limit) { id } }
      fragment Bar on Post { comments(limit: $limit) { id } }`,
      { feed: FIRST_COMMENTS },
    ),
  ],
};

/** Two required arguments in conflict; prices in euros are one and a half times those in dollars. */
const argumentConflict: Scenario = {
  name: 'requires-with-argument-conflict',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Product @key(fields: "upc") {
          upc: String!
          weight: Int @external
          price(currency: String!): Int @external
          shippingEstimate: Int @requires(fields: """ price(currency: "USD") weight """)
          shippingEstimateEUR: Int @requires(fields: """ price(currency: "EUR") weight """)
          category: Category @external
          isExpensiveCategory: Boolean @requires(fields: """ category { averagePrice(currency: "USD") } """)
        }
        type Category @external { averagePrice(currency: String!): Int }`,
      resolvers: {
        Product: {
          __resolveReference: asSent,
          shippingEstimate: ({ price, weight }: Product) => price * weight * 10,
          shippingEstimateEUR: ({ price, weight }: Product) => price * weight * 10,
          isExpensiveCategory: ({ category }: Product) => category.averagePrice > 11,
        },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { products: [Product] }
        type Product @key(fields: "upc") { upc: String! name: String price(currency: String!): Int weight: Int category: Category }
        type Category { averagePrice(currency: String!): Int }`,
      resolvers: {
        Query: { products: () => products },
        Product: {
          __resolveReference: find(products, 'upc', 'upc', 'name', 'price', 'weight', 'category'),
          price: ({ price }: Product, { currency }: { currency: string }) => (currency === 'EUR' ? 2 * price : price),
        },
      },
    },
  ],
  cases: [
    gives('{ products { upc name shippingEstimate shippingEstimateEUR isExpensiveCategory } }', {
      products: [
        { upc: 'p1', name: 'p-name-1', shippingEstimate: 110, shippingEstimateEUR: 220, isExpensiveCategory: false },
        { upc: 'p2', name: 'p-name-2', shippingEstimate: 440, shippingEstimateEUR: 880, isExpensiveCategory: true },
      ],
    }),
  ],
};

const circular: Scenario = {
  name: 'requires-circular',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { feed: [Post] }
        type Post @key(fields: "id") {
          id: ID! byNovice: Boolean! @external byExpert: Boolean! @requires(fields: "byNovice")
        }
        type Author @key(fields: "id") { id: ID! name: String! yearsOfExperience: Int! }`,
      resolvers: {
        Query: { feed: () => posts },
        Post: {
          __resolveReference: asSent,
          byExpert: ({ byNovice }: { byNovice?: boolean }) => (byNovice === undefined ? null : !byNovice),
        },
        Author: {
          __resolveReference: ({ id }: { id: string }) => ({ id, name: id, yearsOfExperience: id === 'a1' ? 5 : 20 }),
        },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Post @key(fields: "id") {
          id: ID! author: Author! byNovice: Boolean! @requires(fields: "author { yearsOfExperience }")
        }
        type Author @key(fields: "id") { id: ID! yearsOfExperience: Int! @external }`,
      resolvers: {
        Post: {
          __resolveReference: asSent,
          author: ({ id }: { id: string }) => ({ id: id.replace('p', 'a') }),
          byNovice: ({ author }: { author?: { yearsOfExperience: number } }) =>
            author === undefined ? null : author.yearsOfExperience < 10,
        },
      },
    },
  ],
  cases: [
    gives('{ feed { byNovice } }', { feed: [{ byNovice: true }, { byNovice: false }] }),
    gives('{ feed { byExpert } }', { feed: [{ byExpert: false }, { byExpert: true }] }),
  ],
};

export const requireScenarios: readonly Scenario[] = [withArgument, argumentConflict, circular];
