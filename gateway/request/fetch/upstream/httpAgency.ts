import { Pool } from 'undici';
import type { AgencySendOptions } from '../agencyPort.ts';
import type { Cancellation } from './cancellation.ts';
import { CallFault, callOnce } from './callOnce.ts';
import { createPlainClient } from './plainClient.ts';
import { createRetryBudget } from './retryBudget.ts';

export interface HttpAgencyOptions {
  /** Where the agency listens, from configuration alone: no answer, supergraph or client can name another place. */
  readonly url: string;
  /** Sockets kept open at most: calls at a time. A pool too small caps an agency at connections / latency calls a second. */
  readonly connections: number;
  readonly maxAnswerBytes: number;
  /** 0 to 1, evenly spread: jitter between attempts. */
  readonly random: () => number;
  readonly onRetry: () => void;
}

/** One agency, asked by HTTP. */
export interface HttpAgency {
  /** Resolves with the answer's text. Rejects with CallFault, and with nothing else. */
  ask(body: string, kind: AgencySendOptions['kind'], cancellation: Cancellation): Promise<string>;
  close(): Promise<void>;
}

/** Attempts for one read, the first included. */
const MAX_ATTEMPTS = 3;
/** Longest wait before the second attempt; doubled for the third. */
const RETRY_DELAY_MS = 50;
const LONG_WAY_QUESTIONS = 1000;

/**
 * A pool of connections to one agency. Reads are asked again, within the same deadline and a budget, after a connection that
 * failed or a 502, 503, 504; mutations never. Throws TypeError for a URL that is none of http or https, or holds a password.
 */
export function createHttpAgency(options: HttpAgencyOptions): HttpAgency {
  const { origin, path } = parseAgencyUrl(options.url);
  const pool = new Pool(origin, {
    connections: options.connections,
    pipelining: 1,
    // One deadline for all attempts stands in the signal; two clocks more would only disagree with it.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const budget = createRetryBudget();
  const { connections, maxAnswerBytes } = options;
  /** Questions that still go through undici, since an agency whose answer was not plain will hardly write the next one otherwise. */
  let longWay = 0;
  const onUnusual = () => (longWay = LONG_WAY_QUESTIONS);
  const askLongWay = (body: string, cancellation: Cancellation): Promise<string> =>
    callOnce({ dispatcher: pool, origin, path, body, maxAnswerBytes, cancellation });
  const plain = origin.startsWith('http:')
    ? createPlainClient({ origin, path, connections, maxAnswerBytes, onUnusual, askLongWay })
    : undefined;

  const askAttempt = (body: string, cancellation: Cancellation): Promise<string> => {
    if (plain !== undefined && longWay === 0) return plain.ask(body, cancellation);
    if (longWay > 0) longWay -= 1;
    return askLongWay(body, cancellation);
  };

  return {
    async ask(body, kind, cancellation) {
      budget.note();
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await askAttempt(body, cancellation);
        } catch (fault) {
          const mayRetry = kind === 'query' && attempt < MAX_ATTEMPTS && fault instanceof CallFault && fault.retriable;
          if (!mayRetry || cancellation.reason !== undefined || !budget.take()) throw fault;
          options.onRetry();
          await pause(options.random() * RETRY_DELAY_MS * attempt, cancellation);
        }
      }
    },
    close() {
      plain?.close();
      return pool.destroy();
    },
  };
}

function pause(ms: number, cancellation: Cancellation): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      cancellation.onCancel(undefined);
      resolve();
    }, ms);
    cancellation.onCancel(({ fault }) => {
      clearTimeout(timer);
      reject(new CallFault(fault));
    });
  });
}

function parseAgencyUrl(text: string): { readonly origin: string; readonly path: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new TypeError(
      `agency url must be http(s)://host[:port]/path without a password, got "${url?.protocol ?? text}"`,
    );
  }
  return { origin: url.origin, path: url.pathname + url.search };
}
