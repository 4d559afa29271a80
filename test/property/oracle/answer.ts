import {
  execute,
  GraphQLError,
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { Asker } from '../asker.ts';
import { placeOf, STRANGER, valueAt, type World, type WorldObject } from '../world.ts';
import { TYPENAME, type Model } from './model.ts';
import { withJudgedTypename } from './typename.ts';
import { isAbsent, mayBeArgument, recognise, type Standing } from './people.ts';
import { judge, judgeTypename, standingOfObject, type AskedField, type Judged } from './verdict.ts';

export interface Expected {
  readonly data: unknown;
  /** Every position that is refused, `path` -> reason and subject, those within objects that became null included. */
  readonly refused: ReadonlyMap<string, string>;
  /** What was read, as `placeOf` writes it, and entities that were met: nothing else may be asked of agencies. */
  readonly read: ReadonlySet<string>;
  /** What an agency without guard tells besides of whoever it meets within an answer, before the hub knows who stands there. */
  readonly overheard: ReadonlySet<string>;
}

interface Held extends WorldObject {
  readonly object: Standing;
  readonly above: Standing;
}

interface Reading {
  readonly world: World;
  readonly model: Model;
  readonly asker: Asker;
  readonly read: Set<string>;
  /** Nobody is told from anybody else: the operation as it is asked where people are met. */
  readonly ofWhoever?: boolean;
}

/** The operation on the merged data, masked per subject by the rules: slow, and without a line of the gateway. */
export function answer(
  world: World,
  model: Model,
  asker: Asker,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): Expected {
  const reading: Reading = { world, model, asker, read: new Set() };
  const judged = withJudgedTypename(model, document);
  const { data } = run(reading, model.schema, judged, variables);
  const { errors = [] } = run(reading, model.nullableSchema, judged, variables);
  const refused = new Map(errors.map((error) => [(error.path ?? []).join('.'), reasonOf(error)]));
  const overheard = new Set<string>();
  run({ world, model, asker, read: overheard, ofWhoever: true }, model.nullableSchema, judged, variables);
  return { data, refused, read: reading.read, overheard };
}

function run(
  reading: Reading,
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: Readonly<Record<string, unknown>>,
) {
  const result = execute({
    schema,
    document,
    variableValues,
    fieldResolver: (source: Held | undefined, args: Record<string, unknown>, _context, info) =>
      resolve(reading, source, args, info),
  });
  if (result instanceof Promise) throw new TypeError('the oracle answers at once');
  return result;
}

function resolve(
  reading: Reading,
  source: Held | undefined,
  given: Record<string, unknown>,
  info: GraphQLResolveInfo,
): unknown {
  const { world, model, asker, read } = reading;
  const object: Held = source ?? {
    __typename: info.parentType.name,
    id: 'root',
    object: 'NOBODY',
    above: 'NOBODY',
  };
  const asked: AskedField = {
    type: object.__typename,
    field: info.fieldName,
    args: given,
    object: object.object,
    above: object.above,
  };
  if (info.fieldName === TYPENAME) return resolveTypename(reading, asked);
  const verdict = judge(reading, asked, asker);
  if (verdict.reason === 'WITHHELD') return null;
  if (verdict.reason !== undefined) refuse(verdict);
  const { standing } = verdict;
  const facts = model.types.get(asked.type)!.fields.get(asked.field)!;
  const args = openReferences(facts.personArguments, given, asker);
  if (args === undefined) return null;
  const place = placeOf(object, info.fieldName, args);
  read.add(place);
  for (const name of facts.requires) read.add(placeOf(object, name, {}));
  if (info.fieldName === 'id')
    return model.types.get(asked.type)!.isPerson ? `service:${asker.siret}/${object.id}` : object.id;
  if (asked.type === 'Query' && asked.field === 'me')
    return hold(reading, { __typename: 'Citizen', id: asker.person }, asked, standing);
  const value = valueAt(world, model.schema, typeOf(model, asked), place);
  if (facts.requires.length === 0 || value === null) return hold(reading, value, asked, standing, place);
  const inputs = facts.requires.map((name) => {
    return valueAt(world, model.schema, typeOf(model, { ...asked, field: name }), placeOf(object, name, {}));
  });
  return computed(place, inputs);
}

function resolveTypename(reading: Reading, { type, object }: AskedField): string {
  const verdict = judgeTypename(reading, { type, object }, reading.asker);
  if (verdict.reason !== undefined) refuse(verdict);
  return type;
}

/** What an agency computes of what it was handed. */
export function computed(place: string, inputs: readonly unknown[]): string {
  return `<${place} of ${JSON.stringify(inputs)}>`;
}

function typeOf({ schema }: Model, { type, field }: Pick<AskedField, 'type' | 'field'>): GraphQLOutputType {
  return (schema.getType(type) as GraphQLObjectType).getFields()[field]!.type;
}

function hold(reading: Reading, value: unknown, asked: AskedField, standing: Standing, place = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => hold(reading, one, asked, standing, place));
  if (value === null || typeof value !== 'object') return value;
  const object = value as WorldObject;
  const { world, model, asker, ofWhoever } = reading;
  const isPerson = model.types.get(object.__typename)!.isPerson;
  if (isPerson && !ofWhoever) {
    // A person whom the hub does not know is absent.
    const saysWho = model.types.get(asked.type)!.mark?.from === asked.field;
    if (isAbsent(object.id, asker) || (saysWho && !recognise(world, place, object.id, asker))) return null;
  }
  if (reading.model.types.get(object.__typename)!.isEntity) reading.read.add(`${object.__typename} ${object.id}`);
  return {
    ...object,
    object: standingOfObject(
      model,
      object.__typename,
      { asked, standing, ...(isPerson && !ofWhoever && { person: object.id }) },
      asker,
    ),
    above: standing,
  } satisfies Held;
}

/** Service's references as the persons they are; undefined: nobody this service knows. */
function openReferences(
  names: readonly string[],
  given: Record<string, unknown>,
  asker: Asker,
): Record<string, unknown> | undefined {
  const args = { ...given };
  for (const name of names) {
    const reference = args[name];
    if (typeof reference !== 'string') continue;
    const [party, person] = reference.split('/');
    if (party !== `service:${asker.siret}` || person === undefined || person === STRANGER) return undefined;
    if (!mayBeArgument(person, asker)) refuse({ reason: 'SUBJECT_NOT_COVERED', subject: 'OTHER' });
    args[name] = person;
  }
  return args;
}

function refuse({ reason, subject }: Pick<Judged, 'reason' | 'subject'>): never {
  throw new GraphQLError(String(reason), { extensions: { reason: `${reason} of ${subject}` } });
}

function reasonOf(error: GraphQLError): string {
  const reason = error.extensions.reason as string | undefined;
  if (!reason) throw new TypeError(`the oracle failed: ${error.stack}`);
  return reason;
}
