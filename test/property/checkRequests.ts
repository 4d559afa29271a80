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
import { mayBeNamed, type Standing } from './oracle/people.ts';
import { effectiveScopes, judge, standingOfObject } from './oracle/verdict.ts';

export interface RequestCheck {
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

/** A field of a request for which the verdict is no; undefined when there is none. */
export function findRefusedField(sent: Sent, check: RequestCheck): string | undefined {
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
  { agency, head, variables, grant }: Sent,
  { asker, expected, model }: RequestCheck,
): string | undefined {
  for (const [, party, person] of head.matchAll(/"((?:agency|service):[^"/]*)\/(p\d)"/g)) {
    if (party !== `agency:${agency}`) return `${agency} is sent a reference of ${party}`;
    if (!mayBeNamed(person!, asker)) return `${agency} is told of ${person}`;
  }
  for (const { __typename, id } of (variables.representations ?? []) as { __typename: string; id: string }[]) {
    const isPerson = model.types.get(__typename)!.isPerson;
    if (!isPerson && !expected.read.has(`${__typename} ${id}`))
      return `${agency} is told of ${__typename} ${id}, which nobody may see`;
  }
  const effective = effectiveScopes(asker);
  for (const { reference, role, scopes } of grant.subjects) {
    if (reference !== `agency:${agency}/${asker.person}` || role !== 'SELF')
      return `${agency}'s grant names ${reference} as ${role}`;
    const tooMany = scopes.find((scope) => !effective.has(scope));
    if (tooMany !== undefined) return `${agency}'s grant holds ${tooMany}`;
  }
  const met = Object.values(grant.met)
    .flat()
    .find((scope) => !effective.has(scope));
  return met === undefined ? undefined : `${agency}'s grant holds ${met} for people met`;
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
    const { reason, standing } = judge(walk.model, asked, walk.asker);
    if (reason !== undefined) return `${walk.sent.agency} is asked for ${typeName}.${field}, refused for ${reason}`;
    const below = getNamedType(definition.type);
    if (!node.selectionSet || !('name' in below)) continue;
    for (const name of namesOf(walk.schema, below as GraphQLCompositeType)) {
      const next = { object: standingOfObject(walk.model, name, { asked, standing }), above: standing };
      const fault = walkSelection(walk, node.selectionSet, below as GraphQLCompositeType, [name], next);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/** Persons of representations are the caller (findRefusedPerson); other entities stand where the caller found them. */
function walkEntities(walk: Walk, node: FieldNode): string | undefined {
  const entity = walk.schema.getType('_Entity') as GraphQLCompositeType;
  return walkSelection(walk, node.selectionSet!, entity, namesOf(walk.schema, entity), {
    object: 'CALLER',
    above: 'CALLER',
  });
}

function namesOf(schema: GraphQLSchema, type: GraphQLCompositeType): readonly string[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type).map((one) => one.name) : [type.name];
}
