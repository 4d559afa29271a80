import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgencyCall } from '../agencies/process.ts';
import { OPERATIONS, type OperationName } from '../operations.ts';
import { GATEWAY_CORE, gatewayOptions, startNode, stopProcess } from '../processes.ts';
import { freePort, untilReady } from './ready.ts';
import type { Target } from './target.ts';

/** What the handler is given: per document, the recorded bodies of each wave of calls. */
type RecordedWaves = Readonly<Record<string, readonly (readonly { readonly url: string; readonly body: string }[])[]>>;

/**
 * The obvious limit: a `node:http` handler that sends the calls recorded from the reference with undici `request`, wave by wave, and
 * joins the answers. No parsing, planning, merging or checking of anything.
 */
export function bareHandlerTarget(): Target {
  return {
    name: 'bare-handler',
    title: 'bare node:http + undici',
    protects: false,
    answersGraph: false,
    columns: ['known-callers', 'agencies-4ms'],
    operations: ['one-agency', 'four-agencies', 'household', 'long-list'],
    prepare: () => Promise.resolve(undefined),
    async start(room) {
      const port = await freePort();
      const logFile = join(room.logFolder, 'bare-handler.log');
      const wavesFile = join(room.workFolder, 'recorded-waves.json');
      const waves: RecordedWaves = Object.fromEntries(
        [...room.recordedCalls].map(([name, calls]) => [
          OPERATIONS[name as Exclude<OperationName, 'mix'>].query,
          toWaves(calls).map((wave) => wave.map(({ agency, body }) => ({ url: room.agencies[agency], body }))),
        ]),
      );
      writeFileSync(wavesFile, JSON.stringify(waves));
      const child = startNode(new URL('./process/bareHandler.mjs', import.meta.url), [wavesFile, String(port)], {
        core: GATEWAY_CORE,
        logFile,
        nodeOptions: gatewayOptions(room.profileFolder, 'bare-handler'),
      });
      await untilReady(child, port, { path: '/', logFile });
      return { port, path: '/', gatewayPid: child.pid!, stop: () => stopProcess(child) };
    },
  };
}

/** Calls recorded with agencies at 4 ms: one that starts 3 ms or more after the first of a wave waited for an answer of it. */
export function toWaves(calls: readonly AgencyCall[]): readonly (readonly AgencyCall[])[] {
  const waves: AgencyCall[][] = [];
  let waveStartedMs = -Infinity;
  for (const call of [...calls].sort((a, b) => a.startedMs - b.startedMs)) {
    if (call.startedMs - waveStartedMs >= 3) {
      waves.push([]);
      waveStartedMs = call.startedMs;
    }
    waves.at(-1)!.push(call);
  }
  return waves;
}
