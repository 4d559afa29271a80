import type { AnswerError, Question, RunningHub, Visit } from './runningHub.ts';

/** A GraphQL result as one event brought it. */
export interface Told {
  readonly data?: unknown;
  readonly errors?: readonly AnswerError[];
}

/** One stream, read as a client without a library would: by lines. */
export interface FollowedStream {
  readonly status: number;
  readonly headers: Headers;
  /** What was told so far. */
  readonly told: readonly Told[];
  /** Comments so far. */
  readonly comments: () => number;
  /** The next result that this has not returned yet; rejects when none comes within 10 s or the stream has ended. */
  next(): Promise<Told>;
  /** Resolves with whether the stream was completed, when it has ended. */
  ended(): Promise<boolean>;
  /** Hangs up. */
  leave(): void;
}

const PATIENCE_MS = 10_000;

/** Subscribes by POST, as that visit or with that token. */
export async function follow(
  hub: Pick<RunningHub, 'url' | 'token'>,
  question: Question | string,
  by: Visit | { readonly token: string },
  headers: Readonly<Record<string, string>> = {},
): Promise<FollowedStream> {
  const presented = 'token' in by ? by.token : await hub.token(by);
  return readStream(hub.url, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      'accept-language': 'en',
      authorization: `Bearer ${presented}`,
      ...headers,
    },
    body: JSON.stringify(typeof question === 'string' ? { query: question } : question),
  });
}

export async function readStream(url: string, request: RequestInit): Promise<FollowedStream> {
  const leaving = new AbortController();
  const response = await fetch(url, { ...request, signal: leaving.signal });
  const told: Told[] = [];
  let comments = 0;
  let taken = 0;
  let isComplete = false;
  let isOver = false;
  let wake = () => {};

  const reading = read(response, (frame) => {
    if (frame.startsWith(':')) comments += 1;
    else if (frame.startsWith('event: complete\n')) isComplete = true;
    else told.push(JSON.parse(frame.replace(/^event: next\ndata: /, '')) as Told);
    wake();
  })
    .catch(() => undefined)
    .finally(() => {
      isOver = true;
      wake();
    });

  return {
    status: response.status,
    headers: response.headers,
    told,
    comments: () => comments,
    async next() {
      const giveUpAt = Date.now() + PATIENCE_MS;
      while (told.length <= taken) {
        if (isOver) throw new Error(`the stream has ended, status ${response.status}`);
        if (Date.now() > giveUpAt) throw new Error('nothing was told');
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), reading, pause(200)]);
      }
      return told[taken++]!;
    },
    async ended() {
      await reading;
      return isComplete;
    },
    leave: () => leaving.abort(),
  };
}

async function read(response: Response, onFrame: (frame: string) => void): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    const frames = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
    rest = frames.pop()!;
    for (const frame of frames) onFrame(frame);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
