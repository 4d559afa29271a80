import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
}

/** Rows printed per target: what is below them is under half a percent each. */
const ROWS = 24;

/** CPU by step of every target that wrote a profile into a folder of its own under `folder`. */
export function summariseProfiles(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => {
      const files = readdirSync(join(folder, entry.name)).filter((file) => file.endsWith('.cpuprofile'));
      const profiles = files.map(
        (file) => JSON.parse(readFileSync(join(folder, entry.name, file), 'utf8')) as CpuProfile,
      );
      return `\nCPU by step, ${entry.name}\n${align(toRows(profiles))}`;
    })
    .join('\n');
}

function toRows(profiles: readonly CpuProfile[]): string[][] {
  const self = new Map<string, number>();
  const through = new Map<string, number>();
  let total = 0;
  for (const profile of profiles) total += addProfile(profile, self, through);
  const rows = [...new Set([...self.keys(), ...through.keys()])]
    .map((owner) => ({ owner, self: self.get(owner) ?? 0, through: through.get(owner) ?? 0 }))
    .sort((a, b) => b.through - a.through)
    .slice(0, ROWS);
  const percent = (micros: number) => `${((micros / total) * 100).toFixed(1)} %`;
  return [
    ['owner', 'self', 'innermost of ours, with what it calls'],
    ...rows.map((row) => [row.owner, percent(row.self), percent(row.through)]),
  ];
}

/**
 * Adds a profile's busy time, in microseconds, and returns it. `self` goes to the owner of the running function; `through` to the
 * innermost frame that is a room of ours, so that a library's time counts for the step that called it; without one, to the owner.
 */
function addProfile(profile: CpuProfile, self: Map<string, number>, through: Map<string, number>): number {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(
    profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)),
  );
  const stepOf = new Map<number, string | undefined>();
  const innermostStep = (id: number | undefined): string | undefined => {
    if (id === undefined) return undefined;
    if (!stepOf.has(id)) {
      const own = ownerOf(nodes.get(id)!.callFrame);
      stepOf.set(id, /^(gateway|schema|subgraphs)\//.test(own) ? own : innermostStep(parents.get(id)));
    }
    return stepOf.get(id);
  };
  let total = 0;
  profile.samples.forEach((id, index) => {
    const owner = ownerOf(nodes.get(id)!.callFrame);
    if (owner === '(idle)') return;
    const micros = profile.timeDeltas[index] ?? 0;
    total += micros;
    self.set(owner, (self.get(owner) ?? 0) + micros);
    const step = innermostStep(id) ?? owner;
    through.set(step, (through.get(step) ?? 0) + micros);
  });
  return total;
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
