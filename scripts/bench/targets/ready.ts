import type { ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { request } from 'undici';

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Waits until the target answers over HTTP at all; throws an Error with the log's name when it ends or is silent for `timeoutMs`. */
export async function untilReady(
  child: ChildProcess,
  port: number,
  options: { readonly path: string; readonly logFile: string; readonly timeoutMs?: number },
): Promise<void> {
  const deadline = Date.now() + (options.timeoutMs ?? 60_000);
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`ended with code ${child.exitCode}: see ${options.logFile}`);
    if (await answers(port, options.path)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`did not answer in time: see ${options.logFile}`);
}

async function answers(port: number, path: string): Promise<boolean> {
  try {
    const reply = await request(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
      headersTimeout: 2000,
    });
    await reply.body.dump();
    // A gateway whose graph is not loaded yet answers 404 or 503.
    return reply.statusCode !== 404 && reply.statusCode < 500;
  } catch {
    return false;
  }
}
