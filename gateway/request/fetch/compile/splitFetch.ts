import { Kind, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { Stand } from '../plan/lowerRequires.ts';
import { parseFieldSet } from '../plan/supergraphFacts.ts';

/** An entity fetch: what it requires and what it asks of the entities. */
export interface EntityAsk {
  readonly requires: readonly QueryPlanSelectionNode[];
  readonly selectionSet: SelectionSetNode;
}

/**
 * One representation cannot hold `price` twice. Where the fields of one entity fetch require the same field with different
 * arguments, the fetch becomes several, each with fields whose requirements go together.
 */
export function splitFetch(
  ask: EntityAsk,
  known: {
    readonly standIns: ReadonlyMap<string, Stand>;
    /** Text of `@requires` of a field in the agency that is asked. */
    requiresOf(type: string, field: string): string | undefined;
  },
): readonly EntityAsk[] {
  const { standIns } = known;
  const baseOf = (name: string): string => standIns.get(name)?.fieldName ?? name;
  const required = new Set(namesIn(ask.requires));
  const bases = new Map<string, string[]>();
  for (const name of required) bases.set(baseOf(name), [...(bases.get(baseOf(name)) ?? []), name]);
  const contested = new Set([...bases.values()].filter((names) => names.length > 1).flat());
  if (contested.size === 0) return [ask];

  const needsOf = (type: string, field: FieldNode): readonly string[] => {
    const text = known.requiresOf(type, field.name.value);
    return text === undefined ? [] : fieldNames(parseFieldSet(text)).filter((name) => contested.has(name));
  };
  const groups: Set<string>[] = [];
  const groupOf = (type: string, field: FieldNode): Set<string> => {
    const needs = needsOf(type, field);
    let group = groups.find((candidate) => needs.every((need) => goesWith(need, candidate, baseOf)));
    if (!group) groups.push((group = new Set()));
    for (const need of needs) group.add(need);
    return group;
  };
  const placed = new Map<FieldNode, Set<string>>();
  forEachField(ask.selectionSet, undefined, (type, field) => placed.set(field, groupOf(type, field)));

  return groups.map((group) => ({
    requires: filterRequires(ask.requires, (name) => !contested.has(name) || group.has(name)),
    selectionSet: filterFields(
      ask.selectionSet,
      (field) => placed.get(field) === undefined || placed.get(field) === group,
    ),
  }));
}

function goesWith(need: string, group: ReadonlySet<string>, baseOf: (name: string) => string): boolean {
  return [...group].every((other) => other === need || baseOf(other) !== baseOf(need));
}

function namesIn(selections: readonly QueryPlanSelectionNode[]): string[] {
  return selections.flatMap((selection) =>
    selection.kind === 'Field'
      ? [selection.name, ...namesIn(selection.selections ?? [])]
      : namesIn(selection.selections),
  );
}

function fieldNames(selectionSet: SelectionSetNode): string[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const below = selection.selectionSet ? fieldNames(selection.selectionSet) : [];
    return selection.kind === Kind.FIELD ? [selection.name.value, ...below] : below;
  });
}

function forEachField(
  selectionSet: SelectionSetNode,
  type: string | undefined,
  visit: (type: string, field: FieldNode) => void,
): void {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      forEachField(selection.selectionSet, selection.typeCondition?.name.value ?? type, visit);
    } else if (selection.kind === Kind.FIELD && type !== undefined && selection.name.value !== '__typename') {
      visit(type, selection);
    }
  }
}

function filterFields(selectionSet: SelectionSetNode, keep: (field: FieldNode) => boolean): SelectionSetNode {
  const selections = selectionSet.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return keep(selection) ? [selection] : [];
    if (selection.kind !== Kind.INLINE_FRAGMENT) return [selection];
    const below = filterFields(selection.selectionSet, keep);
    return below.selections.length > 0 ? [{ ...selection, selectionSet: below }] : [];
  });
  return { ...selectionSet, selections };
}

function filterRequires(
  selections: readonly QueryPlanSelectionNode[],
  keep: (name: string) => boolean,
): readonly QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'Field') {
      if (!keep(selection.name)) return [];
      if (!selection.selections) return [selection];
      const below = filterRequires(selection.selections, keep);
      return below.length > 0 ? [{ ...selection, selections: [...below] }] : [];
    }
    return [{ ...selection, selections: [...filterRequires(selection.selections, keep)] }];
  });
}
