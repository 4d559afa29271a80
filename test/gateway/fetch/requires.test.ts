import { describe, expect, it } from '@jest/globals';
import { ask, spell } from '../../engine/ask.ts';
import { federate } from '../../engine/federation.ts';

const PARCELS = [
  { id: 'p1', weight: 2, price: 10 },
  { id: 'p2', weight: 3, price: 20 },
];

function shop(failing?: 'weight'): ReturnType<typeof federate> {
  return federate([
    {
      name: 'stock',
      typeDefs: `
        type Query { parcels: [Parcel] }
        type Parcel @key(fields: "id") { id: ID! name: String price(currency: String!): Int weight: Int boxes: [[Box!]] }
        type Box @shareable { size: Int wide: Int }`,
      resolvers: {
        Query: { parcels: () => PARCELS },
        Parcel: {
          name: ({ id }: { id: string }) => `name ${id}`,
          price: ({ price }: { price: number }, { currency }: { currency: string }) =>
            currency === 'EUR' ? price * 2 : price,
          weight: ({ weight }: { weight: number }) => {
            if (failing) throw new Error('scales are broken');
            return weight;
          },
          boxes: () => [
            [
              { size: 1, wide: 3 },
              { size: 2, wide: 4 },
            ],
            [],
          ],
        },
      },
    },
    {
      name: 'post',
      typeDefs: `
        type Parcel @key(fields: "id") {
          id: ID!
          price(currency: String!): Int @external
          weight: Int @external
          boxes: [[Box!]] @external
          shippingUsd: Int @requires(fields: "price(currency: \\"USD\\") weight")
          shippingEur: Int @requires(fields: "price(currency: \\"EUR\\") weight")
          volume: String @requires(fields: "boxes { size }")
          width: String @requires(fields: "boxes { wide }")
          label: String
        }
        type Box @shareable { size: Int wide: Int }`,
      resolvers: {
        Parcel: {
          shippingUsd: ({ price, weight }: { price: number; weight: number }) => price * weight,
          shippingEur: ({ price, weight }: { price: number; weight: number }) => price * weight,
          volume: ({ boxes }: { boxes: unknown }) => JSON.stringify(boxes),
          width: ({ boxes }: { boxes: { wide?: number }[][] }) => String(boxes.flat().map(({ wide }) => wide)),
          label: ({ id }: { id: string }) => `label ${id}`,
        },
      },
    },
  ]);
}

describe('what an agency requires of another', () => {
  it('keeps the client’s argument apart from the required one', async () => {
    const { data } = await ask(shop(), '{ parcels { shippingUsd price(currency: "EUR") } }');
    expect(data).toEqual({
      parcels: [
        { shippingUsd: 20, price: 20 },
        { shippingUsd: 60, price: 40 },
      ],
    });
  });

  it('asks twice where two fields require one field with different arguments', async () => {
    const federation = shop();
    const { data } = await ask(federation, '{ parcels { shippingUsd shippingEur label } }');
    expect(data).toEqual({
      parcels: [
        { shippingUsd: 20, shippingEur: 40, label: 'label p1' },
        { shippingUsd: 60, shippingEur: 120, label: 'label p2' },
      ],
    });
    const bodies = federation.asked.filter(({ agency }) => agency === 'post').map(({ body }) => body);
    expect(
      bodies.map(({ variables }) => (variables.representations as { price: number }[]).map(({ price }) => price)),
    ).toEqual([
      [10, 20],
      [20, 40],
    ]);
    expect(bodies.every(({ query }) => !query.includes('price__'))).toBe(true);
  });

  it('carries lists of lists of objects', async () => {
    const { data } = await ask(shop(), '{ parcels { volume } }');
    expect(data).toEqual({ parcels: Array(2).fill({ volume: '[[{"size":1},{"size":2}],[]]' }) });
  });

  it('does not believe what was computed without its input, and serves the rest', async () => {
    const { data, faults } = await ask(shop('weight'), '{ parcels { name shippingUsd label } }');
    expect(data).toEqual({
      parcels: [
        { name: 'name p1', shippingUsd: null, label: 'label p1' },
        { name: 'name p2', shippingUsd: null, label: 'label p2' },
      ],
    });
    expect(spell(faults)).toEqual([
      'HUB_AGENCY_FIELD_ERROR parcels.0.shippingUsd',
      'HUB_AGENCY_FIELD_ERROR parcels.1.shippingUsd',
    ]);
  });

  it('serves what does not need a requirement that a condition has left out', async () => {
    const query = 'query ($y: Boolean!) { parcels { boxes { __typename } label volume @skip(if: $y) } }';
    const { data } = await ask(shop(), query, { variables: { y: true } });
    const boxes = [[{ __typename: 'Box' }, { __typename: 'Box' }], []];
    expect(data).toEqual({ parcels: ['p1', 'p2'].map((id) => ({ boxes, label: `label ${id}` })) });
  });

  it.each([
    ['shippingUsd @skip(if: $yes) volume', { volume: '[[{"size":1},{"size":2}],[]]' }],
    ['shippingUsd volume @include(if: $no)', { shippingUsd: 'both' }],
    ['width @skip(if: $yes) volume', { volume: '[[{"size":1},{"size":2}],[]]' }],
    ['... @include(if: $no) { width shippingUsd } volume weight', { volume: '[[{"size":1},{"size":2}],[]]' }],
    ['shippingUsd @skip(if: $yes) shippingEur @skip(if: $yes) label', { label: 'label' }],
  ])(
    'computes each field from its own requirements, whatever conditions leave out beside it: %s',
    async (fields, one) => {
      const query = `query ($yes: Boolean!, $no: Boolean!) { parcels { ${fields} } }`;
      const { data, faults } = await ask(shop(), query, { variables: { yes: true, no: false } });
      const [first] = (data as { parcels: Record<string, unknown>[] }).parcels;
      const expected = {
        ...one,
        ...('shippingUsd' in one && { shippingUsd: 20 }),
        ...('label' in one && { label: 'label p1' }),
      };
      expect(first).toEqual({ ...expected, ...(fields.includes('weight') && { weight: 2 }) });
      expect(faults).toEqual([]);
    },
  );

  it('lets a client call anything by the name of a key', async () => {
    const federation = shop();
    const { data } = await ask(federation, '{ parcels { id: name label __proto__: label constructor: id } }');
    expect(data).toEqual(
      JSON.parse(
        '{"parcels":[{"id":"name p1","label":"label p1","__proto__":"label p1","constructor":"p1"},{"id":"name p2","label":"label p2","__proto__":"label p2","constructor":"p2"}]}',
      ),
    );
    expect(JSON.stringify(federation.asked)).not.toMatch(/__proto__|constructor/);
  });
});
