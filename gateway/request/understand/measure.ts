import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { HubError } from '../../platform/errors.ts';
import { tooComplex, type OperationLimits } from './limits.ts';

interface Size {
  readonly depth: number;
  readonly height: number;
  readonly selections: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields that stand at this very level, through fragments. */
  readonly fieldsHere: number;
}

interface Measuring {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Each fragment is measured once, however often it is spread: expanding instead is the attack. */
  readonly measured: Map<string, Size>;
  /** Fragments on the way from the operation to here. */
  readonly open: Set<string>;
}

/**
 * Checks every operation of a parsed document, valid or not, against the limits. Linear in the document's length.
 * Throws HUB_OPERATION_TOO_COMPLEX with the limit's name, HUB_OPERATION_INVALID for a fragment that spreads itself.
 */
export function checkSize(document: DocumentNode, limits: OperationLimits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let duplicates = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if ('selectionSet' in definition) duplicates += duplicatesOf(definition.selectionSet);
  }
  if (duplicates > limits.duplicates) throw tooComplex('duplicates', limits);
  const measuring: Measuring = { fragments, measured: new Map(), open: new Set() };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) checkOperation(definition, measuring, limits);
  }
  for (const name of fragments.keys()) measureFragment(name, measuring);
}

function checkOperation(operation: OperationDefinitionNode, measuring: Measuring, limits: OperationLimits): void {
  const { fieldsHere, ...size } = measure(operation.selectionSet, measuring);
  const onVariables = operation.variableDefinitions?.flatMap((one) => one.directives ?? []).length ?? 0;
  const own = (operation.directives?.length ?? 0) + onVariables;
  const counted = { ...size, directives: size.directives + own, rootFields: fieldsHere };
  for (const limit of ['depth', 'height', 'selections', 'aliases', 'rootFields', 'directives'] as const) {
    if (counted[limit] > limits[limit]) throw tooComplex(limit, limits);
  }
}

function measure(selectionSet: SelectionSetNode, measuring: Measuring): Size {
  const size = { depth: 0, height: 0, selections: 0, aliases: 0, directives: 0, fieldsHere: 0 };
  for (const selection of selectionSet.selections) {
    const isField = selection.kind === Kind.FIELD;
    const inside =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? measureFragment(selection.name.value, measuring)
        : selection.selectionSet && measure(selection.selectionSet, measuring);
    size.depth = Math.max(size.depth, (inside?.depth ?? 0) + (isField ? 1 : 0));
    size.height += (inside?.height ?? 0) + (isField ? 1 : 0);
    size.selections += (inside?.selections ?? 0) + 1;
    size.aliases += (inside?.aliases ?? 0) + (isField && selection.alias ? 1 : 0);
    size.directives += (inside?.directives ?? 0) + (selection.directives?.length ?? 0);
    size.fieldsHere += isField ? 1 : (inside?.fieldsHere ?? 0);
  }
  return size;
}

/** An unknown fragment weighs nothing; validation will name it. */
function measureFragment(name: string, measuring: Measuring): Size | undefined {
  const known = measuring.measured.get(name);
  const fragment = measuring.fragments.get(name);
  if (known || !fragment) return known;
  if (measuring.open.has(name))
    throw new HubError('HUB_OPERATION_INVALID', { extensions: { problem: 'fragment cycle' } });
  measuring.open.add(name);
  const size = measure(fragment.selectionSet, measuring);
  measuring.open.delete(name);
  measuring.measured.set(name, size);
  return size;
}

function duplicatesOf(selectionSet: SelectionSetNode): number {
  const seen = new Set<string>();
  let count = 0;
  for (const selection of selectionSet.selections) {
    if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet)
      count += duplicatesOf(selection.selectionSet);
    if (selection.kind === Kind.INLINE_FRAGMENT) continue;
    const key =
      selection.kind === Kind.FIELD ? (selection.alias ?? selection.name).value : `...${selection.name.value}`;
    if (seen.has(key)) count += 1;
    seen.add(key);
  }
  return count;
}
