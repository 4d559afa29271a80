import type { Graph, Judgement, Operation, OperationField } from '../exchange.ts';
import { createFieldNeeds } from './fieldNeeds.ts';
import { narrow } from './narrow.ts';
import { narrowedHashOf } from './narrowedHash.ts';
import { readOperation } from './readOperation.ts';

/**
 * What a judgement would be on another graph if nobody's rights changed with it: so that plans are ready before the graph is served. Nobody is served by
 * it: a request is judged anew, and finds the plan only when it comes to the same. `operations`: those of the new graph, by hash.
 * Undefined for an operation that stands differently there.
 */
export function createRejudge(
  graph: Graph,
  operations: ReadonlyMap<string, Operation>,
): (before: Judgement) => Judgement | undefined {
  const needs = createFieldNeeds(graph);
  return (before) => {
    const operation = operations.get(before.operation.hash);
    if (!operation) return undefined;
    const isSame = haveSameFields(operation.fields, before.operation.fields);
    if (!isSame && before.shape !== 'all') return undefined;
    const verdicts = isSame ? before.verdicts : operation.fields.map(() => ({ allowed: true }) as const);
    const { subjects, agencies } = readOperation(operation, graph, needs);
    const narrowed =
      before.shape === 'all'
        ? operation.document
        : narrow(operation, (field) => verdicts[field.index]!.allowed, graph.apiSchema);
    return {
      ...before,
      operation,
      verdicts,
      subjects,
      agencies,
      narrowed,
      narrowedHash: narrowedHashOf(operation, before.shape, graph),
    };
  };
}

function haveSameFields(fields: readonly OperationField[], others: readonly OperationField[]): boolean {
  return fields.length === others.length && fields.every((field, at) => field.coordinate === others[at]!.coordinate);
}
