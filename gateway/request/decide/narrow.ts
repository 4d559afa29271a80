import {
  isAbstractType,
  isObjectType,
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Operation, OperationField, OperationSelection } from '../exchange.ts';

type IsAllowed = (field: OperationField) => boolean;

interface Narrowing {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly isAllowed: IsAllowed;
}

/** A field node as it stands on one concrete type. */
interface Place {
  readonly type: string;
  readonly field: OperationField;
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * What may be planned of an operation: its own selections, fragments inlined, without any refused field, its arguments and the variables
 * that only they used. An object of which nothing is left is asked for its `__typename`, so that it stays an object. A field of an interface
 * stays on the interface as long as its types agree, else it is asked on each type that allows it. Undefined when no root field is left.
 *
 * Where an interface's types differ in nullability, a field that is asked type by type may break GraphQL's rule that all of one response
 * key have one shape; the planner (2.14) gives such fields aliases of its own towards agencies.
 */
export function narrow(operation: Operation, isAllowed: IsAllowed, schema: GraphQLSchema): DocumentNode | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let definition: OperationDefinitionNode | undefined;
  for (const one of operation.document.definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
    if (one.kind === Kind.OPERATION_DEFINITION) definition = one;
  }
  if (!definition) throw new TypeError('narrow: expected a document with an operation, got none');
  const selections = narrowSelections(
    { schema, fragments, isAllowed },
    definition.selectionSet,
    [operation.root],
    new Set(operation.root.byType.keys()),
  );
  if (selections.length === 0) return undefined;
  const narrowed = { ...definition, selectionSet: toSelectionSet(selections) };
  return { kind: Kind.DOCUMENT, definitions: [withUsedVariables(narrowed)] };
}

/**
 * `positions`: where in the tree this selection set stands, several when the field above it belongs to several types; they agree about
 * every concrete type they share (`agree`). `scope`: concrete types that may stand here.
 */
function narrowSelections(
  narrowing: Narrowing,
  selectionSet: SelectionSetNode,
  positions: readonly OperationSelection[],
  scope: ReadonlySet<string>,
): readonly SelectionNode[] {
  return selectionSet.selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return narrowField(narrowing, selection, positions, scope);
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? narrowing.fragments.get(selection.name.value)! : selection;
    const condition = fragment.typeCondition;
    const within = new Set([...scope].filter((type) => applies(narrowing.schema, condition?.name.value, type)));
    const selections = narrowSelections(narrowing, fragment.selectionSet, positions, within);
    if (selections.length === 0) return [];
    const inline: InlineFragmentNode = { kind: Kind.INLINE_FRAGMENT, selectionSet: toSelectionSet(selections) };
    return [
      {
        ...inline,
        ...(condition && { typeCondition: condition }),
        ...(selection.directives && { directives: selection.directives }),
      },
    ];
  });
}

function narrowField(
  narrowing: Narrowing,
  node: FieldNode,
  positions: readonly OperationSelection[],
  scope: ReadonlySet<string>,
): readonly SelectionNode[] {
  const places = placesOf(node, positions, scope);
  const allowed = places.filter(({ field }) => narrowing.isAllowed(field));
  if (allowed.length === 0) return [];
  if (allowed.length === places.length && agree(narrowing, allowed)) return [narrowBelow(narrowing, node, allowed)];
  const types = new Set(allowed.map((place) => place.type));
  return Array.from(types, (type): InlineFragmentNode => {
    const onType = allowed.filter((place) => place.type === type);
    return {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
      selectionSet: toSelectionSet([narrowBelow(narrowing, node, onType)]),
    };
  });
}

function narrowBelow(narrowing: Narrowing, node: FieldNode, places: readonly Place[]): FieldNode {
  if (!node.selectionSet) return node;
  const positions = places.flatMap(({ field }) => field.selection ?? []);
  const scope = new Set(positions.flatMap((position) => [...position.byType.keys()]));
  const selections = narrowSelections(narrowing, node.selectionSet, positions, scope);
  return { ...node, selectionSet: toSelectionSet(selections.length > 0 ? selections : [TYPENAME]) };
}

function placesOf(
  node: FieldNode,
  positions: readonly OperationSelection[],
  scope: ReadonlySet<string>,
): readonly Place[] {
  const responseKey = (node.alias ?? node.name).value;
  return positions.flatMap((position) =>
    [...scope].flatMap((type) => {
      const field = position.byType.get(type)?.find((one) => one.responseKey === responseKey);
      return field ? [{ type, field }] : [];
    }),
  );
}

/** Whether the same may be asked below all of these fields: on every concrete type they share, the same is allowed, all the way down. */
function agree(narrowing: Narrowing, places: readonly Place[]): boolean {
  const below = new Map<string, Place[]>();
  for (const { field } of places) {
    for (const [type, fields] of field.selection?.byType ?? []) {
      for (const one of fields) {
        const key = `${type} ${one.responseKey}`;
        const same = below.get(key);
        if (same) same.push({ type, field: one });
        else below.set(key, [{ type, field: one }]);
      }
    }
  }
  return Array.from(below.values()).every((same) => {
    const isAllowed = narrowing.isAllowed(same[0]!.field);
    if (same.some(({ field }) => narrowing.isAllowed(field) !== isAllowed)) return false;
    return !isAllowed || same.length === 1 || agree(narrowing, same);
  });
}

function applies(schema: GraphQLSchema, condition: string | undefined, typeName: string): boolean {
  if (condition === undefined || condition === typeName) return true;
  const conditionType = schema.getType(condition);
  const type = schema.getType(typeName);
  return isAbstractType(conditionType) && isObjectType(type) && schema.isSubType(conditionType, type);
}

function toSelectionSet(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}

function withUsedVariables(definition: OperationDefinitionNode): OperationDefinitionNode {
  const used = new Set<string>();
  visit(definition, {
    [Kind.VARIABLE_DEFINITION]: () => false,
    [Kind.VARIABLE]: (variable) => void used.add(variable.name.value),
  });
  const variableDefinitions = (definition.variableDefinitions ?? []).filter((one) => used.has(one.variable.name.value));
  return { ...definition, variableDefinitions };
}
