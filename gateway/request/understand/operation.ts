import { createHash } from 'node:crypto';
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  Kind,
  print,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { HubError } from '../../platform/errors.ts';
import type { FieldPlace, Operation, OperationField, OperationSelection } from '../exchange.ts';
import { chooseOperation, usedDefinitions } from './chosenOperation.ts';
import { DEFAULT_LIMITS, tooComplex, type OperationLimits } from './limits.ts';
import { ALWAYS, anyOf, beyond, withDirectives, type Conjunction } from './presence.ts';

/** A selection set that counts at a position, and under which conditions beyond its parent's own presence. */
interface Source {
  readonly selectionSet: SelectionSetNode;
  readonly conjunction: Conjunction;
}

interface Occurrence {
  readonly node: FieldNode;
  readonly conjunction: Conjunction;
  /** Position among all occurrences on one type. */
  readonly place: number;
}

/** What stands on one type at one position. */
interface Found {
  count: number;
  readonly byKey: Map<string, Occurrence[]>;
}

interface Expansion {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly fields: OperationField[];
  readonly limits: OperationLimits;
}

/**
 * The chosen operation as a tree: fragments inlined, response keys merged, one list of fields per concrete type, every position its
 * own node (nothing is shared, so that two paths to one type never share a subject).
 *
 * The document must be valid for `schema`. Throws HUB_OPERATION_NAME_UNKNOWN, HUB_OPERATION_INVALID for a root type that is not there, and
 * HUB_OPERATION_TOO_COMPLEX when abstract types multiply it beyond `limits.treeFields`.
 */
export function buildOperation(
  document: DocumentNode,
  operationName: string | undefined,
  schema: GraphQLSchema,
  limits: OperationLimits = DEFAULT_LIMITS,
): Operation {
  const definition = chooseOperation(document, operationName);
  const chosen = usedDefinitions(document, definition);
  const expansion: Expansion = { schema, fragments: fragmentsOf(chosen), fields: [], limits };
  const root = expandSelection(expansion, rootType(schema, definition), [
    { selectionSet: definition.selectionSet, conjunction: ALWAYS },
  ]);
  const text = print(chosen);
  return {
    hash: createHash('sha256')
      .update(`${definition.name?.value ?? ''}\0${text}`)
      .digest('base64url'),
    kind: definition.operation,
    name: definition.name?.value,
    document: chosen,
    variableDefinitions: definition.variableDefinitions ?? [],
    root,
    fields: expansion.fields,
    introspects: expansion.fields.some((field) => field.fieldName === '__schema' || field.fieldName === '__type'),
    sizeBytes: documentBytes(text.replace(/\s+/g, ' ')) + treeBytes(expansion.fields.length),
  };
}

/** On the heap an AST takes about 80 bytes per character of its text, a node of the tree about 330 (measured: 5,000 documents of 200 characters). */
export function documentBytes(text: string): number {
  return 500 + 80 * text.length;
}

