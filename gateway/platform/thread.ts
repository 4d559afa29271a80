import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Starts a file of ours in a thread. TypeScript is stripped there as it is here; where this process does it in another way (jest), too. */
export function startThread(file: string, options: WorkerOptions = {}): Worker {
  const register = createRequire(import.meta.url).resolve('ts-blank-space/register');
  return new Worker(file, { ...options, execArgv: ['--import', pathToFileURL(register).href] });
}
