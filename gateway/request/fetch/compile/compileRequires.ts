import { getNamedType, isCompositeType, isNonNullType, type GraphQLSchema } from 'graphql';
import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { AgencyId, Reference, SubjectKey } from '../../../platform/ids.ts';
import { enterType, fieldType, isOfType, listDepth } from './compileReader.ts';
import { Fault } from '../merge/faults.ts';
import type { Stand } from '../plan/lowerRequires.ts';
import { TYPE_SLOT, type DataNode, type Place } from './place.ts';

/** What writing one representation needs, and what it tells. */
export interface Representing {
  readonly agency: AgencyId;
  /**
   * Reference of a subject at the agency that is asked; undefined, with the refusal as `cause`, for one who may not be named to it. Absent where the
   * graph has no persons.
   */
  readonly toAgency: ((subject: SubjectKey) => Reference | undefined) | undefined;
  /** By fetch number: what went wrong with the fetches before this one. */
  readonly fetchFaults: readonly (Fault | undefined)[];
  /** The fault because of which the last representation lacks something, or could not be written at all. */
  cause: Fault | undefined;
}

/** JSON text of a node's representation; undefined when it would lack its key. */
export type RepresentationWriter = (node: DataNode, representing: Representing) => string | undefined;

export interface RequiresContext {
  readonly schema: GraphQLSchema;
  readonly personTypes: ReadonlySet<string>;
  readonly standIns: ReadonlyMap<string, Stand>;
  /** What may be missing, with the names above it: `address.city`. */
  readonly optional: ReadonlySet<string>;
}

interface Required {
  readonly fieldName: string;
  readonly selections: readonly QueryPlanSelectionNode[];
}

/** Names of one fragment's own fields, all there or none counts, and the fragments in it. */
interface Fragment {
  readonly names: readonly string[];
  readonly nested: readonly Fragment[];
}

/** One entry of a representation: written whole, or not at all. */
interface Entry {
  readonly name: string;
  readonly prefix: string;
  /** Left out where it is missing, instead of the whole. */
  readonly isOptional: boolean;
  readonly write: (node: DataNode, representing: Representing) => string | undefined;
}

/** Compiles the `requires` of an entity fetch; one writer per concrete type, made at its first use. */
export function compileRequires(
  requires: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[],
  place: Place,
  context: RequiresContext,
): RepresentationWriter {
  reserve(requires, place);
  const byType = new Map<string, RepresentationWriter | undefined>();
  return (node, representing) => {
    const type = node[TYPE_SLOT];
    if (typeof type !== 'string') return undefined;
    let writer = byType.get(type);
    if (!writer && !byType.has(type)) {
      writer = compileForType(requires, rewrites, type, place, context, '');
      byType.set(type, writer);
    }
    return writer?.(node, representing);
  };
}

function compileForType(
  selections: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[],
  type: string,
  place: Place,
  context: RequiresContext,
  above: string,
): RepresentationWriter | undefined {
  const isEntity = above === '';
  const fields = new Map<string, Required>();
  const fragment = collect(selections, type, context.schema, fields);
  if (isEntity && !fields.has('__typename')) return undefined;
  const active = rewrites.flatMap((rewrite) => enterType(rewrite, type, context.schema) ?? []);
  const entries = [...fields].map(([name, required]): Entry => {
    const here = active.filter((rewrite) => rewrite.path[0] === name);
    const own = here.filter((rewrite) => rewrite.path.length === 1);
    const renamed = own.find((rewrite) => rewrite.kind === 'KeyRenamer');
    const set = own.find((rewrite) => rewrite.kind === 'ValueSetter');
    const outKey = renamed?.renameKeyTo ?? context.standIns.get(name)?.fieldName ?? name;
    const path = above + required.fieldName;
    const entry = { name, prefix: `${JSON.stringify(outKey)}:`, isOptional: context.optional.has(path) };
    if (set) {
      const text = JSON.stringify(set.setValueTo);
      return { ...entry, write: () => text };
    }
    if (name === '__typename') return { ...entry, write: (node) => `"${node[TYPE_SLOT] as string}"` };
    const nested = here
      .filter((rewrite) => rewrite.path.length > 1)
      .map((rewrite) => ({ ...rewrite, path: rewrite.path.slice(1) }));
    return { ...entry, write: compileValue(name, required, nested, type, place, context, `${path}.`) };
  });
  return (node, representing) =>
    writeEntries(entries, node, representing) ?? writePart(fragment, entries, isEntity, node, representing);
}

function writeEntries(entries: readonly Entry[], node: DataNode, representing: Representing): string | undefined {
  let text = '{';
  for (const entry of entries) {
    const value = entry.write(node, representing);
    if (value === undefined && !entry.isOptional) return undefined;
    if (value !== undefined) text += text === '{' ? entry.prefix + value : `,${entry.prefix}${value}`;
  }
  return `${text}}`;
}

/**
 * Something is missing, for instance what `@skip` left out: a fragment that lacks a field is left out whole, the others are written.
 * An entity has to keep its `__typename`, which every key comes with.
 */
