import { Kind, type SelectionSetNode } from 'graphql';
import type { Planning } from '../plan/planner.ts';
import type { EntityAsk } from './splitFetch.ts';

/** Asks each entity for its plain keys, so that an answer about another entity than the one asked about is found out. */
export function withKeys({ requires, selectionSet }: EntityAsk, agency: string, planning: Planning): SelectionSetNode {
  const represented = new Set(
    requires.flatMap((selection) =>
      selection.kind === 'InlineFragment'
        ? selection.selections.flatMap((field) => (field.kind === 'Field' && !field.selections ? [field.name] : []))
        : [],
    ),
  );
  const selections = selectionSet.selections.map((selection) => {
    if (selection.kind !== Kind.INLINE_FRAGMENT || !selection.typeCondition) return selection;
    const keys = planning.facts.keysOf.get(`${agency}|${selection.typeCondition.name.value}`) ?? new Set<string>();
    const asked = new Set(
      selection.selectionSet.selections.flatMap((field) => (field.kind === Kind.FIELD ? [field.name.value] : [])),
    );
    const added = [...keys]
      .filter((key) => represented.has(key) && !asked.has(key))
      .map((key) => ({ kind: Kind.FIELD, name: { kind: Kind.NAME, value: key } }) as const);
    const all = [...added, ...selection.selectionSet.selections];
    return { ...selection, selectionSet: { ...selection.selectionSet, selections: all } };
  });
  return { ...selectionSet, selections };
}
