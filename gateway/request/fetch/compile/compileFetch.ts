import {
  Kind,
  parse,
  parseValue,
  print,
  stripIgnoredCharacters,
  visit,
  type ArgumentNode,
  type OperationDefinitionNode,
  type OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import type { FetchNode } from '@apollo/query-planner';
import type { AgencyId } from '../../../platform/ids.ts';
import type { GraphRules } from '../../exchange.ts';
import { compileObjectReader, type ObjectReader } from './compileReader.ts';
import { compileRequires, type RepresentationWriter } from './compileRequires.ts';
import type { Stand } from '../plan/lowerRequires.ts';
import type { Place } from './place.ts';
import type { Planner } from '../plan/planner.ts';
import { splitFetch, type EntityAsk } from './splitFetch.ts';
import type { VariableSource } from './subjectIds.ts';

/** One step on the way from the root of the data to the nodes of a fetch: a slot, or `@` into a list. */
export type PathStep = number | '@';

/** One request to one agency, ready but for values. */
export interface FetchProgram {
  /** Position among the program's fetches. */
  readonly index: number;
  readonly agency: AgencyId;
  readonly kind: 'query' | 'mutation';
  readonly path: readonly PathStep[];
  /** `{"query":"...","variables":{`: the body up to the variables. */
  readonly start: string;
  readonly variables: readonly { readonly name: string; readonly prefix: string; readonly source: VariableSource }[];
  /** Writes a node as representation; undefined for a fetch that begins at a root type. */
  readonly represent: RepresentationWriter | undefined;
  readonly reader: ObjectReader;
  /** Slot of a person's subject at the place of this fetch; undefined where the graph has no persons. */
  readonly personSlot: number | undefined;
}

/** What all fetches of one program are compiled with. */
export interface FetchContext {
  readonly planner: Planner;
  readonly rules: Pick<GraphRules, 'personTypes' | 'empty'>;
  readonly sources: ReadonlyMap<string, VariableSource>;
  readonly fetches: FetchProgram[];
}

/** Compiles one fetch of the plan: usually one request, several where requirements contradict each other, none for bare `__typename`. */
export function compileFetch(
  node: FetchNode,
  place: Place,
  path: readonly PathStep[],
  context: FetchContext,
): readonly FetchProgram[] {
  if (node.contextRewrites?.length) throw new TypeError('plan: @fromContext is not supported');
  const operation = readOperation(node);
  if (!node.requires) {
    // What an agency calls its root type is nobody's business: the projector knows the public name.
    const selections = operation.selectionSet.selections.filter((selection) => !isTypename(selection));
    if (selections.length === 0) return [];
    const selectionSet = { ...operation.selectionSet, selections };
    const reader = compileReader(selectionSet, rootTypeName(node, context), place, node, context);
    return [addFetch(node, { ...operation, selectionSet }, path, undefined, reader, context)];
  }
  const { planner } = context;
  const ask = { requires: node.requires, selectionSet: entitySelection(operation) };
  const asks = splitFetch(ask, {
    standIns: planner.standIns,
    requiresOf: (type, field) => planner.facts.requires.get(`${node.serviceName}|${type}.${field}`),
  });
  return asks.map(({ requires, selectionSet }) => {
    const selection = context.rules.empty
      ? selectionSet
      : withKeys({ requires, selectionSet }, node.serviceName, planner);
    const reader = compileReader(selection, undefined, place, node, context);
    const represent = compileRequires(requires, node.inputRewrites ?? [], place, {
      schema: planner.schema,
      personTypes: context.rules.personTypes,
      standIns: planner.standIns,
    });
    return addFetch(node, withEntitySelection(operation, selection), path, represent, reader, context);
  });
}

function addFetch(
  node: FetchNode,
  operation: OperationDefinitionNode,
  path: readonly PathStep[],
  represent: RepresentationWriter | undefined,
  reader: ObjectReader,
  { planner, rules, sources, fetches }: FetchContext,
): FetchProgram {
  const text = stripIgnoredCharacters(print(withoutStandIns(operation, planner.standIns)));
  const names = (node.variableUsages ?? []).filter((name) => name !== 'representations');
  const fetch: FetchProgram = {
    index: fetches.length,
    agency: node.serviceName as AgencyId,
    kind: node.operationKind === 'mutation' ? 'mutation' : 'query',
    path,
    start: `{"query":${JSON.stringify(text)},"variables":{`,
    variables: names.map((name) => ({
      name,
      prefix: `${JSON.stringify(name)}:`,
      source: sources.get(name) ?? ((variables) => (Object.hasOwn(variables, name) ? variables[name] : undefined)),
    })),
    represent,
    reader,
    personSlot: rules.personTypes.size > 0 ? reader.place.slot('id') : undefined,
  };
  fetches.push(fetch);
  return fetch;
}

function compileReader(
  selectionSet: SelectionSetNode,
  declaredType: string | undefined,
  place: Place,
  node: FetchNode,
  { planner, rules, fetches }: FetchContext,
): ObjectReader {
  return compileObjectReader([{ selectionSet, certain: true }], declaredType, place, node.outputRewrites ?? [], {
    schema: planner.schema,
    personTypes: rules.personTypes,
    keysOf: (type) => planner.facts.keysOf.get(`${node.serviceName}|${type}`),
    isComputed: (type, field) => planner.facts.requires.has(`${node.serviceName}|${type}.${field}`),
    fetchIndex: fetches.length,
  });
}

/** Asks each entity for its plain keys, so that an answer about another entity than the one asked about is found out. */
function withKeys({ requires, selectionSet }: EntityAsk, agency: string, planner: Planner): SelectionSetNode {
  const represented = new Set(
    requires.flatMap((selection) =>
      selection.kind === 'InlineFragment'
        ? selection.selections.flatMap((field) => (field.kind === 'Field' && !field.selections ? [field.name] : []))
        : [],
    ),
  );
  const selections = selectionSet.selections.map((selection) => {
    if (selection.kind !== Kind.INLINE_FRAGMENT || !selection.typeCondition) return selection;
    const keys = planner.facts.keysOf.get(`${agency}|${selection.typeCondition.name.value}`) ?? new Set<string>();
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

function withoutStandIns(
  operation: OperationDefinitionNode,
  standIns: ReadonlyMap<string, Stand>,
): OperationDefinitionNode {
  if (standIns.size === 0) return operation;
  return visit(operation, {
    Field(field) {
      const standIn = standIns.get(field.name.value);
      if (!standIn) return undefined;
      return {
        ...field,
        alias: { kind: Kind.NAME, value: field.alias?.value ?? field.name.value },
        name: { kind: Kind.NAME, value: standIn.fieldName },
        arguments: argumentsOf(standIn),
      };
    },
  });
}

function argumentsOf({ argumentsText }: Stand): readonly ArgumentNode[] {
  const value = parseValue(`{${argumentsText.slice(1, -1)}}`, { noLocation: true });
  if (value.kind !== Kind.OBJECT) return [];
  return value.fields.map((field) => ({ kind: Kind.ARGUMENT, name: field.name, value: field.value }));
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

function rootTypeName(node: FetchNode, { planner }: FetchContext): string {
  const { schema } = planner;
  const type = schema.getRootType(node.operationKind as OperationTypeNode);
  if (!type) throw new TypeError(`plan: no root type for ${node.operationKind}`);
  return type.name;
}
