import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  type OperationDefinitionNode,
  type OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import type { FetchNode } from '@apollo/query-planner';
import type { AgencyId } from '../../../platform/ids.ts';
import type { GraphRules } from '../../exchange.ts';
import { withoutRefused, type AskedFields } from './askedFields.ts';
import { compileObjectReader, type ObjectReader } from './compileReader.ts';
import { chooseRepresentation, type RepresentationChoice } from './chooseRepresentation.ts';
import { compileRequires } from './compileRequires.ts';
import { withKeys } from './entityKeys.ts';
import { usedVariables, variablesIn, withoutFields, withUsedVariables } from './fewerFields.ts';
import type { Place } from './place.ts';
import type { Planning } from '../plan/planner.ts';
import { splitFetch, type EntityAsk } from './splitFetch.ts';
import { withoutStandIns } from './standIns.ts';
import type { VariableSource } from './subjectIds.ts';

/** One step on the way from the root of the data to the nodes of a fetch: a slot, or `@` into a list. */
export type PathStep = number | '@';

/** From the root of the data to the nodes of a fetch. */
export interface Way {
  readonly place: Place;
  readonly path: readonly PathStep[];
  /** By step of `path`: the slot of the subject where a person may stand before it is taken. */
  readonly personSlots: readonly (number | undefined)[];
}

/** One request to one agency, ready but for values. */
export interface FetchProgram {
  /** Position among the program's fetches. */
  readonly index: number;
  readonly agency: AgencyId;
  readonly kind: 'query' | 'mutation';
  readonly path: readonly PathStep[];
  readonly personSlots: Way['personSlots'];
  /** `{"query":"...","variables":{`: the body up to the variables. */
  readonly start: string;
  readonly variables: readonly FetchVariable[];
  /** Those of `variables` that may name somebody (`@subjectId`). */
  readonly naming: readonly FetchVariable[];
  /**
   * The same fetch without the fields that one of these variables stands in, for when it names somebody about whom the agency may not be asked;
   * undefined when nothing is left to ask.
   */
  without(naming: ReadonlySet<string>): FetchProgram | undefined;
  /** The operation's fields for which something is asked here, by index. */
  readonly asks: readonly number[];
  /** There when it is relatives about whom is asked, each by their own verdicts. */
  readonly ofRelatives: RelativesFetch | undefined;
  /** Whether the answer may speak of relatives within what it says of somebody else. */
  readonly meetsRelatives: boolean;
  /** Writer of a node as representation, for these variables of the request; undefined for a fetch that begins at a root type. */
  readonly represent: RepresentationChoice | undefined;
  readonly reader: ObjectReader;
  /** Slot of a person's subject at the place of this fetch; undefined where the graph has no persons. */
  readonly personSlot: number | undefined;
}

/** How a fetch is cut to what may be asked of one relative. */
export interface RelativesFetch {
  /** Those of `asks` that are the relative's own. */
  readonly theirs: readonly number[];
  /** The same fetch without these of `theirs`; undefined when nothing is left to ask. */
  lesser(refused: readonly number[]): FetchProgram | undefined;
}

export interface FetchVariable {
  readonly name: string;
  readonly prefix: string;
  readonly source: VariableSource;
}

/** What all fetches of one program are compiled with. */
export interface FetchContext {
  readonly planning: Planning;
  readonly rules: Pick<GraphRules, 'personTypes' | 'empty'>;
  readonly sources: ReadonlyMap<string, VariableSource>;
  readonly fetches: FetchProgram[];
  readonly asked: AskedFields;
}

/** A fetch before it is compiled. */
interface Draft extends Way {
  readonly node: FetchNode;
  readonly index: number;
  /** The request around `ask.selectionSet`. */
  readonly operation: OperationDefinitionNode;
  /** For a root fetch nothing is required. */
  readonly ask: EntityAsk;
}

