import { Kind, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import { HubError } from '../../../platform/errors.ts';
import type { Graph, Judgement } from '../../exchange.ts';
import type { FetchProgram } from './compileFetch.ts';
import { compilePlan, type Step } from './compilePlan.ts';
import { createDataKeys, type DataKeys } from './dataKeys.ts';
import { Place, type DataNode } from './place.ts';
import type { Planning } from '../plan/planner.ts';
import { toPlanningDocument } from './planningDocument.ts';
import { readAskedFields } from './askedFields.ts';
import { dataKeyOf, type Projection } from '../project/projection.ts';
import { compileProjector } from '../project/projectOperation.ts';
import { freePlannersVariable } from './freeVariables.ts';
import { hoistSubjectIds, type VariableSource } from './subjectIds.ts';

/** A judged operation, ready to run for anybody who gets the same verdicts. Holds nothing of one caller. */
export interface Program {
  readonly judgement: Judgement;
  readonly apiSchema: GraphQLSchema;
  readonly personTypes: ReadonlySet<string>;
  readonly fetches: readonly FetchProgram[];
  /** undefined when no agency has to be asked. */
  readonly step: Step | undefined;
  readonly place: Place;
  readonly rootType: string;
  readonly project: (root: DataNode, projection: Projection) => string;
  /** Estimate for the cache. */
  readonly sizeBytes: number;
}

// Measured (Node 20): 39, 155 and 520 kB of heap for programs of 5, 50 and 190 fields over two agencies, operation and verdicts included; what the operation takes of
// it, it says itself.
const BYTES_PER_PROGRAM = 26_000;
const BYTES_PER_FIELD = 1_300;

/** A judged operation on its way to be planned. */
export interface ProgramDraft {
  readonly graph: Graph;
  readonly judgement: Judgement;
  readonly dataKeys: DataKeys;
  readonly sources: ReadonlyMap<string, VariableSource>;
  /** What is to be planned; undefined when no agency has to be asked. */
  readonly document: DocumentNode | undefined;
}

export function draftProgram(graph: Graph, judgement: Judgement, { facts }: Planning): ProgramDraft {
  const { apiSchema, rules } = graph;
  const { narrowed } = judgement;
  const dataKeys = createDataKeys(facts.requiredPlain);
  if (!narrowed || !asksAgencies(narrowed))
    return { graph, judgement, dataKeys, sources: new Map(), document: undefined };
  const hoisted = freePlannersVariable(hoistSubjectIds(narrowed, apiSchema, rules.subjectIds));
  const { personTypes } = rules;
  const document = toPlanningDocument(hoisted.document, { apiSchema, personTypes, facts, dataKeys });
  return { graph, judgement, dataKeys, sources: hoisted.sources, document };
}

/** Readers, request heads and the reply's writer. Throws HUB_OPERATION_INVALID when the plan leaves something out. */
export function finishProgram(draft: ProgramDraft, plan: QueryPlan | undefined, planning: Planning): Program {
  const { judgement, dataKeys, sources } = draft;
  const { apiSchema, rules } = draft.graph;
  const { operation, narrowed } = judgement;
  const place = new Place();
  const fetches: FetchProgram[] = [];
  const node = plan && rootNode(plan);
  const asked = readAskedFields(place, judgement, dataKeys, planning.facts, rules.personTypes);
  const way = { place, path: [], personSlots: [] };
  const step = node && compilePlan(node, way, { planning, rules, sources, fetches, asked });
  if (narrowed) refuseUnplanned(judgement, place, dataKeys);
  const project = compileProjector(place, {
    judgement,
    apiSchema,
    personTypes: rules.personTypes,
    ruledTypes: rules.ofType,
    dataKeys,
  });
  return {
    judgement,
    apiSchema,
    personTypes: rules.personTypes,
    fetches,
    step,
    place,
    rootType: operation.root.declaredType,
    project,
    sizeBytes: BYTES_PER_PROGRAM + operation.sizeBytes + operation.fields.length * BYTES_PER_FIELD,
  };
}

function rootNode({ node }: QueryPlan): PlanNode | undefined {
  if (node?.kind !== 'Subscription') return node;
  // One event of a subscription: its root is asked as a query's would be, and then the rest.
  const { primary, rest } = node;
  return rest ? { kind: 'Sequence', nodes: [primary, rest] } : primary;
}

/** What the planner threw, put into ours: its words name agencies and types, and are for the log. */
export function refuseToPlan(cause: unknown): never {
  if (cause instanceof HubError) throw cause;
  throw noPlan(cause instanceof Error ? cause.message : String(cause), cause);
}

function noPlan(detail: string, cause?: unknown): HubError {
  return new HubError('HUB_OPERATION_INVALID', { cause, detail, extensions: { problem: 'no plan' } });
}

/** The planner drops, without a word, a root field that no agency can serve as it is asked. */
function refuseUnplanned(judgement: Judgement, place: Place, dataKeys: DataKeys): void {
  for (const field of [...judgement.operation.root.byType.values()].flat()) {
    if (field.fieldName.startsWith('__') || judgement.verdicts[field.index]?.allowed !== true) continue;
    // Under a condition it may have been dropped because it can never be present.
    if (field.presence === undefined && place.writersOf(dataKeyOf(field, dataKeys)).length === 0) {
      throw noPlan(`no agency can serve ${field.coordinate} as it is asked`);
    }
  }
}

/** Whether anything but introspection and the root's `__typename` is selected. */
function asksAgencies(document: DocumentNode): boolean {
  return document.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.selectionSet.selections.some(
        (selection) => selection.kind !== Kind.FIELD || !selection.name.value.startsWith('__'),
      ),
  );
}
