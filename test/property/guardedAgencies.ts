import { createPrivateKey } from 'node:crypto';
import {
  isAbstractType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { AgencyId } from '../../gateway/platform/ids.ts';
import { createMetPersonOpener } from '../../gateway/platform/metPersons.ts';
import { createGrantSealer } from '../../gateway/platform/seal.ts';
import { AGENCY_SCHEMA_HEADER } from '../../schema/directives.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import { createAgencyKeys, generateAgencyKey } from '../../subgraphs/kit/agencyKeys.ts';
import type { AgencyContext, Person, Resolvers } from '../../subgraphs/kit/agencyModule.ts';
import { createSubgraph, type Subgraph } from '../../subgraphs/kit/createSubgraph.ts';
import { fixedHubKeys } from '../../subgraphs/kit/hubKeys.ts';
import { createKitLog } from '../../subgraphs/kit/log.ts';
import { NOW, pivotOf, type Grants } from './hub.ts';
import { computed } from './oracle/answer.ts';
import { TYPENAME, type Model } from './oracle/model.ts';
import { ABSENTEES, PEOPLE, PERSON_TYPE, placeOf, valueAt, type World, type WorldObject } from './world.ts';

/** A field that the guard let through to its resolver. */
export interface GuardedPlace {
  readonly object: WorldObject;
  readonly field: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface GuardedAgencies {
  /** What the hub seals its grants with for these agencies. */
  readonly grants: Grants;
  /** One request at a time: what was looked at is that of the last one. */
  answer(agency: string, body: string): Promise<{ readonly text: string; readonly looked: readonly GuardedPlace[] }>;
}

/** The world's agencies as an agency builds them: with the kit, behind its guard, answering to sealed grants alone. */
export function openGuardedAgencies(
  world: World,
  model: Model,
  { guarded }: { readonly guarded: boolean },
): GuardedAgencies {
  const agencyKeys = createAgencyKeys([AGENCY_KEY]);
  const looked: GuardedPlace[] = [];
  const subgraphs = new Map(
    Object.entries(world.sdl).map(([name, sdl]): [string, Subgraph] => [
      name,
      createSubgraph({
        name,
        typeDefs: `${AGENCY_SCHEMA_HEADER}\n${sdl}`,
        resolvers: resolversOf(world, model, looked),
        findPersons: (identities) =>
          Promise.resolve(identities.map((identity) => EVERYBODY.flatMap((id) => recordOf(world, id, identity)))),
        clock: () => NOW,
        log: createKitLog(name, { write: () => undefined }),
        authority: { ownKeys: agencyKeys, hubKeys: fixedHubKeys([HUB_PUBLIC]) },
      }),
    ]),
  );
  if (!guarded) for (const { schema } of subgraphs.values()) unguard(schema, resolversOf(world, model, looked));
  const agencyKey = agencyKeys.publicJwks.keys[0]!;
  return {
    grants: {
      seal: createGrantSealer({
        exchangeKeys: HUB_EXCHANGE_KEYS,
      }),
      openMetPerson: createMetPersonOpener({ exchangeKeys: HUB_EXCHANGE_KEYS }),
      agencyKeys: { find: () => agencyKey, reread: () => Promise.resolve(undefined) },
      carry: new Map<AgencyId, never>(),
    },
    async answer(agency, body) {
      looked.length = 0;
      const { answer } = await subgraphs.get(agency)!.receive(body);
      return { text: JSON.stringify(answer), looked: [...looked] };
    },
  };
}

/** Takes the guard off what `createSubgraph` built: the resolvers stand in the schema as the agency wrote them. */
function unguard(schema: GraphQLSchema, resolvers: Resolvers): void {
  for (const [typeName, own] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const bare = own[field.name];
      if (bare) field.resolve = bare as unknown as GraphQLFieldResolver<unknown, unknown>;
    }
  }
}

const HUB_KEY = generateAgencyKey();
const { d: _private, ...HUB_PUBLIC } = HUB_KEY;
const HUB_EXCHANGE_KEYS = [
  { privateKey: createPrivateKey({ key: { ...HUB_KEY }, format: 'jwk' }), publicJwk: HUB_PUBLIC, usedFromSeconds: 0 },
];
const AGENCY_KEY = generateAgencyKey();
const EVERYBODY = [...PEOPLE, ...ABSENTEES];

function recordOf(world: World, id: string, identity: PivotIdentity) {
  return pivotOf(world, id).birthplace === identity.birthplace
    ? [{ identity: pivotOf(world, id), record: { __typename: PERSON_TYPE, id } }]
    : [];
}

/** Every field of every type reads the world; the guard stands before each. */
function resolversOf(world: World, model: Model, looked: GuardedPlace[]): Resolvers {
  const entries = Object.values(model.schema.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return [];
    if (isAbstractType(type)) return [[type.name, { __resolveType: (value: object) => objectOf(value).__typename }]];
    if (!isObjectType(type)) return [];
    const facts = model.types.get(type.name)!;
    const fields = Object.keys(type.getFields()).flatMap((field): [string, unknown][] => {
      if (field === 'id' || field === TYPENAME) return [];
      return [
        [
          field,
          (...given: readonly [object, Record<string, unknown>, AgencyContext, GraphQLResolveInfo]) =>
            resolve(world, model, looked, ...given),
        ],
      ];
    });
    const reference =
      facts.isEntity && !facts.isPerson ? [['__resolveReference', (of: object) => of] as [string, unknown]] : [];
    return [[type.name, Object.fromEntries([...fields, ...reference])]];
  });
  return Object.fromEntries(entries) as Resolvers;
}

function resolve(
  world: World,
  model: Model,
  looked: GuardedPlace[],
  source: object | undefined,
  given: Record<string, unknown>,
  context: AgencyContext,
  info: GraphQLResolveInfo,
): unknown {
  if (info.fieldName === 'me') return context.self();
  const object = source === undefined ? { __typename: info.parentType.name, id: 'root' } : objectOf(source);
  const args = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? value.split('/').at(-1) : value]),
  );
  const place = placeOf(object, info.fieldName, args);
  looked.push({ object, field: info.fieldName, args });
  const value = valueAt(world, info.schema, info.returnType, place);
  const requires = model.types.get(object.__typename)?.fields.get(info.fieldName)?.requires ?? [];
  if (requires.length === 0 || value === null) return meetAll(world, value, context);
  const { required } = source as Person;
  return computed(
    place,
    requires.map((name) => required[name]),
  );
}

/** Persons met in the answer are persons to the kit, by their full identity. */
function meetAll(world: World, value: unknown, context: AgencyContext): unknown {
  if (Array.isArray(value)) return value.map((one) => meetAll(world, one, context));
  if (value === null || typeof value !== 'object' || objectOf(value).__typename !== PERSON_TYPE) return value;
  return context.meet({ identity: pivotOf(world, objectOf(value).id), record: value });
}

function objectOf(value: object): WorldObject {
  return ((value as Person).record ?? value) as WorldObject;
}
