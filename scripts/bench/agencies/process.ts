/**
 * The process of the static agencies: one port each. Commands come over the IPC channel of the process that forked it
 * (`AgencyCommand`), every one is answered with an `AgencyReport`.
 */
import type { AddressInfo } from 'node:net';
import { AGENCY_NAMES, plainSubgraphs, type AgencyName, type AgencyUrls } from '../graph/graph.ts';
import { Answers } from './answers.ts';
import { createBareServer } from './httpServer.ts';

export type AgencyCommand =
  /** Public keys to serve: each agency's at /.well-known/jwks.json, the issuer of tokens' on a port of its own. */
  | { readonly do: 'keys'; readonly agencies: Partial<Record<AgencyName, unknown>>; readonly issuer: unknown }
  | { readonly do: 'latency'; readonly milliseconds: number }
  /** That agency no longer answers; undefined = all answer. */
  | { readonly do: 'hang'; readonly agency: AgencyName | undefined }
  /** Forget counts, and note every call from now on when `calls`. */
  | { readonly do: 'reset'; readonly calls: boolean }
  | { readonly do: 'report' };

export interface AgencyCall {
  readonly agency: AgencyName;
  readonly body: string;
  /** Milliseconds of a clock of the process. */
  readonly startedMs: number;
}

export interface AgencyReport {
  readonly ports?: Readonly<Record<AgencyName | 'issuer', number>>;
  readonly counts: Readonly<Record<AgencyName, number>>;
  readonly calls: readonly AgencyCall[];
}

const noUrls = Object.fromEntries(AGENCY_NAMES.map((name) => [name, ''])) as unknown as AgencyUrls;
const counts = Object.fromEntries(AGENCY_NAMES.map((name) => [name, 0])) as Record<AgencyName, number>;
let calls: AgencyCall[] = [];
let notesCalls = false;
let latencyMs = 0;
let hanging: AgencyName | undefined;

let keys: Extract<AgencyCommand, { do: 'keys' }> | undefined;

const ports = { issuer: await listen('issuer', undefined) } as Record<AgencyName | 'issuer', number>;
for (const { name, sdl } of plainSubgraphs(noUrls)) {
  ports[name as AgencyName] = await listen(name as AgencyName, new Answers(sdl));
}
process.on('message', (command: AgencyCommand) => process.send!(obey(command)));
process.on('disconnect', () => process.exit(0));
process.send!({ ports, counts, calls } satisfies AgencyReport);

function obey(command: AgencyCommand): AgencyReport {
  if (command.do === 'keys') keys = command;
  if (command.do === 'latency') latencyMs = command.milliseconds;
  if (command.do === 'hang') hanging = command.agency;
  if (command.do === 'reset') {
    for (const name of AGENCY_NAMES) counts[name] = 0;
    calls = [];
    notesCalls = command.calls;
  }
  return { counts, calls };
}

function listen(party: AgencyName | 'issuer', answers: Answers | undefined): Promise<number> {
  const server = createBareServer({
    latencyMs: () => latencyMs,
    answer(method, path, body) {
      if (party === 'issuer') return json(keys?.issuer);
      if (method === 'GET') return json(path.includes('jwks') ? keys?.agencies[party] : { status: 'ok' });
      counts[party]++;
      if (notesCalls) calls.push({ agency: party, body, startedMs: performance.now() });
      if (hanging === party) return new Promise<Buffer>(() => {});
      return answers!.answerKnown(body) ?? answers!.answer(body);
    },
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value ?? {}));
}
