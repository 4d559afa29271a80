import { gives, only, type Scenario } from './scenario.ts';

type Sent = Readonly<Record<string, unknown>>;

const emails = { u1: 'u1@example.com', u2: 'u2@example.com' };
const self = { __typename: 'Self', email: emails.u1 };
const agency = { __typename: 'Agency', id: 'a1' };

function goods(__typename: string, rows: readonly (readonly [number, string, 'u1' | 'u2', number, object])[]) {
  return rows.map(([n, title, createdBy, weight, publisherType]) => {
    const dimensions = { size: 'small', weight };
    return { __typename, id: `p${n}`, sku: `sku-${n}`, title, createdBy, dimensions, publisherType, hidden: n === 4 };
  });
}

const books = goods('Book', [
  [1, 'Book 1', 'u1', 0.5, self],
  [3, 'Book 2', 'u2', 0.6, agency],
]);
const magazines = goods('Magazine', [
  [2, 'Magazine 1', 'u1', 0.2, agency],
  [4, 'Magazine 2', 'u2', 0.3, self],
]);
const all = [...books, ...magazines];
const reviews = [
  [1, 'p1'],
  [2, 'p1'],
  [3, 'p2'],
].map(([id, productId]) => ({
  id,
  productId,
  product: only(
    all.find((one) => one.id === productId)!,
    'id',
  ),
}));

const byId = ({ id }: Sent) => all.find((one) => one.id === id) ?? null;
const titled = ({ id }: Sent) => {
  const found = byId({ id });
  return found && only(found, 'id', 'title');
};
const listed = ({ title: _title, ...rest }: (typeof all)[number]) => rest;

const catalogue = {
  name: 'products',
  typeDefs: `
    type Query { products: [Product] similar(id: ID!): [Product] }
    interface Product { id: ID! sku: String dimensions: ProductDimension createdBy: User hidden: Boolean @inaccessible }
    interface Similar { similar: [Product] }
    type ProductDimension @shareable { size: String weight: Float }
    ${['Book', 'Magazine']
      .map(
        (type) => `type ${type} implements Product & Similar @key(fields: "id") {
          id: ID! sku: String dimensions: ProductDimension @shareable createdBy: User similar: [${type}] hidden: Boolean
          publisherType: PublisherType
        }`,
      )
      .join('\n')}
    union PublisherType = Agency | Self
    type Agency { id: ID! @shareable }
    type Self { email: String }
    type User @key(fields: "email") { email: ID! totalProductsCreated: Int @shareable }`,
  resolvers: {
    Query: { products: () => all.map(listed), similar: (_: unknown, { id }: Sent) => similarTo({ id }) },
    Book: productResolvers(),
    Magazine: productResolvers(),
    User: {
      totalProductsCreated: ({ email }: { email: string }) =>
        all.filter(({ createdBy }) => emails[createdBy] === email).length,
    },
  },
};

function similarTo({ id }: Sent) {
  const one = byId({ id });
  return all.filter((other) => other.id !== id && other.__typename === one?.__typename).map(listed);
}

function productResolvers() {
  return {
    __resolveReference: (sent: Sent) => {
      const found = byId(sent);
      return found && listed(found);
    },
    similar: similarTo,
    createdBy: ({ createdBy }: { createdBy: 'u1' | 'u2' }) => ({ email: emails[createdBy] }),
  };
}

const titles = (type: 'Book' | 'Magazine', field: string) => ({
  name: field,
  typeDefs: `type Query { ${field}: [${type}] } type ${type} @key(fields: "id") { id: ID! title: String }`,
  resolvers: { [type]: { __resolveReference: titled } },
});

const DELIVERED = `dimensions: ProductDimension @external
  delivery(zip: String): DeliveryEstimates @requires(fields: "dimensions { size weight }")`;
const delivered = {
  __resolveReference: ({ id, dimensions }: Sent) => ({ id, dimensions }),
  delivery: ({ dimensions }: { dimensions?: { size: string; weight: number } }, { zip }: Sent) =>
    zip && dimensions?.size === 'small' && dimensions.weight < 1
      ? { estimatedDelivery: '1 day', fastestDelivery: 'same day' }
      : null,
};
const inventory = {
  name: 'inventory',
  typeDefs: `
    interface Product { id: ID! dimensions: ProductDimension delivery(zip: String): DeliveryEstimates }
    type Book implements Product @key(fields: "id") { id: ID! ${DELIVERED} }
    type Magazine implements Product @key(fields: "id") { id: ID! ${DELIVERED} }
    type ProductDimension @shareable { size: String weight: Float }
    type DeliveryEstimates { estimatedDelivery: String fastestDelivery: String }`,
  resolvers: { Book: delivered, Magazine: delivered },
};

const reviewsOf = ({ id }: Sent) => reviews.filter(({ productId }) => productId === id);
const reviewed = {
  reviews: reviewsOf,
  reviewsCount: (sent: Sent) => reviewsOf(sent).length,
};
const critics = {
  name: 'reviews',
  typeDefs: `
    interface Product { id: ID! reviewsCount: Int! reviews: [Review!]! }
    type Book implements Product @key(fields: "id") { id: ID! reviewsCount: Int! reviews: [Review!]! }
    type Magazine implements Product @key(fields: "id") { id: ID! reviewsCount: Int! reviews: [Review!]! }
    type Review { id: Int! product: Product }`,
  resolvers: { Book: reviewed, Magazine: reviewed },
};

