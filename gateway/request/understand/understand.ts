import { setImmediate } from 'node:timers/promises';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { HubError } from '../../platform/errors.ts';
import { advance } from '../advance.ts';
import type { Graph, Operation, Received, Understood } from '../exchange.ts';
import { coerceVariables } from './coerceVariables.ts';
import { DEFAULT_LIMITS, tooComplex, type OperationLimits } from './limits.ts';
import { checkSize } from './measure.ts';
import { buildOperation, documentBytes, treeBytes } from './operation.ts';
import { parseDocument } from './parseDocument.ts';
import { validateDocument } from './validateDocument.ts';

export interface UnderstandOptions {
  /** The graph in service; asked once per request, so that a swap takes effect with the next one. */
  readonly graph: () => Graph;
  /** Who may introspect: whoever shows an operator's credential, or anyone (sandbox). */
  readonly introspection: 'operator' | 'everyone';
  readonly limits?: Partial<OperationLimits>;
  /** Memory for documents and their trees, about, in bytes. Default 64 MB. */
  readonly cacheBytes?: number;
}

type Understanding = Pick<Understood, 'graph' | 'operation' | 'coercedVariables'>;

/**
 * The step from text to tree. On the protected way it takes `Identified` and gives `Understood`; on the unprotected one, which has no
 * caller, it takes what was received as it is.
 *
 * Throws HUB_OPERATION_SYNTAX, _INVALID, _NAME_UNKNOWN, _VARIABLES_INVALID, _TOO_COMPLEX, _INTROSPECTION_REFUSED, _METHOD_NOT_ALLOWED,
 * _STREAM_ONLY and _SUBSCRIPTION_UNSUPPORTED. Nothing is decided yet.
 */
export type Understand = (<Stage extends Received>(stage: Stage) => Stage & Understanding) & {
  /**
   * Before a graph takes the place of the one in service: reads the documents most used so far on it. Their operations by hash; those that the new graph
   * does not have are left out.
   */
  adopt(graph: Graph): Promise<ReadonlyMap<string, Operation>>;
};

interface Known {
  uses: number;
  readonly document: DocumentNode;
  readonly operations: Map<string | undefined, Operation>;
}

/** What is known of one graph; thrown away whole with it. */
interface Knowledge {
  readonly graph: Graph;
  readonly documents: LRUCache<string, Known>;
  /** One object per operation, however it is written. */
  readonly byHash: LRUCache<string, Operation>;
}

export function createUnderstand(options: UnderstandOptions): Understand {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const cacheBytes = options.cacheBytes ?? 64_000_000;
  let knowledge = emptyKnowledge(options.graph(), cacheBytes);
  let next: Knowledge | undefined;

  const understand = <Stage extends Received>(stage: Stage): Stage & Understanding => {
    const graph = options.graph();
    if (graph !== knowledge.graph) knowledge = next?.graph === graph ? next : emptyKnowledge(graph, cacheBytes);
    const operation = findOperation(knowledge, stage.query, stage.operationName, limits);
    refuseUnserved(operation, stage, options.introspection);
    const coercedVariables = coerceVariables(operation, graph.apiSchema, stage.variables);
    // A spread with further properties behind it costs 2 us and more here (V8 11.3), this 0.5.
    return advance(stage, { graph, operation, coercedVariables });
  };

  return Object.assign(understand, {
    async adopt(graph: Graph) {
      const adopting = emptyKnowledge(graph, cacheBytes);
      const byUse = [...knowledge.documents.entries()].sort(([, a], [, b]) => b.uses - a.uses).slice(0, MOST_ADOPTED);
      const operations = new Map<string, Operation>();
      for (const [text, { operations: named, uses }] of byUse) {
        // Requests go on meanwhile.
        await setImmediate();
        for (const name of named.keys()) {
          const operation = tryToLearn(adopting, text, name, limits);
          if (operation) operations.set(operation.hash, operation);
        }
        const known = adopting.documents.get(text);
        if (known) known.uses = uses;
      }
      next = adopting;
      return operations;
    },
  });
}

/** Documents that are ready when a new graph takes over. */
const MOST_ADOPTED = 200;

function tryToLearn(
  knowledge: Knowledge,
  text: string,
  operationName: string | undefined,
  limits: OperationLimits,
): Operation | undefined {
  try {
    return findOperation(knowledge, text, operationName, limits);
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}

function emptyKnowledge(graph: Graph, cacheBytes: number): Knowledge {
  return {
    graph,
    documents: new LRUCache({
      maxSize: cacheBytes / 2,
      sizeCalculation: ({ operations }, text) => documentBytes(text) + sumOfTrees(operations.values()),
    }),
    byHash: new LRUCache({ maxSize: cacheBytes / 2, sizeCalculation: ({ sizeBytes }) => sizeBytes }),
  };
}

function sumOfTrees(operations: Iterable<Operation>): number {
  let sum = 0;
  for (const { fields } of operations) sum += treeBytes(fields.length);
  return sum;
}

function findOperation(
  knowledge: Knowledge,
  text: string,
  operationName: string | undefined,
  limits: OperationLimits,
): Operation {
  const known = knowledge.documents.get(text);
  if (known) known.uses++;
  const found = known?.operations.get(operationName);
  return found ?? learn(knowledge, text, known, operationName, limits);
}

function learn(
  knowledge: Knowledge,
  text: string,
  known: Known | undefined,
  operationName: string | undefined,
  limits: OperationLimits,
): Operation {
  try {
    const document = known?.document ?? readDocument(text, knowledge.graph, limits);
    const built = buildOperation(document, operationName, knowledge.graph.apiSchema, limits);
    const operation = knowledge.byHash.get(built.hash) ?? built;
    knowledge.byHash.set(operation.hash, operation);
    const operations = known?.operations ?? new Map<string | undefined, Operation>();
    const uses = known?.uses ?? 1;
    knowledge.documents.set(text, { uses, document, operations: operations.set(operationName, operation) });
    return operation;
  } catch (error) {
    // A document that nests deeper than the stack is too deep by any measure (only with tokens far above the default).
    if (error instanceof RangeError) throw tooComplex('depth', limits);
    throw error;
  }
}

function readDocument(text: string, graph: Graph, limits: OperationLimits): DocumentNode {
  const document = parseDocument(text, limits);
  checkSize(document, limits);
  validateDocument(document, graph.apiSchema);
  return document;
}

function refuseUnserved(operation: Operation, stage: Received, introspection: 'operator' | 'everyone'): void {
  if (operation.kind === 'mutation' && stage.method === 'GET') throw new HubError('HUB_OPERATION_METHOD_NOT_ALLOWED');
  if (operation.kind === 'subscription' && stage.event === undefined) {
    // Whoever takes events and gets here has come to a gateway without streams.
    throw new HubError(stage.eventStream ? 'HUB_OPERATION_SUBSCRIPTION_UNSUPPORTED' : 'HUB_OPERATION_STREAM_ONLY');
  }
  if (operation.introspects && introspection !== 'everyone' && !stage.operator) {
    throw new HubError('HUB_OPERATION_INTROSPECTION_REFUSED');
  }
}
