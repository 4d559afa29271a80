import { find, gives, type Scenario } from './scenario.ts';

type Sent = Readonly<Record<string, unknown>>;
const catalogue = ['1', '2'].map((id) => ({
  id,
  pid: `p${id}`,
  price: { price: Number(id) * 100 },
  categoryId: `c${id}`,
}));
const categories = ['1', '2'].map((id) => ({ id: `c${id}`, tag: `t${id}`, mainProduct: { id } }));
const categoryOf = ({ categoryId }: Sent) => categories.find(({ id }) => id === categoryId);
const itemsOf = ({ products: sent }: { products: { id: string }[] }) =>
  sent.map(find(catalogue, 'id', 'id', 'pid', 'price', 'categoryId'));

const complexEntityCall: Scenario = {
  name: 'complex-entity-call',
  agencies: () => [
    {
      name: 'link',
      typeDefs: 'type Product @key(fields: "id") @key(fields: "id pid") { id: String! pid: String! }',
      resolvers: { Product: { __resolveReference: find(catalogue, 'id', 'id', 'pid') } },
    },
    {
      name: 'list',
      typeDefs: `
        type ProductList @key(fields: "products{id pid}") {
          products: [Product!]! first: Product @shareable selected: Product @shareable
        }
        type Product @key(fields: "id pid") { id: String! pid: String }`,
      resolvers: {
        ProductList: {
          __resolveReference(sent: { products: { id: string }[] }) {
            const items = itemsOf(sent);
            return { products: items, first: items[0], selected: items[1] };
          },
        },
        Product: { __resolveReference: find(catalogue, 'id', 'id', 'pid') },
      },
    },
    {
      name: 'price',
      typeDefs: `
        type ProductList @key(fields: "products{id pid category{id tag}} selected{id}") {
          products: [Product!]! first: Product @shareable selected: Product @shareable
        }
        type Product @key(fields: "id pid category{id tag}") { id: String! price: Price pid: String category: Category }
        type Category @key(fields: "id tag") { id: String! tag: String }
        type Price { price: Float! }`,
      resolvers: {
        Product: {
          __resolveReference: find(catalogue, 'id', 'id', 'pid', 'price', 'categoryId'),
          category: categoryOf,
        },
        Category: { __resolveReference: find(categories, 'id', 'id', 'tag') },
        ProductList: {
          __resolveReference(sent: { products: { id: string }[]; selected: { id: string } }) {
            const items = itemsOf(sent);
            return { products: items, first: items[0], selected: items.find((item) => item?.id === sent.selected.id) };
          },
        },
      },
    },
    {
      name: 'products',
      typeDefs: `
        extend schema
          @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@external", "@extends", "@shareable"])
        type Query { topProducts: ProductList! }
        type ProductList @key(fields: "products{id}") { products: [Product!]! }
        type Product @extends @key(fields: "id") { id: String! @external category: Category @shareable }
        type Category @key(fields: "id") { mainProduct: Product! @shareable id: String! tag: String @shareable }`,
      resolvers: {
        Query: { topProducts: () => ({ products: catalogue }) },
        ProductList: { __resolveReference: (sent: { products: { id: string }[] }) => ({ products: itemsOf(sent) }) },
        Product: { __resolveReference: find(catalogue, 'id', 'id', 'categoryId'), category: categoryOf },
        Category: { __resolveReference: find(categories, 'id', 'id', 'tag', 'mainProduct') },
      },
    },
  ],
  cases: [
    gives(
      '{ topProducts { products { id pid price { price } category { mainProduct { id } id tag } } selected { id } first { id } } }',
      {
        topProducts: {
          products: catalogue.map(({ id, pid, price }, at) => ({ id, pid, price, category: categories[at] })),
          selected: { id: '2' },
          first: { id: '1' },
        },
      },
    ),
  ],
};

const media = [
  { __typename: 'Book', id: 'm1', title: 'Book 1' },
  { __typename: 'Movie', id: 'm2', title: 'Movie 1' },
];

const providesOnUnion: Scenario = {
  name: 'provides-on-union',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { media: [Media] @shareable } union Media = Book | Movie
        type Book @key(fields: "id") { id: ID! } type Movie @key(fields: "id") { id: ID! }`,
      resolvers: { Query: { media: () => media } },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { media: [Media] @shareable @provides(fields: "... on Book { title }") } union Media = Book | Movie
        type Book @key(fields: "id") { id: ID! title: String @external } type Movie @key(fields: "id") { id: ID! }`,
      resolvers: { Query: { media: () => media } },
    },
    {
      name: 'c',
      typeDefs: `
        type Book @key(fields: "id") { id: ID! title: String @shareable }
        type Movie @key(fields: "id") { id: ID! title: String @shareable }`,
      resolvers: {
        Book: {
          __resolveReference() {
            throw new Error('b provides the title');
          },
        },
        Movie: { __resolveReference: find(media, 'id', 'id', 'title') },
      },
    },
  ],
  cases: [
    gives('{ media { ... on Book { id title } ... on Movie { id } } }', {
      media: [{ id: 'm1', title: 'Book 1' }, { id: 'm2' }],
    }),
    gives('{ media { ... on Book { id title } ... on Movie { id title } } }', {
      media: [
        { id: 'm1', title: 'Book 1' },
        { id: 'm2', title: 'Movie 1' },
      ],
    }),
  ],
};

const animals = [
  { __typename: 'Dog', id: 'a1', name: 'Fido', age: 3 },
  { __typename: 'Cat', id: 'a2', name: 'Whiskers', age: 6 },
];
const story = { __typename: 'Book', id: 'm1', animals };
const MEDIA = 'interface Media { id: ID! animals: [Animal] } interface Animal { id: ID! name: String }';

