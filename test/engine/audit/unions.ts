import { fails, find, gives, only, type Scenario } from './scenario.ts';

const book = {
  __typename: 'Book',
  id: 'b1',
  title: 'The Lord of the Rings',
  aTitle: 'A: The Lord of the Rings',
  bTitle: 'B: The Lord of the Rings',
};
const song = { __typename: 'Song', id: 's2', title: 'Song Title', aTitle: 'A: Song Title' };
const movie = { __typename: 'Movie', id: 'm3', title: 'A Movie Title', bTitle: 'B Movie Title' };
const titleOf = (...types: string[]): string => types.map((type) => `... on ${type} { title }`).join(' ');
const EVERY_TITLE = `{ __typename ${titleOf('Song', 'Movie', 'Book')} }`;
const EVERY_OWN_TITLE =
  '{ __typename ... on Song { title aTitle } ... on Movie { title bTitle } ... on Book { title aTitle bTitle } }';
const titled = ({ __typename, title }: typeof book | typeof song) => ({ __typename, title });
const { id: _bookId, ...wholeBook } = book;
const { id: _songId, ...wholeSong } = song;

const unionIntersection: Scenario = {
  name: 'union-intersection',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        union Media = Book | Song
        union ViewerMedia = Book | Song
        type Book @key(fields: "id") { id: ID! title: String! @shareable aTitle: String! }
        type Song @key(fields: "id") { id: ID! title: String! @shareable aTitle: String! }
        type Query {
          media: Media @shareable aMedia: Media @shareable book: Book @shareable song: Media @shareable viewer: Viewer @shareable
        }
        type Viewer { media: ViewerMedia @shareable aMedia: ViewerMedia book: Book @shareable song: ViewerMedia @shareable }`,
      resolvers: {
        Query: {
          media: () => book,
          aMedia: () => book,
          book: () => book,
          song: () => song,
          viewer: () => ({ media: book, aMedia: book, book, song }),
        },
        Book: { __resolveReference: find([book], 'id', 'id', 'title', 'aTitle') },
        Song: { __resolveReference: find([song], 'id', 'id', 'title', 'aTitle') },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { media: Media @shareable bMedia: Media @shareable book: Media @shareable viewer: Viewer @shareable }
        union Media = Book | Movie
        union ViewerMedia = Book | Movie
        type Movie @key(fields: "id") { id: ID! title: String! @shareable bTitle: String! }
        type Book @key(fields: "id") { id: ID! title: String! @shareable bTitle: String! }
        type Viewer { media: ViewerMedia @shareable bMedia: ViewerMedia book: ViewerMedia @shareable }`,
      resolvers: {
        Query: {
          media: () => book,
          bMedia: () => book,
          book: () => book,
          viewer: () => ({ media: book, bMedia: movie, book }),
        },
        Book: { __resolveReference: find([book], 'id', 'id', 'title', 'bTitle') },
        Movie: { __resolveReference: find([movie], 'id', 'id', 'title', 'bTitle') },
      },
    },
  ],
  cases: [
    gives(`{ media { ${titleOf('Movie')} } }`, { media: {} }),
    gives(`{ media { ${titleOf('Book')} } }`, { media: { title: book.title } }),
    gives(`{ media { ${titleOf('Book', 'Movie')} } }`, { media: { title: book.title } }),
    gives(`{ viewer { media ${EVERY_TITLE} book ${EVERY_TITLE} song ${EVERY_TITLE} } }`, {
      viewer: { media: titled(book), book: titled(book), song: titled(song) },
    }),
    gives(`{ viewer { media { ${titleOf('Movie')} } } }`, { viewer: { media: {} } }),
    gives(`{ viewer { media { ${titleOf('Book')} } } }`, { viewer: { media: { title: book.title } } }),
    gives(`{ viewer { media { ${titleOf('Book', 'Movie')} } } }`, { viewer: { media: { title: book.title } } }),
    gives('{ aMedia { ... on Movie { title bTitle } } }', { aMedia: {} }),
    gives('{ aMedia { ... on Book { title aTitle bTitle } } }', {
      aMedia: { title: book.title, aTitle: book.aTitle, bTitle: book.bTitle },
    }),
    gives(`{ viewer { media ${EVERY_OWN_TITLE} book ${EVERY_OWN_TITLE} song ${EVERY_OWN_TITLE} } }`, {
      viewer: { media: wholeBook, book: wholeBook, song: wholeSong },
    }),
    gives('{ viewer { aMedia { ... on Movie { title bTitle } } bMedia { ... on Movie { title bTitle } } } }', {
      viewer: { aMedia: {}, bMedia: { title: movie.title, bTitle: movie.bTitle } },
    }),
  ],
};

