import { hashOf } from './draw.ts';
import type { AbstractModel, EntityModel, FieldModel } from './worldModel.ts';

const ENTITY_COUNT = 5;

export type Args = Readonly<Record<string, unknown>>;

export function entityResolvers(
  entity: EntityModel,
  agency: number,
  entities: readonly EntityModel[],
  abstracts: readonly AbstractModel[],
): Record<string, unknown> {
  const resolvers: Record<string, unknown> = {
    __resolveReference(representation: { id?: string; code?: string; ref?: { a: string } }) {
      const id = representation.id ?? representation.code?.slice(1) ?? representation.ref?.a.slice(1) ?? '';
      if (entity.owner !== agency && hashOf(`gone ${agency} ${id}`) % 20 === 0) return null;
      return { ...entityOf(id), representation };
    },
  };
  for (const field of entity.fields) {
    resolvers[field.name] = (parent: { id: string; representation?: Record<string, unknown> }, args: Args) => {
      if (field.requires.length === 0) return valueOf(entity.name, parent.id, field, args, entities, abstracts);
      const given = field.requires.map((name) => {
        if (!parent.representation || !(name in parent.representation)) throw new Error(`${name} was not provided`);
        return parent.representation[name];
      });
      return `sum ${JSON.stringify(given)}`;
    };
  }
  return resolvers;
}

export function partResolvers(): Record<string, unknown> {
  return {
    x: ({ at }: { at: string }) => hashOf(`${at} x`) % 1000,
    y: ({ at }: { at: string }, args: Args) => `${at}.y(${JSON.stringify(args.n)})`,
    part: ({ at }: { at: string }) => (hashOf(`${at} part`) % 4 === 0 ? null : { at: `${at}.part` }),
  };
}

export function entityOf(id: string): object {
  return { __typename: id.split(':')[0], id, code: `c${id}`, ref: { a: `a${id}`, b: 'b' } };
}

export function typeOfValue(value: { __typename: string }): string {
  return value.__typename;
}

export function valueOf(
  type: string,
  id: string,
  field: FieldModel,
  args: Args,
  entities: readonly EntityModel[],
  abstracts: readonly AbstractModel[],
): unknown {
  const place = `${type} ${id} ${field.name} ${JSON.stringify(args.n)}`;
  // The reference computes from the null of a failed field; ours does not believe what comes of it (requires.test.ts).
  const isRequired = entities.some(
    (entity) => entity.name === type && entity.fields.some((one) => one.requires.includes(field.name)),
  );
  if (!isRequired && hashOf(`error ${place}`) % 30 === 0) throw new Error('the agency could not');
  return fill(field.type.named, field.type.nonNull, place, entities, abstracts);
}

function fill(
  named: string,
  nonNull: readonly boolean[],
  place: string,
  entities: readonly EntityModel[],
  abstracts: readonly AbstractModel[],
): unknown {
  const hash = hashOf(place);
  if (!nonNull[0] && hash % 8 === 0) return null;
  if (nonNull.length > 1) {
    const below = nonNull.slice(1);
    return Array.from({ length: hash % 4 }, (_, at) => fill(named, below, `${place} ${at}`, entities, abstracts));
  }
  switch (named) {
    case 'Int':
      return hash % 1000;
    case 'Float':
      return (hash % 1000) / 4;
    case 'Boolean':
      return hash % 2 === 0;
    case 'String':
      return hash % 5 === 0 ? `é"\\ ${hash}\n` : `text ${hash % 100}`;
    case 'ID':
      return `id ${hash % 100}`;
    case 'Color':
      return ['RED', 'GREEN', 'BLUE'][hash % 3];
    case 'Part':
      return { at: place };
    default: {
      const members = abstracts.find((one) => one.name === named)?.members ?? [named];
      return entityOf(`${members[hash % members.length]!}:${(hash >>> 4) % ENTITY_COUNT}`);
    }
  }
}