const providesOnInterface: Scenario = {
  name: 'provides-on-interface',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { media: Media @shareable }
        interface Media { id: ID! }
        type Book implements Media @key(fields: "id") { id: ID! }`,
      resolvers: { Query: { media: () => story } },
    },
    {
      name: 'b',
      typeDefs: `${MEDIA}
        type Query { media: Media @shareable @provides(fields: "animals { id name }") }
        type Book implements Media { id: ID! @shareable animals: [Animal] @external }
        type Dog implements Animal { id: ID! @external name: String @external }
        type Cat implements Animal { id: ID! @external name: String @external }`,
      resolvers: { Query: { media: () => story } },
    },
    {
      name: 'c',
      typeDefs: `${MEDIA}
        type Book implements Media @key(fields: "id") { id: ID! animals: [Animal] @shareable }
        type Dog implements Animal @key(fields: "id") { id: ID! name: String @shareable age: Int }
        type Cat implements Animal @key(fields: "id") { id: ID! name: String @shareable age: Int }`,
      resolvers: {
        Book: { __resolveReference: find([story], 'id', 'id', 'animals') },
        Cat: { __resolveReference: find(animals, 'id', 'id', 'name', 'age') },
      },
    },
  ],
  cases: [
    gives('{ media { id animals { id name } } }', {
      media: { id: 'm1', animals: animals.map(({ id, name }) => ({ id, name })) },
    }),
    gives('{ media { id animals { id name ... on Cat { age } } } }', {
      media: {
        id: 'm1',
        animals: [
          { id: 'a1', name: 'Fido' },
          { id: 'a2', name: 'Whiskers', age: 6 },
        ],
      },
    }),
  ],
};

const access = (definition: string, field: string): string => `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.1", import: ["@key", "@composeDirective"])
    @link(url: "https://myspecs.dev/access/v1.0", import: ["@access"])
    @composeDirective(name: "@access")
  directive @access(${definition}) on FIELD
  enum Scope { PUBLIC PRIVATE }
  type Query { ${field}: String }`;

const executableDirective: Scenario = {
  name: 'executable-directive-definition-default-arguments',
  agencies: () => [
    { name: 'a', typeDefs: access('scope: Scope!', 'a'), resolvers: { Query: { a: () => 'a' } } },
    { name: 'b', typeDefs: access('scope: Scope! = PUBLIC', 'b'), resolvers: { Query: { b: () => 'b' } } },
  ],
  cases: [gives('{ a @access b @access }', { a: 'a', b: 'b' })],
};

/** State of one scenario's run, shared by its agencies as a database would be. */
function withState(): ReturnType<Scenario['agencies']> {
  const stock = [{ id: 'p1', name: 'p1-name', price: 9.99 }];
  let number = 0;
  const category = (_: unknown, { name }: Sent) => ({ id: 'c-added', name });
  return [
    {
      name: 'a',
      typeDefs: `
        type Mutation {
          addProduct(input: AddProductInput!): Product! addCategory(name: String!): Category! @shareable multiply(by: Int!): Int!
        }
        type Query { product(id: ID!): Product! products: [Product!]! }
        input AddProductInput { name: String! price: Float! }
        type Product @key(fields: "id") { id: ID! name: String! price: Float! }
        type Category @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: { product: (_: unknown, asked: Sent) => find(stock, 'id', 'id', 'name', 'price')(asked) },
        Mutation: {
          multiply: (_: unknown, { by }: { by: number }) => (number *= by),
          addProduct(_: unknown, { input }: { input: { name: string; price: number } }) {
            const added = { id: 'p-added', ...input };
            stock.push(added);
            return added;
          },
          addCategory: category,
        },
        Product: { __resolveReference: () => null },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Product @key(fields: "id") {
          id: ID! price: Float! @external isExpensive: Boolean! @requires(fields: "price") isAvailable: Boolean!
        }
        type Mutation { delete: Int! addCategory(name: String!): Category! @shareable }
        type Category @key(fields: "id") { id: ID! name: String! }`,
      resolvers: {
        Mutation: {
          delete() {
            const last = number;
            number = 0;
            return last;
          },
          addCategory: category,
        },
        Product: {
          __resolveReference: (sent: Sent) => ({ ...sent, isAvailable: true }),
          isExpensive: ({ price }: Sent) => (typeof price === 'number' ? price > 100 : new Error('no price')),
        },
        Category: { __resolveReference: ({ id }: Sent) => ({ id, name: 'new' }) },
      },
    },
    {
      name: 'c',
      typeDefs: 'type Mutation { add(num: Int!): Int! }',
      resolvers: { Mutation: { add: (_: unknown, { num }: { num: number }) => (number += num) } },
    },
  ];
}

const mutations: Scenario = {
  name: 'mutations',
  agencies: withState,
  cases: [
    gives('mutation { addProduct(input: { name: "new", price: 599.99 }) { name price isExpensive isAvailable } }', {
      addProduct: { name: 'new', price: 599.99, isExpensive: true, isAvailable: true },
    }),
    gives('{ product(id: "p1") { id name price isExpensive isAvailable } }', {
      product: { id: 'p1', name: 'p1-name', price: 9.99, isExpensive: false, isAvailable: true },
    }),
    gives('mutation { five: add(num: 5) ten: multiply(by: 2) twelve: add(num: 2) final: delete }', {
      five: 5,
      ten: 10,
      twelve: 12,
      final: 12,
    }),
    gives('mutation { addCategory(name: "new") { id name } }', { addCategory: { id: 'c-added', name: 'new' } }),
  ],
};

export const callScenarios: readonly Scenario[] = [
  complexEntityCall,
  providesOnUnion,
  providesOnInterface,
  executableDirective,
  mutations,
];