const appliances = [
  { __typename: 'Oven', id: 'oven1', warranty: 1 },
  { __typename: 'Oven', id: 'oven2', warranty: 1 },
  { __typename: 'Toaster', id: 'toaster1', warranty: 3 },
  { __typename: 'Toaster', id: 'toaster2', warranty: 4 },
];
const ovens = appliances.filter((one) => one.__typename === 'Oven');
const toasters = appliances.filter((one) => one.__typename === 'Toaster');
const TOASTER_IDS = [{ id: 'toaster1' }, { id: 'toaster2' }];
const WARRANTIES = [{ warranty: 3 }, { warranty: 4 }];

const unionInterfaceDistributed: Scenario = {
  name: 'union-interface-distributed',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { products: [Product] node(id: ID!): Node nodes: [Node] toasters: [Toaster] }
        union Product = Oven | Toaster
        interface Node { id: ID! }
        interface WithWarranty { warranty: Int }
        type Oven @key(fields: "id") { id: ID! }
        type Toaster implements Node & WithWarranty @key(fields: "id") { id: ID! warranty: Int }`,
      resolvers: {
        Query: {
          products: () => appliances,
          node: (_: unknown, asked: { id: string }) => find(appliances, 'id', 'id', 'warranty')(asked),
          nodes: () => toasters,
          toasters: () => toasters,
        },
        Oven: { __resolveReference: find(ovens, 'id', 'id') },
        Toaster: { __resolveReference: find(toasters, 'id', 'id', 'warranty') },
      },
    },
    {
      name: 'b',
      typeDefs: `
        interface Node { id: ID! }
        interface WithWarranty { warranty: Int }
        type Oven implements Node & WithWarranty @key(fields: "id") { id: ID! warranty: Int }`,
      resolvers: { Oven: { __resolveReference: find(ovens, 'id', 'id', 'warranty') } },
    },
  ],
  cases: [
    gives('{ products { ... on Node { id } } }', { products: appliances.map(({ id }) => ({ id })) }),
    gives('{ nodes { ... on Toaster { warranty } ... on Oven { id } } }', { nodes: WARRANTIES }),
    gives('{ nodes { id } }', { nodes: TOASTER_IDS }),
    gives('{ nodes { ... on Node { id } } }', { nodes: TOASTER_IDS }),
    gives('{ nodes { ... on Node { ... on WithWarranty { warranty } } } }', { nodes: WARRANTIES }),
    gives('{ nodes { ... on Node { id ... on Node { id ... on WithWarranty { warranty } } } } }', {
      nodes: toasters.map(({ id, warranty }) => ({ id, warranty })),
    }),
    gives(
      '{ toasters { ...OfToaster ...OfNode } } fragment OfToaster on Toaster { id } fragment OfNode on Node { id __typename }',
      { toasters: toasters.map(({ id, __typename }) => ({ id, __typename })) },
    ),
    fails('{ node(id: "oven1") { ... on Oven { warranty } } }', { node: null }),
    fails('{ node(id: "oven1") { ... on Toaster { warranty } } }', { node: null }),
    gives('{ node(id: "toaster1") { ... on Toaster { warranty } } }', { node: { warranty: 3 } }),
  ],
};

const alpha = { __typename: 'Alpha', id: 'alpha-1', value: 'alpha value' };
const beta = { __typename: 'Beta', id: 'beta-1', name: 'beta name', details: 'beta details' };
const gamma = { __typename: 'Gamma', id: 'gamma-1', label: 'gamma label' };

const partialUnion: Scenario = {
  name: 'partial-union',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { getResponse: Response }
        type Response @shareable { actions: [Action!]! message: String }
        union Action = Alpha | Beta | Gamma
        type Alpha @shareable { id: ID! value: String }
        type Beta { id: ID! name: String details: String }
        type Gamma { id: ID! label: String }`,
      resolvers: { Query: { getResponse: () => ({ message: 'Hello', actions: [alpha, beta, gamma] }) } },
    },
    {
      name: 'b',
      typeDefs: `
        type Response @shareable { actions: [Action!]! message: String }
        union Action = Alpha
        type Alpha @shareable { id: ID! value: String }`,
      resolvers: {},
    },
  ],
  cases: [
    gives(
      `{ getResponse { message actions {
        __typename ... on Alpha { id value } ... on Beta { id name details } ... on Gamma { id label }
      } } }`,
      { getResponse: { message: 'Hello', actions: [alpha, beta, gamma] } },
    ),
    gives('{ getResponse { actions { __typename ... on Beta { name } ... on Gamma { label } } } }', {
      getResponse: { actions: [only(alpha), only(beta, 'name'), only(gamma, 'label')] },
    }),
  ],
};

