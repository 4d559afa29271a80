import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell } from './measure.ts';
import { align } from './report/table.ts';

/** The parts of V8's .cpuprofile that are read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
  /** Microseconds of the machine's monotonic clock. */
  readonly startTime: number;
}

/** Rows printed per target. */
const ROWS = 24;

/**
 * CPU by step of every target that wrote a profile into a folder of its own under `folder`: microseconds per request in each measured
 * stretch, start and warm-up left out.
 */
export function summariseProfiles(folder: string, cells: readonly Cell[]): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => {
      const own = cells.filter((cell) => cell.target === entry.name);
      const files = readdirSync(join(folder, entry.name)).filter((file) => file.endsWith('.cpuprofile'));
      const profiles = files.map((file) => readProfile(join(folder, entry.name, file)));
      return own.length === 0 ? '' : `\nCPU by step, us per request, ${entry.name}\n${align(toRows(profiles, own))}`;
    })
    .join('\n');
}

function readProfile(file: string): CpuProfile {
  return JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
}

function toRows(profiles: readonly CpuProfile[], cells: readonly Cell[]): string[][] {
  const titleOf = (cell: Cell) => `${cell.operation}${cell.column === 'known-callers' ? '' : `, ${cell.column}`}`;
  const columns = [...new Set(cells.map(titleOf))].map((title) => {
    const own = cells.filter((cell) => titleOf(cell) === title);
    const requests = own.reduce((sum, cell) => sum + cell.requests, 0);
    const micros = new Map<string, number>();
    for (const profile of profiles) addStretches(profile, own, micros);
    return { title, perRequest: (owner: string) => (micros.get(owner) ?? 0) / requests, owners: [...micros.keys()] };
  });
  const sum = (owner: string) => columns.reduce((total, { perRequest }) => total + perRequest(owner), 0);
  const owners = [...new Set(columns.flatMap((column) => column.owners))].sort((a, b) => sum(b) - sum(a));
  const row = (owner: string) => [owner, ...columns.map(({ perRequest }) => perRequest(owner).toFixed(1))];
  return [['', ...columns.map(({ title }) => title)], ...owners.slice(0, ROWS).map(row)];
}

/**
 * Adds a profile's busy time within the cells' stretches, in microseconds. A sample counts for the innermost frame that is a room of ours, so
 * that a library's time goes to the step that called it; without one (timers, sockets, the garbage collector), for the owner of its function.
 */
function addStretches(profile: CpuProfile, cells: readonly Cell[], micros: Map<string, number>): void {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(
    profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)),
  );
  const steps = new Map<number, string | undefined>();
  const innermostStep = (id: number | undefined): string | undefined => {
    if (id === undefined) return undefined;
    if (!steps.has(id)) {
      const own = ownerOf(nodes.get(id)!.callFrame);
      steps.set(id, /^(gateway|schema|subgraphs)\//.test(own) ? own : innermostStep(parents.get(id)));
    }
    return steps.get(id);
  };
  let atMicros = profile.startTime;
  profile.samples.forEach((id, index) => {
    const delta = profile.timeDeltas[index] ?? 0;
    atMicros += delta;
    if (!cells.some(({ stretchMicros: [from, to] }) => atMicros >= from && atMicros < to)) return;
    const owner = ownerOf(nodes.get(id)!.callFrame);
    if (owner === '(idle)') return;
    const step = innermostStep(id) ?? owner;
    micros.set(step, (micros.get(step) ?? 0) + delta);
  });
}

/** `gateway/request/fetch`, `npm undici`, `node net`, `(garbage collector)`. */
export function ownerOf(frame: { readonly functionName: string; readonly url: string }): string {
  if (frame.url === '') return frame.functionName.startsWith('(') ? frame.functionName : 'node native';
  if (frame.url.startsWith('node:')) return `node ${frame.url.slice(5).split('/').slice(0, 2).join('/')}`;
  const dependency = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(frame.url);
  if (dependency) return `npm ${dependency[1]}`;
  const room = /\/((?:gateway|schema|subgraphs|scripts)\/.*)\/[^/]+$/.exec(frame.url);
  return room ? room[1]! : 'other';
}