export function treeBytes(fields: number): number {
  return 500 + 330 * fields;
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

function rootType(schema: GraphQLSchema, definition: OperationDefinitionNode): GraphQLObjectType {
  const type = schema.getRootType(definition.operation);
  // Validation (graphql-js 16) passes an operation whose root type the schema does not have.
  if (!type) throw new HubError('HUB_OPERATION_INVALID', { extensions: { problem: 'no such root type' } });
  return type;
}

function expandSelection(
  expansion: Expansion,
  declaredType: GraphQLCompositeType,
  sources: readonly Source[],
): OperationSelection {
  const byType = new Map<string, readonly OperationField[]>();
  for (const type of concreteTypes(expansion.schema, declaredType)) {
    const found: Found = { count: 0, byKey: new Map() };
    for (const source of sources) collect(expansion, type, source.selectionSet, source.conjunction, found);
    const isMoving = Array.from(found.byKey.values()).some(mayMove);
    byType.set(
      type.name,
      Array.from(found.byKey, ([responseKey, merged]) => expandField(expansion, type, responseKey, merged, isMoving)),
    );
  }
  return { declaredType: declaredType.name, byType };
}

type FieldsType = GraphQLObjectType | GraphQLInterfaceType;

function concreteTypes(schema: GraphQLSchema, type: GraphQLCompositeType): readonly FieldsType[] {
  if (!isAbstractType(type)) return [type];
  const possible = schema.getPossibleTypes(type);
  // An interface that stands in the graph as interface object alone has no object type: its fields stand under its own name.
  return possible.length === 0 && isInterfaceType(type) ? [type] : possible;
}

/** Fields that stand on `type` (GraphQL specification, 6.3.2 CollectFields), with conditions kept instead of evaluated. */
function collect(
  expansion: Expansion,
  type: FieldsType,
  selectionSet: SelectionSetNode,
  conjunction: Conjunction,
  found: Found,
): void {
  for (const selection of selectionSet.selections) {
    const conditions = withDirectives(conjunction, selection.directives);
    if (selection.kind === Kind.FIELD) {
      const responseKey = selection.alias?.value ?? selection.name.value;
      const occurrence = { node: selection, conjunction: conditions, place: found.count++ };
      const earlier = found.byKey.get(responseKey);
      if (earlier) earlier.push(occurrence);
      else found.byKey.set(responseKey, [occurrence]);
      continue;
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? expansion.fragments.get(selection.name.value) : selection;
    if (!fragment)
      throw new TypeError('buildOperation: expected a valid document, got a spread of an unknown fragment');
    if (!applies(expansion.schema, fragment.typeCondition?.name.value, type)) continue;
    collect(expansion, type, fragment.selectionSet, conditions, found);
  }
}

function applies(schema: GraphQLSchema, condition: string | undefined, type: FieldsType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditionType = schema.getType(condition);
  return isAbstractType(conditionType) && schema.isSubType(conditionType, type);
}

function expandField(
  expansion: Expansion,
  parent: FieldsType,
  responseKey: string,
  occurrences: readonly Occurrence[],
  isMoving: boolean,
): OperationField {
  const { node } = occurrences[0]!;
  const definition = fieldDefinition(expansion.schema, parent, node.name.value);
  const presence = anyOf(occurrences.map((occurrence) => occurrence.conjunction));
  const index = expansion.fields.length;
  if (index >= expansion.limits.treeFields) throw tooComplex('treeFields', expansion.limits);
  const draft = {
    index,
    responseKey,
    fieldName: definition.name,
    parentType: parent.name,
    coordinate: `${parent.name}.${definition.name}`,
    type: definition.type,
    arguments: node.arguments ?? [],
    presence,
    ...(isMoving && { places: occurrences.map(toPlace) }),
    selection: undefined as OperationSelection | undefined,
  };
  expansion.fields.push(draft);
  const named = getNamedType(definition.type);
  if (isCompositeType(named)) {
    const sources = occurrences.flatMap((occurrence) =>
      occurrence.node.selectionSet
        ? [{ selectionSet: occurrence.node.selectionSet, conjunction: beyond(presence, occurrence.conjunction) }]
        : [],
    );
    draft.selection = expandSelection(expansion, named, sources);
  }
  return draft;
}

/** Whether a condition may leave out the first occurrence of several. */
function mayMove([first, second]: readonly Occurrence[]): boolean {
  return second !== undefined && first?.conjunction?.length !== 0;
}

function toPlace({ place, conjunction }: Occurrence): FieldPlace {
  return { place, presence: anyOf([conjunction]) };
}

function fieldDefinition(schema: GraphQLSchema, parent: FieldsType, name: string): GraphQLField<unknown, unknown> {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (parent === schema.getQueryType() && name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (parent === schema.getQueryType() && name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  const definition = parent.getFields()[name];
  if (!definition)
    throw new TypeError(`buildOperation: expected a valid document, got an unknown field on ${parent.name}`);
  return definition;
}
