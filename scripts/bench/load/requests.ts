import { MIX_KNOWN, MIX_NEW_EVERY, newOperation, OPERATIONS, type OperationName } from '../operations.ts';

/** One HTTP request as bytes; everything but the token is the same for all targets. */
export function requestBytes(path: string, query: string, token: string): Buffer {
  const body = JSON.stringify({ query });
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: application/json\r\n` +
      `authorization: Bearer ${token}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

export interface RequestSource {
  next(): Buffer;
  /** How many requests asked an operation never seen before. */
  readonly newOperations: number;
  /** Whether more requests were taken than there are callers: in a run of new callers, some came twice. */
  readonly wrapped: boolean;
}

/**
 * Requests in the order in which they are asked: callers take turns, and in the mix operations do too. Bytes of known operations
 * are made once per caller and document; those of new callers are made before the run.
 */
export function createRequestSource(input: {
  readonly path: string;
  readonly operation: OperationName;
  readonly tokens: readonly string[];
  /** Serial of the first new operation of the mix. */
  readonly firstSerial: number;
  /** So many new operations at most, then the first of them again [no end]. */
  readonly distinctOperations?: number | undefined;
}): RequestSource {
  const queries = input.operation === 'mix' ? MIX_KNOWN : [OPERATIONS[input.operation].query];
  const documents = [...new Set(queries)];
  const bytes = documents.map((query) => input.tokens.map((token) => requestBytes(input.path, query, token)));
  const order = queries.map((query) => bytes[documents.indexOf(query)]!);
  const distinct = input.distinctOperations ?? Infinity;
  let asked = 0;
  let newOperations = 0;
  return {
    next() {
      const position = asked++;
      const caller = position % input.tokens.length;
      if (input.operation !== 'mix') return order[0]![caller]!;
      const turn = position % MIX_NEW_EVERY;
      if (turn < order.length) return order[turn]![caller]!;
      const serial = input.firstSerial + (newOperations++ % distinct);
      return requestBytes(input.path, newOperation(serial), input.tokens[caller]!);
    },
    get newOperations() {
      return newOperations;
    },
    get wrapped() {
      return asked > input.tokens.length;
    },
  };
}
