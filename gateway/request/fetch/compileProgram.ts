import { Kind, print, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { Graph, Judgement } from '../exchange.ts';
import type { FetchProgram } from './compileFetch.ts';
import { compilePlan, type Step } from './compilePlan.ts';
import { createDataKeys } from './dataKeys.ts';
import { Place, type DataNode } from './place.ts';
import type { Planner } from './planner.ts';
import { toPlanningDocument } from './planningDocument.ts';
import type { Projection } from './projection.ts';
import { compileProjector } from './projectOperation.ts';
import { hoistSubjectIds } from './subjectIds.ts';

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

// Measured on programs of 5 to 200 fields: heap after compiling, divided by fields and by the length of the requests' texts.
const BYTES_PER_FIELD = 1500;
const BYTES_PER_CHARACTER = 12;

/** Plan, readers, request heads and the reply's writer of one judged operation. */
export function compileProgram(graph: Graph, judgement: Judgement, planner: Planner): Program {
  const { apiSchema, rules } = graph;
  const { operation, narrowed } = judgement;
  const place = new Place();
  const fetches: FetchProgram[] = [];
  const dataKeys = createDataKeys(planner.facts.requiredPlain);
  let step: Step | undefined;
  if (narrowed && asksAgencies(narrowed)) {
    const hoisted = hoistSubjectIds(narrowed, apiSchema, rules.subjectIds);
    const { personTypes } = rules;
    const document = toPlanningDocument(hoisted.document, { apiSchema, personTypes, facts: planner.facts, dataKeys });
    const plan = planner.plan(document);
    step =
      plan.node && compilePlan(plan.node as never, place, [], { planner, rules, sources: hoisted.sources, fetches });
  }
  const project = compileProjector(place, { judgement, apiSchema, personTypes: rules.personTypes, dataKeys });
  const textLength = fetches.reduce((sum, fetch) => sum + fetch.start.length, narrowed ? print(narrowed).length : 0);
  return {
    judgement,
    apiSchema,
    personTypes: rules.personTypes,
    fetches,
    step,
    place,
    rootType: operation.root.declaredType,
    project,
    sizeBytes: operation.fields.length * BYTES_PER_FIELD + textLength * BYTES_PER_CHARACTER,
  };
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