const publishers = {
  name: 'agency',
  typeDefs: `
    type Agency @key(fields: "id") { id: ID! companyName: String email: Email }
    type Email { address: String }
    type Group @key(fields: "id") { id: ID! name: String email: String }
    extend union PublisherType = Agency | Group`,
  resolvers: {
    Agency: {
      __resolveReference: ({ id }: Sent) => ({
        id,
        companyName: 'Agency 1',
        email: { address: `${String(id)}@example.com` },
      }),
    },
  },
};

/** What is asked below the product of each review, and what stands there for the book and for the magazine. */
function belowReviews(fields: string, book: object, magazine: object, rest = '', variables = '') {
  const query = `${variables} { products { id reviews { product { ${fields} } } } } ${rest}`;
  const product = (data: object) => ({ product: data });
  return gives(query, {
    products: [
      { id: 'p1', reviews: [product(book), product(book)] },
      { id: 'p3', reviews: [] },
      { id: 'p2', reviews: [product(magazine)] },
      { id: 'p4', reviews: [] },
    ],
  });
}

const BOOK = { id: 'p1' };
const MAGAZINE = { id: 'p2', sku: 'sku-2' };
const conditional = (title: boolean, onBook: string, book: object) =>
  belowReviews(
    `id ${onBook} ... on Magazine { sku }`,
    { ...BOOK, ...book },
    MAGAZINE,
    '',
    `query ($title: Boolean = ${title})`,
  );
const published = (onPublisher: string, book: object, magazine: object) =>
  belowReviews(
    'id ... on Magazine { publisherType { ...Publisher } } ... on Book { publisherType { ...Publisher } }',
    { id: 'p1', publisherType: book },
    { id: 'p2', publisherType: magazine },
    `fragment Publisher on PublisherType { ${onPublisher} }`,
  );
const inOneDay = { fastestDelivery: 'same day', estimatedDelivery: '1 day' };
const DELIVERY = 'id sku delivery(zip: "1234") { fastestDelivery estimatedDelivery }';

export const abstractTypeScenarios: readonly Scenario[] = [
  {
    name: 'abstract-types',
    agencies: () => [
      catalogue,
      titles('Book', 'books'),
      titles('Magazine', 'magazines'),
      inventory,
      critics,
      publishers,
    ],
    cases: [
      gives('{ products { id dimensions { size weight } } }', {
        products: all.map(({ id, dimensions }) => ({ id, dimensions })),
      }),
      gives('{ similar(id: "p1") { id sku } }', { similar: [{ id: 'p3', sku: 'sku-3' }] }),
      gives(`{ book: similar(id: "p1") { ${DELIVERY} } magazine: similar(id: "p2") { ${DELIVERY} } }`, {
        book: [{ id: 'p3', sku: 'sku-3', delivery: inOneDay }],
        magazine: [{ id: 'p4', sku: 'sku-4', delivery: inOneDay }],
      }),
      gives(
        `{ products { sku ... on Product { sku } ... on Book { sku } ... on Magazine { sku }
           ... on Similar { __typename type: __typename } } }`,
        { products: all.map(({ sku, __typename }) => ({ sku, __typename, type: __typename })) },
      ),
      gives('{ products { author: createdBy { email totalProductsCreated } ... on Magazine { title } } }', {
        products: all.map(({ __typename, createdBy, title }) => ({
          author: { email: emails[createdBy], totalProductsCreated: 2 },
          ...(__typename === 'Magazine' && { title }),
        })),
      }),
      belowReviews(
        'sku ... on Magazine { title } ... on Book { reviewsCount }',
        { sku: 'sku-1', reviewsCount: 2 },
        { sku: 'sku-2', title: 'Magazine 1' },
      ),
      gives('{ products { id reviews { id } } }', {
        products: all.map(({ id }) => ({ id, reviews: reviewsOf({ id }).map((review) => ({ id: review.id })) })),
      }),
      conditional(true, '... on Book @include(if: $title) { title }', { title: 'Book 1' }),
      conditional(false, '... on Book @include(if: $title) { title }', {}),
      conditional(false, '... on Book @skip(if: $title) { title }', { title: 'Book 1' }),
      conditional(true, '... on Book @skip(if: $title) { title }', {}),
      conditional(true, '... on Book @skip(if: $title) { title } ... on Book { sku }', { sku: 'sku-1' }),
      conditional(false, '... on Book @skip(if: $title) { title } ... on Book { sku }', {
        title: 'Book 1',
        sku: 'sku-1',
      }),
      conditional(true, '... on Book @include(if: $title) { title ... on Book { sku } }', {
        title: 'Book 1',
        sku: 'sku-1',
      }),
      conditional(true, '... on Book @include(if: $title) { title ... on Book @skip(if: $title) { sku } }', {
        title: 'Book 1',
      }),
      published(
        '... on Agency { id companyName } ... on Self { email }',
        { email: emails.u1 },
        { id: 'a1', companyName: 'Agency 1' },
      ),
      published(
        '... on Agency { id companyName } ... on Self { email } ... on Group { name }',
        { email: emails.u1 },
        { id: 'a1', companyName: 'Agency 1' },
      ),
      published(
        '... on Agency { emailObj: email { address } } ... on Self { emailStr: email } ... on Group { emailStr: email }',
        { emailStr: emails.u1 },
        { emailObj: { address: 'a1@example.com' } },
      ),
    ],
  },
];
