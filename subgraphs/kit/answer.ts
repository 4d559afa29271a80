import { execute, type GraphQLSchema } from 'graphql';
import type { AgencyContext, TrustedGrant } from './agencyModule.ts';
import type { KitContext } from './context.ts';
import type { SubgraphOptions } from './createSubgraph.ts';
import { asksSchemaOnly, createDocuments } from './documents.ts';
import { maskErrors, type AnswerError } from './maskErrors.ts';
import { createPersons, type SealMet } from './persons.ts';

/** A GraphQL answer. */
export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly AnswerError[];
}

export interface ReceivedAnswer {
  /** HTTP status. */
  readonly status: number;
  readonly answer: Answer;
}

/** A request whose authority has been settled. */
export interface AnswerRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Undefined: an operator asks for the schema. */
  readonly grant: TrustedGrant | undefined;
  readonly sealMet: SealMet;
  readonly operator: boolean;
  readonly signal?: CallerSignal;
}

/** As much of an `AbortSignal` as is used of the caller's: the hub has a lighter one. */
export interface CallerSignal {
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Runs operations on a guarded schema, with a context and loaders of their own each, within the time given. */
export function createAnswerer(
  schema: GraphQLSchema,
  options: SubgraphOptions,
): (request: AnswerRequest) => Promise<Answer> {
  const { log, exposeError: expose, timeoutMs = 10_000 } = options;
  const documents = createDocuments(schema);

  return async (request) => {
    const requestId = request.grant?.requestId;
    const read = documents.read(request.query, request.operator);
    if (read.refused) {
      // Validation texts quote literals and suggest names; where it fails is enough to find it.
      const at = read.refused.map(({ locations }) =>
        (locations ?? []).map(({ line, column }) => `${line}:${column}`).join(),
      );
      log.warn({ requestId, at }, 'operation refused');
      return refusedOperation;
    }
    if (!request.grant && !asksSchemaOnly(read.document)) return refusedOperation;

    const executed = await withDeadline(timeoutMs, request.signal, async (signal) =>
      execute({
        schema,
        document: read.document,
        variableValues: request.variables,
        contextValue: createContext(options, request, signal),
      }),
    );
    if (!executed) {
      log.warn({ requestId, timeoutMs }, 'no answer in time');
      return { errors: [{ message: 'No answer in time', extensions: { code: 'AGENCY_TIMEOUT' } }] };
    }
    const { data, errors } = executed;
    return {
      ...(data !== undefined && { data }),
      ...(errors && { errors: maskErrors(errors, { log, requestId, expose }) }),
    };
  };
}

const refusedOperation: Answer = {
  errors: [{ message: 'Operation refused', extensions: { code: 'AGENCY_OPERATION_REFUSED' } }],
};

const NOTHING_GRANTED = { subjects: [], met: {}, acr: 'eidas1' } as unknown as TrustedGrant;

function createContext(options: SubgraphOptions, request: AnswerRequest, signal: AbortSignal): KitContext {
  const scope = { grant: request.grant ?? NOTHING_GRANTED, clock: options.clock, log: options.log, signal };
  const persons = createPersons(options, scope, request.sealMet);
  return {
    ...scope,
    loaders: options.loaders?.(scope),
    self: () => persons.self(),
    meet: persons.meet as AgencyContext['meet'],
    kit: { operator: request.operator, granted: request.grant !== undefined, persons, views: new WeakMap() },
  };
}

/** Undefined when the time is over or the caller left: the work is told to stop, and not waited for. */
async function withDeadline<T>(
  timeoutMs: number,
  outer: CallerSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const timer = setTimeout(stop, timeoutMs);
  outer?.addEventListener('abort', stop);
  try {
    const stopped = new Promise<undefined>((resolve) => {
      controller.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    return await Promise.race([work(controller.signal), stopped]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', stop);
  }
}
