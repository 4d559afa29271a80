import type { Operation } from './graph.ts';

/** Follows a subscription as somebody, until it ends or `signal` does; undefined when the hub does not open it. */
export type Follow = <Data, Variables extends object>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
) => Promise<AsyncIterable<FollowedEvent<Data>> | undefined>;

export interface FollowedEvent<Data> {
  readonly data: Data | null;
  /** Codes of the event's errors, docs/errors.md. */
  readonly codes: readonly string[];
}

/** The graph's streams (docs/subscriptions.md) as one person may follow them: the token stays on this side. */
export function createFollow(graphUrl: string, token: () => Promise<string | undefined>): Follow {
  return async <Data, Variables extends object>(
    { document }: Operation<Data, Variables>,
    variables: Variables,
    signal: AbortSignal,
  ) => {
    const presented = await token();
    if (presented === undefined) return undefined;
    const response = await fetch(graphUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${presented}`,
      },
      body: JSON.stringify({ query: document, variables }),
      signal,
    }).catch(() => undefined);
    if (response?.ok !== true || response.body === null) {
      await response?.body?.cancel();
      return undefined;
    }
    return readEvents<Data>(response.body);
  };
}

/** Each `next` of a stream; comments, which say that it is alive, are passed over, and `complete` ends it. */
async function* readEvents<Data>(body: ReadableStream<Uint8Array>): AsyncGenerator<FollowedEvent<Data>> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of body) {
    pending += decoder.decode(chunk, { stream: true });
    const blocks = pending.split('\n\n');
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n');
      if (lines.includes('event: complete')) return;
      const data = lines.find((line) => line.startsWith('data: '))?.slice('data: '.length);
      if (data === undefined || data === '') continue;
      const said = JSON.parse(data) as {
        readonly data?: Data | null;
        readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
      };
      yield { data: said.data ?? null, codes: (said.errors ?? []).map(({ extensions }) => extensions?.code ?? '') };
    }
  }
}
