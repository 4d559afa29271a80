import {
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  parse,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { Asker } from './asker.ts';
import type { Sent } from './hub.ts';
import type { Expected } from './oracle/answer.ts';
import type { Model } from './oracle/model.ts';
import { findScope } from '../../schema/scopes.ts';
import { askingAbout, mayBeArgument, meet, type Standing } from './oracle/people.ts';
import { effectiveScopes, judge, standingOfObject } from './oracle/verdict.ts';
import type { World } from './world.ts';

export interface RequestCheck {
  readonly world: World;
  readonly model: Model;
  readonly schema: GraphQLSchema;
  readonly asker: Asker;
  readonly expected: Expected;
}

interface Walk extends RequestCheck {
  readonly sent: Sent;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

interface Place {
  readonly object: Standing;
  readonly above: Standing;
}

/** What a request asks or tells that it must not; undefined when nothing. */
export function findFault(sent: Sent, check: RequestCheck): string | undefined {
  return findRefusedField(sent, check) ?? findRefusedPerson(sent, check) ?? findWrongGrant(sent, check);
}

/** A field of a request for which the verdict is no. */
function findRefusedField(sent: Sent, check: RequestCheck): string | undefined {
  const { definitions } = parse(sent.query);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const walk: Walk = { ...check, sent, fragments };
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const root = check.schema.getRootType(definition.operation)!;
    const fault = walkSelection(walk, definition.selectionSet, root, [root.name], {
      object: 'NOBODY',
      above: 'NOBODY',
    });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A person whom the agency must not hear of; undefined when there is none. */
export function findRefusedPerson(
  { agency, head, variables }: Sent,
  { world, asker }: Pick<RequestCheck, 'world' | 'asker'>,
): string | undefined {
  if (head.includes('"met:')) return `${agency} is sent back what an agency has sealed`;
  for (const [, party, person] of head.matchAll(REFERENCES)) {
    if (party !== `agency:${agency}`) return `${agency} is sent a reference of ${party}`;
    if (!askingAbout(world, person, asker)) return `${agency} is told of ${person}`;
  }
  const { representations: _, ...others } = variables;
  for (const [, , person] of JSON.stringify(others).matchAll(REFERENCES)) {
    if (!mayBeArgument(person!, asker)) return `${agency} is told of ${person} in an argument`;
  }
  return undefined;
}

const REFERENCES = /"((?:agency|service):[^"/]*)\/(p\d)"/g;

/** Subjects, roles and scopes of a grant are those that the request is about and no others. */
export function findWrongGrant(
  { agency, head, grant }: Sent,
  { world, asker }: Pick<RequestCheck, 'world' | 'asker'>,
): string | undefined {
  const named = new Set(Array.from(head.matchAll(REFERENCES), ([, , person]) => person!));
  for (const { reference, role, scopes } of grant.subjects) {
    const person = reference.replace(`agency:${agency}/`, '');
    const party = askingAbout(world, person, asker);
    if (!party || role !== roleOf(person, asker)) return `${agency}'s grant names ${reference} as ${role}`;
    const held = [...effectiveScopes(party)].filter((scope) => findScope(scope)!.holder === agency).sort();
    if ([...scopes].sort().join() !== held.join())
      return `${agency}'s grant holds ${scopes.join()} for ${person}, the oracle says ${held.join()}`;
    if (person !== asker.person && !named.has(person) && held.length === 0)
      return `${agency}'s grant names ${person}, of whom it may tell nothing`;
    named.delete(person);
  }
  for (const person of named) return `${agency} is asked about ${person} without a grant`;
  const met = Object.values(grant.met)
    .flat()
    .find((scope) => !effectiveScopes(asker).has(scope));
  return met === undefined ? undefined : `${agency}'s grant holds ${met} for people met`;
}

function roleOf(person: string, { person: caller, relatives }: Asker): string {
  if (person === caller) return 'SELF';
  return relatives.find((one) => one.person === person)?.role === 'CHILD' ? 'CHILD_PROVEN' : 'SPOUSE';
}

function walkSelection(
  walk: Walk,
  set: SelectionSetNode,
  type: GraphQLCompositeType,
  possible: readonly string[],
  place: Place,
): string | undefined {
  for (const selection of set.selections) {
    const fault =
      selection.kind === Kind.FIELD
        ? walkField(walk, selection, possible, place)
        : walkFragment(walk, selection, type, possible, place);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function walkFragment(
  walk: Walk,
  selection: Exclude<SelectionSetNode['selections'][number], FieldNode>,
  type: GraphQLCompositeType,
  possible: readonly string[],
  place: Place,
): string | undefined {
  const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value)! : selection;
  const narrower = fragment.typeCondition ? walk.schema.getType(fragment.typeCondition.name.value) : type;
  const names = namesOf(walk.schema, narrower as GraphQLCompositeType).filter((name) => possible.includes(name));
  return walkSelection(walk, fragment.selectionSet, narrower as GraphQLCompositeType, names, place);
}

function walkField(walk: Walk, node: FieldNode, possible: readonly string[], place: Place): string | undefined {
  const field = node.name.value;
  if (field === '__typename') return undefined;
  if (field === '_entities') return walkEntities(walk, node);
  for (const typeName of possible) {
    const parent = walk.schema.getType(typeName);
    if (!isObjectType(parent)) continue;
    const facts = walk.model.types.get(typeName);
    if (field === 'id' && facts?.isEntity) continue;
    const definition = parent.getFields()[field]!;
    const args = getArgumentValues(definition, node, { ...walk.sent.variables });
    const asked = { type: typeName, field, args, ...place };
    const { reason, standing } = judge(walk, asked, walk.asker);
    if (reason !== undefined) return `${walk.sent.agency} is asked for ${typeName}.${field}, refused for ${reason}`;
    const below = getNamedType(definition.type);
    if (!node.selectionSet || !('name' in below)) continue;
    for (const name of namesOf(walk.schema, below as GraphQLCompositeType)) {
      const next = { object: standingOfObject(walk.model, name, { asked, standing }, walk.asker), above: standing };
      const fault = walkSelection(walk, node.selectionSet, below as GraphQLCompositeType, [name], next);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/**
 * Each person of the representations is judged for themself. Entities that are no persons stand where they were found, with the caller, somebody
 * met or nobody: there one whose own they might be is enough, and what was looked at says the rest (runCase.ts).
 */
function walkEntities(walk: Walk, node: FieldNode): string | undefined {
  const { schema, sent, asker, model, expected } = walk;
  const entity = schema.getType('_Entity') as GraphQLCompositeType;
  const ask = (type: string, at: Standing): string | undefined =>
    walkSelection(walk, node.selectionSet!, entity, [type], { object: at, above: at });
  for (const { __typename, id } of sent.variables.representations as { __typename: string; id: string }[]) {
    if (model.types.get(__typename)!.isPerson) {
      const person = id.split('/').at(-1)!;
      const fault = ask(__typename, person === asker.person ? 'CALLER' : meet(person, asker));
      if (fault !== undefined) return `of ${person} ${fault}`;
      continue;
    }
    const place = `${__typename} ${id}`;
    if (!expected.read.has(place) && !expected.overheard.has(place))
      return `${sent.agency} is told of ${place}, which nobody may see`;
    const fault = ask(__typename, 'CALLER');
    const others: readonly Standing[] = [meet(undefined, asker), 'NOBODY'];
    if (fault !== undefined && others.every((other) => ask(__typename, other) !== undefined)) return fault;
  }
  return undefined;
}

function namesOf(schema: GraphQLSchema, type: GraphQLCompositeType): readonly string[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type).map((one) => one.name) : [type.name];
}