const common = { __typename: 'Common', label: 'common label' };
const onlyA = { __typename: 'OnlyA', a: 'only a' };
const onlyB = { __typename: 'OnlyB', b: 'only b' };
const EVERY_ACTION = '{ actions { __typename ... on Common { label } ... on OnlyA { a } ... on OnlyB { b } } }';
const container = { id: 'container-1' };

const partialUnionComplex: Scenario = {
  name: 'partial-union-complex',
  agencies: () => [
    {
      name: 'a',
      typeDefs: `
        type Query { rootA: Container shared: Container @shareable }
        type Container @key(fields: "id") { id: ID! wrapper: Wrapper @shareable }
        type Wrapper @shareable { actions: [Action!]! @shareable }
        union Action = Common | OnlyA
        type Common @shareable { label: String }
        type OnlyA { a: String }`,
      resolvers: {
        Query: {
          rootA: () => ({ ...container, wrapper: { actions: [common, onlyA] } }),
          shared: () => ({ ...container, wrapper: { actions: [common] } }),
        },
        Container: { __resolveReference: () => ({ ...container, wrapper: { actions: [common, onlyA] } }) },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { rootB: Container shared: Container @shareable }
        type Container @key(fields: "id") { id: ID! wrapper: Wrapper @shareable bWrapper: Wrapper }
        type Wrapper @shareable { actions: [Action!]! @shareable }
        union Action = Common | OnlyB
        type Common @shareable { label: String }
        type OnlyB { b: String }`,
      resolvers: {
        Query: {
          rootB: () => ({ ...container, wrapper: { actions: [common, onlyB] } }),
          shared: () => ({ ...container, wrapper: { actions: [common] } }),
        },
        Container: {
          __resolveReference: () => ({ ...container, wrapper: { actions: [common, onlyB] } }),
          bWrapper: () => ({ actions: [common, onlyB] }),
        },
      },
    },
  ],
  cases: [
    gives(`{ rootA { wrapper ${EVERY_ACTION} } }`, { rootA: { wrapper: { actions: [common, onlyA] } } }),
    gives(`{ rootB { wrapper ${EVERY_ACTION} } }`, { rootB: { wrapper: { actions: [common, onlyB] } } }),
    gives('{ rootA { wrapper { actions { __typename ... on OnlyB { b } } } } }', {
      rootA: { wrapper: { actions: [only(common), only(onlyA)] } },
    }),
    gives(`{ shared { wrapper ${EVERY_ACTION} } }`, { shared: { wrapper: { actions: [common] } } }),
    gives(
      `query ($b: Boolean = true) { rootA { wrapper { actions { ...A ... on OnlyB { b } } } } }
      fragment A on Action { ... on OnlyA @include(if: $b) { once: a } ... on OnlyA @skip(if: $b) { twice: a } }`,
      { rootA: { wrapper: { actions: [{}, { once: 'only a' }] } } },
    ),
    gives(`{ rootA { bWrapper ${EVERY_ACTION} } }`, { rootA: { bWrapper: { actions: [common, onlyB] } } }),
  ],
};

export const unionScenarios: readonly Scenario[] = [
  unionIntersection,
  unionInterfaceDistributed,
  partialUnion,
  partialUnionComplex,
];
