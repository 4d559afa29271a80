import { find, gives, type Scenario } from './scenario.ts';

type Sent = Readonly<Record<string, unknown>>;

const products = [
  { id: 'p1', pid: 'p1-pid', categoryId: 'c1' },
  { id: 'p2', pid: 'p2-pid', categoryId: 'c2' },
  { id: 'p3', pid: 'p3-pid', categoryId: 'c1' },
];
const categoryOf = ({ categoryId }: Sent) => ({ id: categoryId, name: `${String(categoryId)}-name` });
const byBothKeys = ({ id, pid }: Sent) =>
  products.find((one) => one.id === id && (pid === undefined || one.pid === pid)) ?? null;
const NAMED_CATEGORY = 'type Category @key(fields: "id") { id: ID! name: String! @shareable }';
const OF_PRODUCT = '{ id: ID! pid: ID! category: Category @shareable }';

/** What c knows of a category it can tell of a product's alone: it has no key. */
const parentEntityCall: Scenario = {
  name: 'parent-entity-call',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `type Query { products: [Product!]! } type Product @key(fields: "id") @key(fields: "id pid") ${OF_PRODUCT} ${NAMED_CATEGORY}`,
      resolvers: {
        Query: { products: () => products },
        Product: { __resolveReference: byBothKeys, category: categoryOf },
      },
    },
    {
      name: 'b',
      typeDefs: `type Product @key(fields: "id pid") ${OF_PRODUCT} ${NAMED_CATEGORY}`,
      resolvers: { Product: { __resolveReference: byBothKeys, category: categoryOf } },
    },
    {
      name: 'c',
      typeDefs: `type Category { details: CategoryDetails } type CategoryDetails { products: Int } type Product @key(fields: "id pid") ${OF_PRODUCT}`,
      resolvers: {
        Product: {
          __resolveReference: byBothKeys,
          category: ({ categoryId }: Sent) => ({
            details: { products: products.filter((one) => one.categoryId === categoryId).length },
          }),
        },
      },
    },
  ],
  cases: [
    gives('{ products { id category { id details { products } } } }', {
      products: [
        { id: 'p1', category: { id: 'c1', details: { products: 2 } } },
        { id: 'p2', category: { id: 'c2', details: { products: 1 } } },
        { id: 'p3', category: { id: 'c1', details: { products: 2 } } },
      ],
    }),
  ],
};

const CATEGORY_OF = (category: (sent: Sent) => object) => ({
  Product: { __resolveReference: (sent: Sent) => ({ id: sent.id, category: category(sent) }) },
});

const parentEntityCallComplex: Scenario = {
  name: 'parent-entity-call-complex',
  agencies: () => [
    {
      name: 'a',
      typeDefs:
        'type Product @key(fields: "id") { id: ID @external category: Category @shareable } type Category { details: String }',
      resolvers: CATEGORY_OF(({ id }) => ({ details: `Details for Product#${String(id)}` })),
    },
    {
      name: 'b',
      typeDefs: `type Product @key(fields: "id") { id: ID @external category: Category @shareable }
        type Category @key(fields: "id") { id: ID }`,
      resolvers: CATEGORY_OF(() => ({ id: '3' })),
    },
    {
      name: 'c',
      typeDefs: 'type Category @key(fields: "id") { id: ID name: String }',
      resolvers: { Category: { __resolveReference: ({ id }: Sent) => ({ id, name: `Category#${String(id)}` }) } },
    },
    {
      name: 'd',
      typeDefs: 'type Query { productFromD(id: ID!): Product } type Product @key(fields: "id") { id: ID name: String }',
      resolvers: { Query: { productFromD: (_: unknown, { id }: Sent) => ({ id, name: `Product#${String(id)}` }) } },
    },
  ],
  cases: [
    gives('{ productFromD(id: "1") { id name category { id name details } } }', {
      productFromD: {
        id: '1',
        name: 'Product#1',
        category: { id: '3', name: 'Category#3', details: 'Details for Product#1' },
      },
    }),
  ],
};

const categories = [
  { id: 'c1', name: 'Category 1', subCategories: ['c2'] },
  { id: 'c2', name: 'Category 2', subCategories: ['c3'] },
  { id: 'c3', name: 'Category 3', subCategories: ['c1'] },
];
const shelf = [
  { id: 'p1', categories: ['c1', 'c2'] },
  { id: 'p2', categories: ['c3', 'c2'] },
];
const named = (id: string) => ({ id, name: categories.find((one) => one.id === id)!.name });
const below = (id: string) => categories.find((one) => one.id === id)!.subCategories;
const unasked = () => {
  throw new Error('all of this is provided');
};

