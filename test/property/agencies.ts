import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import { AGENCY_SCHEMA_HEADER, HUB_DIRECTIVES_SDL } from '../../schema/directives.ts';
import { computed } from './oracle/answer.ts';
import type { Model } from './oracle/model.ts';
import { isNamedInPart, PERSON_TYPE, placeOf, valueAt, type World, type WorldObject } from './world.ts';

export interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Told {
  /** The answer's JSON text. */
  readonly text: string;
  /** Every place of the world that was looked at for it. */
  readonly looked: readonly string[];
}

export interface Agencies {
  readonly schemas: ReadonlyMap<string, GraphQLSchema>;
  /** `me`: whom `Query.me` answers with. Nothing is guarded here: what an agency is asked, it tells. */
  answer(agency: string, asked: Asked, me: string): Promise<Told>;
}

export function agencySdl(text: string): string {
  return `${AGENCY_SCHEMA_HEADER}\n${text}\n${HUB_DIRECTIVES_SDL}`;
}

/** The world's agencies in memory, all of them talkative. */
export function createAgencies(world: World, model: Model): Agencies {
  const schemas = new Map(
    Object.entries(world.sdl).map(([name, sdl]) => [name, buildSubgraphSchema({ typeDefs: parse(agencySdl(sdl)) })]),
  );
  return {
    schemas,
    async answer(agency, { query, variables }, me) {
      const looked: string[] = [];
      const result = await execute({
        schema: schemas.get(agency)!,
        document: parse(query),
        variableValues: variables,
        contextValue: {},
        fieldResolver: (source, args, _context, info) => {
          return resolve(world, model, agency, { me, looked }, toObject(source, info), args, info);
        },
      });
      return { text: JSON.stringify(result), looked };
    },
  };
}

interface Request {
  readonly me: string;
  readonly looked: string[];
}

function resolve(
  world: World,
  model: Model,
  agency: string,
  { me, looked }: Request,
  source: WorldObject & Readonly<Record<string, unknown>>,
  given: Record<string, unknown>,
  info: GraphQLResolveInfo,
): unknown {
  const { fieldName } = info;
  if (fieldName === 'me') return { __typename: PERSON_TYPE, id: me };
  if (fieldName === 'id') {
    if (source.__typename !== PERSON_TYPE) return source.id;
    return `${source.inPart ? 'met:' : ''}agency:${agency}/${source.id}`;
  }
  const facts = model.types.get(source.__typename)!.fields.get(fieldName)!;
  const args = { ...given };
  for (const name of facts.personArguments) {
    if (typeof args[name] === 'string') args[name] = personOf(args[name], agency);
  }
  const place = placeOf(source, fieldName, args);
  looked.push(place);
  const value = valueAt(world, info.schema, info.returnType, place);
  if (facts.requires.length === 0 || value === null) {
    const saysWho = model.types.get(source.__typename)!.mark?.from === fieldName;
    const { id } = (value ?? {}) as Partial<WorldObject>;
    return saysWho && id !== undefined && isNamedInPart(world, place, id)
      ? { ...(value as object), inPart: true }
      : value;
  }
  return computed(
    place,
    facts.requires.map((name) => source[name]),
  );
}

/** A root, an object of ours, or a representation, whose person is named by the agency's reference. */
function toObject(source: unknown, info: GraphQLResolveInfo): WorldObject & Readonly<Record<string, unknown>> {
  if (source === undefined || source === null) return { __typename: info.parentType.name, id: 'root' };
  const object = source as WorldObject & Readonly<Record<string, unknown>>;
  return object.id.includes('/') ? { ...object, id: object.id.split('/')[1]! } : object;
}

function personOf(reference: string, agency: string): string {
  const [party, person] = reference.split('/');
  if (party !== `agency:${agency}` || person === undefined)
    throw new TypeError(`${agency} was given the reference ${reference}`);
  return person;
}
