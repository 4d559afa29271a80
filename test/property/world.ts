import { createHash } from 'node:crypto';
import {
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

/** Agencies as they would write their schemas, without the treaty's header; what they hold follows from the salt alone. */
export interface World {
  readonly salt: string;
  /** By agency; `hub` among them. */
  readonly sdl: Readonly<Record<string, string>>;
  /** Birth dates by person, presumed ones among them [1990-01-01]. */
  readonly births?: Readonly<Record<string, string>>;
  /** p4 has the names and the birth date of p3: a file that knows no more cannot tell them apart. */
  readonly namesakes?: boolean;
}

/** An object of the world: a person, an entity or a value at its place. */
export interface WorldObject {
  readonly __typename: string;
  readonly id: string;
}

export const PEOPLE = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'] as const;
/** Who may be dead or protected to one who asks: they stand only where nobody has to. */
export const ABSENTEES = ['p6', 'p7'] as const;
/** A person whom an agency names and the hub does not know. */
export const STRANGER = 'p9';
export const PERSON_TYPE = 'Citizen';

export function birthOf({ births, namesakes }: World, person: string): string {
  return births?.[namesakes && person === 'p4' ? 'p3' : person] ?? '1990-01-01';
}

/**
 * Whether an agency knows the person of this place by names and birth date alone. Never p4: where only one of two namesakes is a relative, the
 * other would be taken for them.
 */
export function isNamedInPart({ salt }: World, place: string, person: string): boolean {
  return person !== 'p4' && hashOf(`${salt} in part ${place}`) % 2 === 0;
}

/** Where a value stands: an object's field with its arguments, in canonical text. */
export function placeOf(object: WorldObject, field: string, args: Readonly<Record<string, unknown>>): string {
  const given = Object.keys(args)
    .sort()
    .map((name) => `${name}: ${JSON.stringify(args[name])}`);
  return `${object.__typename} ${object.id} ${field}(${given.join(', ')})`;
}

/**
 * What stands at a place: the same for agencies and oracle, whoever asks and however. Leaves name their place, so that a value that
 * stands where it must not can be traced; objects are WorldObjects.
 */
export function valueAt(world: World, schema: GraphQLSchema, type: GraphQLOutputType, place: string): unknown {
  if (isNonNullType(type)) return fill(world, schema, type.ofType, place, true);
  return fill(world, schema, type, place, false);
}

function fill(world: World, schema: GraphQLSchema, type: GraphQLOutputType, place: string, mustBe: boolean): unknown {
  const hash = hashOf(`${world.salt} ${place}`);
  if (!mustBe && hash % 9 === 0) return null;
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    return Array.from({ length: hash % 4 }, (_, at) => valueAt(world, schema, nullable.ofType, `${place} ${at}`));
  }
  if (isLeafType(nullable)) return leaf(nullable.name, hash, place);
  const possible = isAbstractType(nullable)
    ? schema.getPossibleTypes(nullable)
    : isObjectType(nullable)
      ? [nullable]
      : [];
  const named = possible.map((one) => one.name).sort()[hash % possible.length]!;
  return { __typename: named, id: identify(named, hash >>> 4, mustBe) };
}

function leaf(name: string, hash: number, place: string): unknown {
  if (name === 'Int') return hash % 100_000;
  if (name === 'Boolean') return hash % 2 === 0;
  return `<${place}>`;
}

function identify(type: string, hash: number, mustBe: boolean): string {
  if (type === PERSON_TYPE && !mustBe && hash % 7 === 0) return [STRANGER, ...ABSENTEES][(hash >>> 3) % 3]!;
  if (type === PERSON_TYPE) return PEOPLE[hash % PEOPLE.length]!;
  return type.startsWith('E') ? `e${hash % 3}` : `v${hash % 1_000_000}`;
}

function hashOf(text: string): number {
  return createHash('md5').update(text).digest().readUInt32LE(0);
}