const nestedProvides: Scenario = {
  name: 'nested-provides',
  agencies: () => [
    {
      name: 'all-products',
      typeDefs: 'type Product @key(fields: "id") { id: ID! }',
      resolvers: { Product: { __resolveReference: unasked } },
    },
    {
      name: 'category',
      typeDefs: `
        type Query { products: [Product] @shareable @provides(fields: "categories { id name subCategories { id name } }") }
        type Product @key(fields: "id") { id: ID! categories: [Category] @external }
        type Category @key(fields: "id") { id: ID! name: String subCategories: [Category] @external }`,
      resolvers: {
        Query: {
          products: () =>
            shelf.map((one) => ({
              id: one.id,
              categories: one.categories.map((id) => ({ ...named(id), subCategories: below(id).map(named) })),
            })),
        },
        Product: { __resolveReference: unasked },
        Category: { __resolveReference: unasked },
      },
    },
    {
      name: 'subcategories',
      typeDefs: `
        type Product @key(fields: "id") { id: ID! categories: [Category] @shareable }
        type Category @key(fields: "id") { id: ID! subCategories: [Category] @shareable }`,
      resolvers: { Product: { __resolveReference: unasked }, Category: { __resolveReference: unasked } },
    },
  ],
  cases: [
    gives('{ products { id categories { id name } } }', {
      products: shelf.map((one) => ({ id: one.id, categories: one.categories.map(named) })),
    }),
    gives('{ products { id categories { id name subCategories { id name } } } }', {
      products: shelf.map((one) => ({
        id: one.id,
        categories: one.categories.map((id) => ({ ...named(id), subCategories: below(id).map(named) })),
      })),
    }),
  ],
};

const entities = ['One', 'Two'].map((number, at) => ({
  id: `e${at + 1}`,
  name: `Entity ${number}`,
  description: `Description ${number}`,
  extra: `Extra ${number}`,
}));
const [first] = entities.map(({ id, name, extra }) => ({ id, name, extra }));

/** `@provides` is an offer: nobody is asked for what the client did not ask for, nor twice for what was. */
const providesOnlyRequested: Scenario = {
  name: 'provides-only-requested-fields',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `type Query { _aPlaceholder: Boolean }
        type Entity @key(fields: "id") { id: ID! name: String! @shareable description: String! @shareable extra: String! }`,
      resolvers: {
        Entity: { __resolveReference: find(entities, 'id', 'id', 'extra'), name: unasked, description: unasked },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query {
          entity: Entity @provides(fields: "name description")
          entities: [Entity!]! @provides(fields: "name description")
        }
        type Entity @key(fields: "id") { id: ID! name: String! @external description: String! @external }`,
      resolvers: {
        Query: { entity: () => entities[0], entities: () => entities },
        Entity: { __resolveReference: unasked, description: unasked },
      },
    },
  ],
  cases: [
    gives('{ entity { id } }', { entity: { id: 'e1' } }),
    gives('{ entity { id name } }', { entity: { id: 'e1', name: 'Entity One' } }),
    gives('{ entity { id displayName: name } }', { entity: { id: 'e1', displayName: 'Entity One' } }),
    gives('{ entity { id ... on Entity { name } } }', { entity: { id: 'e1', name: 'Entity One' } }),
    gives('{ entity { id ...EntityName } } fragment EntityName on Entity { name }', {
      entity: { id: 'e1', name: 'Entity One' },
    }),
    gives('{ entity { id name extra } }', { entity: first }),
    gives('{ entities { id name } }', { entities: entities.map(({ id, name }) => ({ id, name })) }),
    gives('{ entities { id name extra } }', { entities: entities.map(({ id, name, extra }) => ({ id, name, extra })) }),
    gives('{ entity { id ... on Entity @skip(if: true) { description } } }', { entity: { id: 'e1' } }),
    gives('{ entity { id ... on Entity @include(if: false) { description } } }', { entity: { id: 'e1' } }),
    gives('{ entity { id ... { name } ... { extra } } }', { entity: first }),
  ],
};

const feed = ['p1', 'p2'].map((id, at) => ({ id, comments: [1, 2, 3].map((n) => ({ id: `c${at * 3 + n}` })) }));
const authorOf = (comment: unknown): string => (Number(String(comment).slice(1)) > 3 ? 'a1' : 'a2');

/** Who has written a post is told by its comments, of which one agency knows that they are and the other by whom. */
const nameLater: Scenario = {
  name: 'i-will-name-you-later',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { feed: [Post] }
        type Post @key(fields: "id") { id: ID! authorId: ID @external author: Author @requires(fields: "authorId") }
        type Comment @key(fields: "id") { id: ID! authorId: ID }
        type Author { id: ID! name: String }`,
      resolvers: {
        Query: { feed: () => feed.map(({ id }) => ({ id })) },
        Post: { author: ({ authorId }: Sent) => ({ id: authorId, name: `${String(authorId)}-name` }) },
        Comment: { authorId: ({ id }: Sent) => authorOf(id) },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Post @key(fields: "id") {
          id: ID!
          authorId: ID @requires(fields: "comments { authorId }")
          comments: [Comment]
        }
        type Comment @key(fields: "id") { id: ID! authorId: ID @external }`,
      resolvers: {
        Post: {
          comments: ({ id }: Sent) => feed.find((post) => post.id === id)?.comments,
          authorId: ({ comments }: { comments: { authorId: string }[] }) => comments[2]!.authorId,
        },
      },
    },
  ],
  cases: [
    gives('{ feed { author { id } } }', { feed: [{ author: { id: 'a2' } }, { author: { id: 'a1' } }] }),
    gives('{ feed { comments { id } author { name } } }', {
      feed: feed.map(({ comments }, at) => ({ comments, author: { name: `a${2 - at}-name` } })),
    }),
  ],
};

export const parentScenarios: readonly Scenario[] = [
  parentEntityCall,
  parentEntityCallComplex,
  nestedProvides,
  providesOnlyRequested,
  nameLater,
];
