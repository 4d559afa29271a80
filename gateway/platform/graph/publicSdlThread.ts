import { join } from 'node:path';
import { startThread } from '../thread.ts';

export type PublicSdl = { readonly sdl: string } | { readonly problem: string };

/** The public schema's SDL, made in a thread that ends with it. Rejects with a TypeError for a supergraph that is none. */
export async function publicSdlInThread(planningSdl: string): Promise<string> {
  const thread = startThread(join(import.meta.dirname, 'publicSdlWorker.ts'), { workerData: planningSdl });
  try {
    const answer = await new Promise<PublicSdl>((resolve, reject) => {
      thread.once('message', resolve).once('error', reject);
      thread.once('exit', () => reject(new Error('the thread that reads a supergraph has ended')));
    });
    if ('sdl' in answer) return answer.sdl;
    throw new TypeError(`supergraph: ${answer.problem}`);
  } finally {
    await thread.terminate();
  }
}
