import type { EventsAnswer } from './route.ts';

/** One line a while keeps proxies from closing a quiet stream, ms. */
const ALIVE_EVERY_MS = 20_000;

/** The answer as a stream that a browser's `EventSource` reads. What breaks ends it; the browser comes back by itself. */
export function streamEvents({ names }: EventsAnswer): Response {
  const gone = new AbortController();
  const encoder = new TextEncoder();
  let alive: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (line: string) => controller.enqueue(encoder.encode(`${line}\n\n`));
      write(':');
      alive = setInterval(() => write(':'), ALIVE_EVERY_MS);
      void relay(names(gone.signal), (name) => write(`event: ${name}\ndata:`)).finally(() => {
        clearInterval(alive);
        if (!gone.signal.aborted) controller.close();
      });
    },
    cancel() {
      clearInterval(alive);
      gone.abort();
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}

async function relay(names: AsyncIterable<string>, write: (name: string) => void): Promise<void> {
  try {
    for await (const name of names) write(name);
  } catch {
    // The hub is away, or the browser: there is nobody to tell, and whoever is still there asks again.
  }
}
