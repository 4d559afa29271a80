import { parentPort, workerData } from 'node:worker_threads';
import { parse, printSchema } from 'graphql';
import { publicSchema } from './publicSchema.ts';
import type { PublicSdl } from './publicSdlThread.ts';

/* The other side of publicSdlThread.ts: answers once, and ends. */

parentPort?.postMessage(answer(workerData as string));

function answer(planningSdl: string): PublicSdl {
  try {
    return { sdl: printSchema(publicSchema(parse(planningSdl, { noLocation: true }))) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