function writePart(
  fragment: Fragment,
  entries: readonly Entry[],
  isEntity: boolean,
  node: DataNode,
  representing: Representing,
): string | undefined {
  const isThere = ({ isOptional, write }: Entry): boolean => isOptional || write(node, representing) !== undefined;
  const there = new Set(entries.filter(isThere).map(({ name }) => name));
  const names = wholeFragments(fragment, there);
  if (!names || (isEntity && !names.has('__typename'))) return undefined;
  return writeEntries(
    entries.filter(({ name }) => names.has(name)),
    node,
    representing,
  );
}

function wholeFragments({ names, nested }: Fragment, there: ReadonlySet<string>): Set<string> | undefined {
  if (names.some((name) => !there.has(name))) return undefined;
  return new Set([...names, ...nested.flatMap((below) => [...(wholeFragments(below, there) ?? [])])]);
}

function compileValue(
  name: string,
  { fieldName, selections }: Required,
  rewrites: readonly FetchDataRewrite[],
  type: string,
  place: Place,
  context: RequiresContext,
  above: string,
): Entry['write'] {
  const slot = place.slot(name);
  const declared = fieldType(context.schema, type, fieldName);
  const named = getNamedType(declared);
  const writers = place.writersOf(name);
  const write = isCompositeType(named)
    ? compileObject(selections, rewrites, named.name, listDepth(declared), place.child(name), context, above)
    : compileLeaf(fieldName === 'id' && context.personTypes.has(type));
  return (node, representing) => {
    const value = node[slot];
    if (value !== undefined && !(value instanceof Fault)) return write(value, representing);
    const cause = value ?? faultOf(writers, representing);
    if (!cause) return undefined;
    // The field is asked with null, as if nothing had happened, and what is computed from it is not believed (blameComputed).
    representing.cause = cause;
    return isNonNullType(declared) ? undefined : 'null';
  };
}

type WriteRequired = (value: unknown, representing: Representing) => string | undefined;

/** In the tree a leaf is its text already; a list of leaves is text or what was parsed. */
function compileLeaf(isPersonId: boolean): WriteRequired {
  return (value, { toAgency }) => {
    if (typeof value !== 'string') return JSON.stringify(value);
    if (!isPersonId || !toAgency) return value;
    const reference = toAgency(value as SubjectKey);
    return reference && `"${reference}"`;
  };
}

function compileObject(
  selections: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[],
  declaredType: string,
  depth: number,
  place: Place,
  context: RequiresContext,
  above: string,
): WriteRequired {
  const byType = new Map<string, RepresentationWriter | undefined>();
  const writeNode = (node: DataNode, representing: Representing): string | undefined => {
    const type = typeof node[TYPE_SLOT] === 'string' ? node[TYPE_SLOT] : declaredType;
    if (!byType.has(type)) byType.set(type, compileForType(selections, rewrites, type, place, context, above));
    return byType.get(type)!(node, representing);
  };
  return (value, representing) => writeList(value, depth, writeNode, representing);
}

function faultOf(writers: readonly number[], { fetchFaults }: Representing): Fault | undefined {
  for (const writer of writers) if (fetchFaults[writer]) return fetchFaults[writer];
  return undefined;
}

function writeList(
  value: unknown,
  depth: number,
  writeNode: RepresentationWriter,
  representing: Representing,
): string | undefined {
  if (value === null) return 'null';
  if (!Array.isArray(value)) {
    if (!(value instanceof Fault)) return undefined;
    representing.cause = value;
    return 'null';
  }
  // An object that lacks something is null.
  if (depth === 0) return writeNode(value, representing) ?? 'null';
  let text = '[';
  for (let at = 0; at < value.length; at++) {
    const element = writeList(value[at], depth - 1, writeNode, representing);
    if (element === undefined) return undefined;
    text += at === 0 ? element : `,${element}`;
  }
  return `${text}]`;
}

/** Gathers the fields that count for the type into `fields`, and says which of them belong together. */
function collect(
  selections: readonly QueryPlanSelectionNode[],
  type: string,
  schema: GraphQLSchema,
  fields: Map<string, Required>,
): Fragment {
  const names: string[] = [];
  const nested: Fragment[] = [];
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const name = selection.alias ?? selection.name;
      const before = fields.get(name)?.selections ?? [];
      fields.set(name, { fieldName: selection.name, selections: [...before, ...(selection.selections ?? [])] });
      names.push(name);
    } else if (selection.typeCondition === undefined || isOfType(schema, type, selection.typeCondition)) {
      nested.push(collect(selection.selections, type, schema, fields));
    }
  }
  return { names, nested };
}

function reserve(selections: readonly QueryPlanSelectionNode[], place: Place): void {
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') reserve(selection.selections, place);
    else if (selection.name !== '__typename') {
      const key = selection.alias ?? selection.name;
      place.slot(key);
      if (selection.selections) reserve(selection.selections, place.child(key));
    }
  }
}