/** Compiles one fetch of the plan: usually one request, several where requirements contradict each other, none for bare `__typename`. */
export function compileFetch(node: FetchNode, way: Way, context: FetchContext): readonly FetchProgram[] {
  if (node.contextRewrites?.length) throw new TypeError('plan: @fromContext is not supported');
  const operation = readOperation(node);
  const asks = node.requires ? splitEntityFetch(node, node.requires, operation, context) : [rootAsk(operation)];
  return asks.flatMap((ask) => {
    const fetch = toFetch({ ...way, node, index: context.fetches.length, operation, ask }, context);
    if (!fetch) return [];
    context.fetches.push(fetch);
    return [fetch];
  });
}

/** What an agency calls its root type is nobody's business: the projector knows the public name. */
function rootAsk({ selectionSet }: OperationDefinitionNode): EntityAsk {
  const selections = selectionSet.selections.filter((selection) => !isTypename(selection));
  return { requires: [], selectionSet: { ...selectionSet, selections } };
}

function splitEntityFetch(
  node: FetchNode,
  requires: EntityAsk['requires'],
  operation: OperationDefinitionNode,
  { planning }: FetchContext,
): readonly EntityAsk[] {
  return splitFetch(
    { requires, selectionSet: entitySelection(operation) },
    {
      standIns: planning.standIns,
      requiresOf: (type, field) => planning.facts.requires.get(`${node.serviceName}|${type}.${field}`),
    },
  );
}

function toFetch(draft: Draft, context: FetchContext): FetchProgram | undefined {
  const { node, index, path, personSlots, operation, ask } = draft;
  const { planning, rules, sources } = context;
  if (ask.selectionSet.selections.length === 0) return undefined;
  const isEntities = node.requires !== undefined;
  const selection = isEntities && !rules.empty ? withKeys(ask, node.serviceName, planning) : ask.selectionSet;
  const rootType = isEntities ? undefined : rootTypeName(node, context);
  const reader = compileReader(selection, rootType, draft, context);
  const whole = isEntities ? withEntitySelection(operation, selection) : { ...operation, selectionSet: selection };
  const text = stripIgnoredCharacters(print(withoutStandIns(withUsedVariables(whole), planning.standIns)));
  const used = usedVariables(whole.selectionSet);
  const names = (node.variableUsages ?? []).filter((name) => name !== 'representations' && used.has(name));
  const variables = names.map((name) => ({
    name,
    prefix: `${JSON.stringify(name)}:`,
    source: sources.get(name) ?? plainSource(name),
  }));
  const { asks, ofRelatives, meetsRelatives } = readAsks(draft, context);
  return {
    index,
    asks,
    ofRelatives,
    meetsRelatives,
    agency: node.serviceName as AgencyId,
    kind: node.operationKind === 'mutation' ? 'mutation' : 'query',
    path,
    personSlots,
    start: `{"query":${JSON.stringify(text)},"variables":{`,
    variables,
    naming: variables.filter(({ name }) => sources.has(name)),
    without(naming) {
      const selectionSet = withoutFields(ask.selectionSet, (field) =>
        variablesIn(field.arguments).some((name) => naming.has(name)),
      );
      return toFetch({ ...draft, ask: { ...ask, selectionSet } }, context);
    },
    represent: isEntities ? compileRepresent(draft, context) : undefined,
    reader,
    personSlot: rules.personTypes.size > 0 ? reader.place.slot('id') : undefined,
  };
}

/** Whose fields a fetch is for, and how it becomes less for a relative of whom not all of it may be asked. */
function readAsks(draft: Draft, context: FetchContext): Pick<FetchProgram, 'asks' | 'ofRelatives' | 'meetsRelatives'> {
  const { node, place, ask } = draft;
  const { asked } = context;
  const found = new Set<number>();
  withoutRefused(ask.selectionSet, place, asked, (index) => !found.add(index));
  // Under a name of the planner's own a field is not recognised: then any may be asked here.
  const asks = node.outputRewrites?.length ? asked.allowed : [...found];
  const through = node.requires ? asked.relativesAt(place) : NOBODYS;
  const isOwn = (index: number): boolean => through.has(asked.throughOf(index) ?? -1);
  const meetsRelatives = asks.some((index) => asked.isRelatives(index) && !isOwn(index));
  if (through.size === 0) return { asks, meetsRelatives, ofRelatives: undefined };
  const own = asks.filter(isOwn);
  // What is asked and cannot be traced back is for some of their fields, whichever.
  const theirs = own.length > 0 ? own : asked.reachedThrough(through);
  const known = new Map<string, FetchProgram | undefined>();
  return {
    asks,
    meetsRelatives,
    ofRelatives: {
      theirs,
      lesser(refused) {
        const key = refused.join();
        if (known.has(key)) return known.get(key);
        const lesser = cutFetch(draft, new Set(refused), context);
        known.set(key, lesser);
        return lesser;
      },
    },
  };
}

