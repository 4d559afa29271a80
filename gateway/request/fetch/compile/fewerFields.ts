import {
  Kind,
  visit,
  type ArgumentNode,
  type ASTNode,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** The selection without the fields that are `gone`; an object that loses all of its fields is still asked for. */
export function withoutFields(selectionSet: SelectionSetNode, gone: (field: FieldNode) => boolean): SelectionSetNode {
  const selections = selectionSet.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
    if (selection.kind === Kind.FIELD && gone(selection)) return [];
    if (!selection.selectionSet) return [selection];
    const below = withoutFields(selection.selectionSet, gone);
    if (below.selections.length > 0) return [{ ...selection, selectionSet: below } as SelectionNode];
    return selection.kind === Kind.FIELD ? [{ ...selection, selectionSet: { ...below, selections: [TYPENAME] } }] : [];
  });
  return { ...selectionSet, selections };
}

/** Names of variables that stand in these arguments, inside lists and objects as well. */
export function variablesIn(given: readonly ArgumentNode[] | undefined): readonly string[] {
  return (given ?? []).flatMap((argument) => [...usedVariables(argument)]);
}

export function usedVariables(node: ASTNode): ReadonlySet<string> {
  const used = new Set<string>();
  visit(node, { Variable: (variable) => void used.add(variable.name.value) });
  return used;
}

/** An agency refuses a request that declares a variable it does not use. */
export function withUsedVariables(operation: OperationDefinitionNode): OperationDefinitionNode {
  const used = usedVariables(operation.selectionSet);
  const all = operation.variableDefinitions ?? [];
  return { ...operation, variableDefinitions: all.filter(({ variable }) => used.has(variable.name.value)) };
}
