import { Kind, type DirectiveNode, type SelectionSetNode } from 'graphql';
import type { Condition } from '../../exchange.ts';
import { parseFieldSet } from '../plan/supergraphFacts.ts';
import { isPresent } from '../project/projectOperation.ts';
import type { RepresentationWriter } from './compileRequires.ts';

/** Writer of representations for a request with these variables. */
export type RepresentationChoice = (variables: Readonly<Record<string, unknown>>) => RepresentationWriter;

/** Beyond this many conditional fields only some combinations are kept. */
const MAX_WRITERS = 64;

interface Computed {
  /** Any of these conjunctions. */
  readonly presence: Condition[][];
  /** What the field requires: names with those above them, `address.city`. */
  readonly needs: readonly string[];
}

/**
 * Fields of one fetch that are computed from others (`@requires`) share its representations. What is required only by fields that conditions leave out
 * of this request has not been fetched and may be missing (`optional`); what the others require may not.
 */
export function chooseRepresentation(
  selectionSet: SelectionSetNode,
  requiresOf: (type: string, field: string) => string | undefined,
  compile: (optional: ReadonlySet<string>) => RepresentationWriter,
): RepresentationChoice {
  const whole = compile(new Set());
  const computed = new Map<string, Computed>();
  collect(selectionSet, undefined, [], requiresOf, computed);
  const fields = [...computed.values()];
  const conditional = fields.filter(({ presence }) => presence.every((conditions) => conditions.length > 0));
  if (conditional.length === 0) return () => whole;

  const writers = new Map<string, RepresentationWriter>();
  return (variables) => {
    const left = conditional.filter(({ presence }) => !isPresent(presence, variables));
    if (left.length === 0) return whole;
    const key = left.map((one) => conditional.indexOf(one)).join();
    let writer = writers.get(key);
    if (!writer) {
      const needed = new Set(fields.filter((field) => !left.includes(field)).flatMap(({ needs }) => needs));
      writer = compile(new Set(left.flatMap(({ needs }) => needs).filter((name) => !needed.has(name))));
      if (writers.size >= MAX_WRITERS) writers.clear();
      writers.set(key, writer);
    }
    return writer;
  };
}

function collect(
  selectionSet: SelectionSetNode,
  type: string | undefined,
  above: readonly Condition[],
  requiresOf: (type: string, field: string) => string | undefined,
  computed: Map<string, Computed>,
): void {
  for (const selection of selectionSet.selections) {
    const conditions = [...above, ...conditionsOf(selection.directives)];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const on = selection.typeCondition?.name.value ?? type;
      collect(selection.selectionSet, on, conditions, requiresOf, computed);
    } else if (selection.kind === Kind.FIELD && type !== undefined) {
      const coordinate = `${type}.${selection.name.value}`;
      const text = requiresOf(type, selection.name.value);
      const known = computed.get(coordinate);
      if (known) known.presence.push(conditions);
      else if (text !== undefined) {
        computed.set(coordinate, { presence: [conditions], needs: namesIn(parseFieldSet(text), '') });
      }
    }
  }
}

function conditionsOf(directives: readonly DirectiveNode[] | undefined): Condition[] {
  return (directives ?? []).flatMap((directive) => {
    const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
    if (value?.kind !== Kind.VARIABLE) return [];
    return [{ variable: value.name.value, equals: directive.name.value === 'include' }];
  });
}

function namesIn(selectionSet: SelectionSetNode, above: string): readonly string[] {
  return selectionSet.selections.flatMap((selection): readonly string[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT) return namesIn(selection.selectionSet, above);
    const name = above + selection.name.value;
    return [name, ...(selection.selectionSet ? namesIn(selection.selectionSet, `${name}.`) : [])];
  });
}