const NOBODYS: ReadonlySet<number> = new Set<number>();

function cutFetch(draft: Draft, refused: ReadonlySet<number>, context: FetchContext): FetchProgram | undefined {
  const { node, place, ask } = draft;
  if (node.outputRewrites?.length) return undefined;
  const selectionSet = withoutRefused(ask.selectionSet, place, context.asked, (index) => refused.has(index));
  return asksMoreThanKeys(selectionSet) ? toFetch({ ...draft, ask: { ...ask, selectionSet } }, context) : undefined;
}

function asksMoreThanKeys({ selections }: SelectionSetNode): boolean {
  return selections.some((selection) =>
    selection.kind === Kind.FIELD
      ? selection.name.value !== '__typename' && selection.name.value !== 'id'
      : selection.kind === Kind.INLINE_FRAGMENT && asksMoreThanKeys(selection.selectionSet),
  );
}

function plainSource(name: string): VariableSource {
  return (variables) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
}

function compileRepresent({ node, place, ask }: Draft, { planning, rules }: FetchContext): RepresentationChoice {
  const { facts, schema, standIns } = planning;
  const requiresOf = (type: string, field: string): string | undefined =>
    facts.requires.get(`${node.serviceName}|${type}.${field}`);
  return chooseRepresentation(ask.selectionSet, requiresOf, (optional) =>
    compileRequires(ask.requires, node.inputRewrites ?? [], place, {
      schema,
      personTypes: rules.personTypes,
      standIns,
      optional,
    }),
  );
}

function compileReader(
  selectionSet: SelectionSetNode,
  declaredType: string | undefined,
  { node, index, place }: Draft,
  { planning, rules, sources }: FetchContext,
): ObjectReader {
  return compileObjectReader([{ selectionSet, certain: true }], declaredType, place, node.outputRewrites ?? [], {
    schema: planning.schema,
    personTypes: rules.personTypes,
    keysOf: (type) => planning.facts.keysOf.get(`${node.serviceName}|${type}`),
    isComputed: (type, field) => planning.facts.requires.has(`${node.serviceName}|${type}.${field}`),
    namingOf: (field) => (sources.size === 0 ? [] : variablesIn(field.arguments).filter((name) => sources.has(name))),
    fetchIndex: index,
  });
}

function readOperation(node: FetchNode): OperationDefinitionNode {
  const definition = parse(node.operation, { noLocation: true }).definitions[0];
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('plan: a fetch without operation');
  return definition;
}

function entitySelection(operation: OperationDefinitionNode): SelectionSetNode {
  const field = operation.selectionSet.selections[0];
  if (field?.kind !== Kind.FIELD || field.name.value !== '_entities' || !field.selectionSet) {
    throw new TypeError('plan: an entity fetch that does not ask for _entities');
  }
  return field.selectionSet;
}

function withEntitySelection(
  operation: OperationDefinitionNode,
  selectionSet: SelectionSetNode,
): OperationDefinitionNode {
  const selections = operation.selectionSet.selections.map((field) => ({ ...field, selectionSet }));
  return { ...operation, selectionSet: { ...operation.selectionSet, selections } };
}

function isTypename(selection: SelectionSetNode['selections'][number]): boolean {
  return selection.kind === Kind.FIELD && selection.name.value === '__typename';
}

function rootTypeName(node: FetchNode, { planning }: FetchContext): string {
  const { schema } = planning;
  const type = schema.getRootType(node.operationKind as OperationTypeNode);
  if (!type) throw new TypeError(`plan: no root type for ${node.operationKind}`);
  return type.name;
}
