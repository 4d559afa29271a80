import { find, gives, only, type Scenario } from './scenario.ts';

type Sent = Readonly<Record<string, unknown>>;

const parts = {
  name: { id: '1', brand: 'Brand 1', model: 'Model 1' },
  category: { id: '1', name: 'Category 1' },
  price: { id: '1', amount: 1000, currency: 'USD' },
};

function part(name: keyof typeof parts, type: string, fields: string) {
  const product = { id: '1', [name]: parts[name] };
  return {
    name,
    typeDefs: `
      type Query { product: Product! @shareable products: [Product!]! @shareable }
      type Product { id: ID! @shareable ${name}: ${type}! }
      type ${type} { ${fields} }`,
    resolvers: { Query: { product: () => product, products: () => [product] } },
  };
}

const PARTS = 'id name { id brand model } category { id name } price { id amount currency }';
const whole = { id: '1', ...parts };

/** Three agencies tell a third each of a product that has no key. */
const sharedRoot: Scenario = {
  name: 'shared-root',
  agencies: () => [
    part('category', 'Category', 'id: ID! name: String!'),
    part('name', 'Name', 'id: ID! brand: String! model: String!'),
    part('price', 'Price', 'id: ID! amount: Int! currency: String!'),
  ],
  cases: [
    gives(`{ product { ${PARTS} } }`, { product: whole }),
    gives(`{ products { ${PARTS} } }`, { products: [whole] }),
  ],
};

const admins = ['u1', 'u2'].map((id) => ({ __typename: 'Admin', id, name: `${id}-name` }));

const typename: Scenario = {
  name: 'typename',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { union: Product interface: Node }
        union Product = Oven | Toaster
        interface Node { id: ID! }
        type Oven implements Node @key(fields: "id") { id: ID! warranty: Int }
        type Toaster implements Node @key(fields: "id") { id: ID! warranty: Int }
        interface User @key(fields: "id") { id: ID! }
        type Admin implements User @key(fields: "id") { id: ID! isMain: Boolean }`,
      resolvers: {
        Query: {
          union: () => ({ __typename: 'Oven', id: '1' }),
          interface: () => ({ __typename: 'Toaster', id: '2' }),
        },
        User: { __resolveReference: find(admins, 'id', 'id') },
        Admin: { __resolveReference: find(admins, 'id', 'id') },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { users: [User] }
        type User @key(fields: "id") @interfaceObject { id: ID! name: String }`,
      resolvers: { Query: { users: () => admins.map((admin): Sent => ({ id: admin.id, name: admin.name })) } },
    },
  ],
  cases: [
    gives('{ union { __typename typename: __typename } }', { union: { __typename: 'Oven', typename: 'Oven' } }),
    gives('{ interface { id __typename typename: __typename t: __typename } }', {
      interface: { id: '2', __typename: 'Toaster', typename: 'Toaster', t: 'Toaster' },
    }),
    ...['union', 'interface'].map((field) => {
      const name = field === 'union' ? 'Oven' : 'Toaster';
      return gives(
        `{ ${field} { __typename ... on Oven { typename: __typename } ... on Toaster { typename: __typename } } }`,
        { [field]: { __typename: name, typename: name } },
      );
    }),
    gives('{ users { id } }', { users: [{ id: 'u1' }, { id: 'u2' }] }),
    gives('{ users { __typename } }', { users: [{ __typename: 'Admin' }, { __typename: 'Admin' }] }),
    gives('{ users { type: __typename name } }', { users: admins.map(({ name }) => ({ type: 'Admin', name })) }),
  ],
};

const bread = { id: 'p1', name: 'p1-name', pid: 'p1-pid', upc: 'upc1', price: 12.3 };

/** One set of keys is enough to be told everything, another key included. */
const extendsResolvable: Scenario = {
  name: 'fed1-external-extends-resolvable',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `# fed1
        type Query { productInA: Product }
        type Product @key(fields: "id name") @key(fields: "upc") { id: ID name: String upc: String pid: ID }`,
      resolvers: {
        Query: { productInA: () => only(bread, 'id', 'name', 'pid', 'upc') },
        Product: { __resolveReference: () => only(bread, 'id', 'name', 'pid', 'upc') },
      },
    },
    {
      name: 'b',
      typeDefs: `# fed1
        type Query { productInB: Product }
        extend type Product @key(fields: "id name") @key(fields: "upc") {
          id: ID @external name: String @external upc: String @external price: Float!
        }`,
      resolvers: {
        Query: { productInB: () => only(bread, 'id', 'name', 'upc', 'price') },
        Product: { __resolveReference: () => bread },
      },
    },
  ],
  cases: [
    gives('{ productInA { id pid price upc name } }', {
      productInA: { id: 'p1', pid: 'p1-pid', price: 12.3, upc: 'upc1', name: 'p1-name' },
    }),
    gives('{ productInB { price pid } }', { productInB: { price: 12.3, pid: 'p1-pid' } }),
  ],
};

export const rootScenarios: readonly Scenario[] = [sharedRoot, typename, extendsResolvable];
