import { Kind, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { Judgement, OperationField, OperationSelection } from '../../exchange.ts';
import { dataKeyOf } from '../project/projection.ts';
import type { SupergraphFacts } from '../plan/supergraphFacts.ts';
import type { DataKeys } from './dataKeys.ts';
import type { Place } from './place.ts';

/** Which fields of the operation stand at a place of the data tree, so that what a fetch asks can be traced back to what was decided. */
export interface AskedFields {
  /** Of several concrete types. Refused ones too: that they are not asked for is the narrowed document's affair, and not relied upon. */
  at(place: Place, dataKey: string): readonly OperationField[];
  /** Fields at that place which are computed from one of that name (`@requires`). */
  computedFrom(place: Place, fieldName: string): readonly OperationField[];
  /** The fields through which a relative stands at that place, or what is theirs; none where nobody's or the caller's own stands. */
  relativesAt(place: Place): ReadonlySet<number>;
  /** Whether a person may stand there. */
  holdsPerson(place: Place): boolean;
  /** Whether the field with that index is a relative's own, and not merely their being there. */
  isRelatives(index: number): boolean;
  /** The field through which that relative is reached. */
  throughOf(index: number): number | undefined;
  /** Every field of the operation that is allowed. */
  readonly allowed: readonly number[];
  /** Every field of the relatives who are reached through one of those. */
  reachedThrough(through: ReadonlySet<number>): readonly number[];
}

interface Standing {
  readonly byKey: Map<string, OperationField[]>;
  readonly through: Set<number>;
  holdsPerson: boolean;
}

export function readAskedFields(
  root: Place,
  { operation, subjects, verdicts }: Pick<Judgement, 'operation' | 'subjects' | 'verdicts'>,
  dataKeys: DataKeys,
  { requires }: Pick<SupergraphFacts, 'requires'>,
  personTypes: ReadonlySet<string>,
): AskedFields {
  const standing = new Map<Place, Standing>();
  const requiredBy = requirementsByCoordinate(requires);

  function read({ byType }: OperationSelection, place: Place): void {
    const here: Standing = standing.get(place) ?? {
      byKey: new Map(),
      through: new Set(),
      holdsPerson: false,
    };
    standing.set(place, here);
    for (const [type, fields] of byType) {
      if (personTypes.has(type)) here.holdsPerson = true;
      for (const field of fields) {
        const key = dataKeyOf(field, dataKeys);
        here.byKey.set(key, [...(here.byKey.get(key) ?? []), field]);
        const slot = subjects[field.index];
        if (slot?.kind === 'RELATIVE') here.through.add(slot.through);
        if (field.selection) read(field.selection, place.child(key));
      }
    }
  }
  read(operation.root, root);

  const throughOf = (index: number): number | undefined => {
    const slot = subjects[index];
    return slot?.kind === 'RELATIVE' ? slot.through : undefined;
  };
  const at = (place: Place): OperationField[] => [...(standing.get(place)?.byKey.values() ?? [])].flat();
  return {
    at: (place, dataKey) => standing.get(place)?.byKey.get(dataKey) ?? [],
    computedFrom: (place, fieldName) =>
      at(place).filter(({ coordinate }) => requiredBy.get(coordinate)?.has(fieldName) === true),
    relativesAt: (place) => standing.get(place)?.through ?? NOBODYS,
    holdsPerson: (place) => standing.get(place)?.holdsPerson === true,
    isRelatives(index) {
      const { fieldName, parentType } = operation.fields[index]!;
      const identifies = fieldName === '__typename' || (fieldName === 'id' && personTypes.has(parentType));
      return !identifies && throughOf(index) !== undefined;
    },
    throughOf,
    allowed: operation.fields.map(({ index }) => index).filter((index) => verdicts[index]?.allowed === true),
    reachedThrough: (through) =>
      operation.fields.map(({ index }) => index).filter((index) => through.has(throughOf(index) ?? -1)),
  };
}

const NOBODYS: ReadonlySet<number> = new Set<number>();

/** Names in a field's `@requires`, whichever agency computes it. */
function requirementsByCoordinate(requires: SupergraphFacts['requires']): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const [key, text] of requires) found.set(key.slice(key.indexOf('|') + 1), new Set(text.match(/\w+/g)));
  return found;
}

/**
 * The selection of one fetch without what is refused. `isRefused` is asked of every field of the operation for which something is asked here; what only
 * serves to compute another field goes when nothing that is computed from it is left.
 */
export function withoutRefused(
  selectionSet: SelectionSetNode,
  place: Place,
  asked: AskedFields,
  isRefused: (index: number) => boolean,
  onType?: string,
): SelectionSetNode {
  const selections = selectionSet.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const type = selection.typeCondition?.name.value ?? onType;
      const within = withoutRefused(selection.selectionSet, place, asked, isRefused, type);
      return within.selections.length > 0 ? [{ ...selection, selectionSet: within }] : [];
    }
    if (isGone(selection, { place, onType }, asked, isRefused)) return [];
    if (!selection.selectionSet) return [selection];
    const below = withoutRefused(selection.selectionSet, place.child(keyOf(selection)), asked, isRefused);
    const kept = below.selections.length > 0 ? below : { ...below, selections: [TYPENAME] };
    return [{ ...selection, selectionSet: kept }];
  });
  return { ...selectionSet, selections };
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function isGone(
  field: FieldNode,
  { place, onType }: { readonly place: Place; readonly onType: string | undefined },
  asked: AskedFields,
  isRefused: (index: number) => boolean,
): boolean {
  const name = field.name.value;
  // Tells what an answer is about; nobody's consent opens or closes it.
  if (name === '__typename') return false;
  const standing = asked.at(place, keyOf(field));
  if (standing.length > 0) {
    // Under an interface's name all of its types count.
    const ofType = standing.filter(({ parentType }) => parentType === onType);
    return (ofType.length > 0 ? ofType : standing).filter(({ index }) => isRefused(index)).length > 0;
  }
  const computed = asked.computedFrom(place, name);
  return computed.length > 0 && computed.filter(({ index }) => !isRefused(index)).length === 0;
}

function keyOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
