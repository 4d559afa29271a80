import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The gateway has this core for itself; static agencies, load and database share the other. */
export const GATEWAY_CORE = 0;
export const LOAD_CORE = 1;

/** Whether processes can be pinned here: Linux's `taskset`, and two cores. */
export const canPin = cpus().length >= 2 && spawnSync('taskset', ['-V']).status === 0;

export interface StartOptions {
  readonly core: number;
  readonly cwd?: string;
  /** Added to an environment that holds PATH and HOME and nothing else of ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard output and error go here; dropped when undefined. */
  readonly logFile?: string;
  readonly ipc?: boolean;
}

/** Starts a command on its core. */
export function startPinned(command: string, args: readonly string[], options: StartOptions): ChildProcess {
  const [file, ...rest] = canPin ? ['taskset', '-c', String(options.core), command, ...args] : [command, ...args];
  const output = options.logFile ? openLog(options.logFile) : 'ignore';
  return spawn(file!, rest, {
    ...(options.cwd ? { cwd: options.cwd } : {}),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', ...options.env },
    stdio: ['ignore', output, output, ...(options.ipc ? (['ipc'] as const) : [])],
  });
}

/** Starts a file of ours as a Node process: TypeScript with its types blanked, as the product runs; `.mjs` plainly, as peers do. */
export function startNode(
  file: URL,
  args: readonly string[],
  options: StartOptions & { readonly nodeOptions?: readonly string[] },
): ChildProcess {
  const loader = file.pathname.endsWith('.ts') ? ['--import', import.meta.resolve('ts-blank-space/register')] : [];
  const nodeArgs = [...(options.nodeOptions ?? []), ...loader, fileURLToPath(file), ...args];
  return startPinned(process.execPath, nodeArgs, options);
}

/**
 * Node options of a gateway. Room for new objects as `npm run gateway` gives it, and the same for every gateway started here: what a request leaves is then mostly dead
 * when it is looked at (3 to 5 % of the hub's CPU, measured; more on a busy machine). With a folder also those that write a V8 CPU profile into one of its own.
 */
export function gatewayOptions(profileFolder: string | undefined, target: string): readonly string[] {
  const profile = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${join(profileFolder, target)}`] : [];
  return ['--max-semi-space-size=64', ...profile];
}

/** Ends a process we started and waits for it: politely, then for good after three seconds. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(timer);
}

/** Pins this process, and with it what it starts from now on without a core of its own (the database), to the load's core. */
export function pinSelfToLoadCore(): void {
  if (canPin) spawnSync('taskset', ['-a', '-cp', String(LOAD_CORE), String(process.pid)]);
}

export interface ProcessUse {
  /** User and system time so far, children included, in microseconds. */
  readonly cpuMicros: number;
  /** Largest resident memory so far, summed over the process and its children, in bytes. */
  readonly maxRssBytes: number;
  /** Resident memory now, summed over the process and its children, in bytes. */
  readonly rssBytes: number;
}

/** What a process and its descendants have used, from /proc; undefined where there is none (other systems than Linux). */
export function readUse(pid: number): ProcessUse | undefined {
  try {
    let cpuMicros = 0;
    let maxRssBytes = 0;
    let rssBytes = 0;
    for (const member of familyOf(pid)) {
      const fields = statFields(member);
      if (!fields) continue;
      // Fields 14 and 15 of proc(5), counted from the state (field 3); a tick is 10 ms on every Linux that Node runs on.
      cpuMicros += (Number(fields[11]) + Number(fields[12])) * 10_000;
      const status = readFileSync(`/proc/${member}/status`, 'utf8');
      const bytes = (line: string) => Number(new RegExp(`${line}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024;
      maxRssBytes += bytes('VmHWM');
      rssBytes += bytes('VmRSS');
    }
    return { cpuMicros, maxRssBytes, rssBytes };
  } catch {
    return undefined;
  }
}

function familyOf(root: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statFields(Number(name));
    if (fields) parents.set(Number(name), Number(fields[1]));
  }
  const family = new Set([root]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, parent] of parents) {
      if (family.has(parent) && !family.has(pid)) grown = Boolean(family.add(pid));
    }
  }
  return [...family];
}

/** Fields of /proc/PID/stat from the state on: the name before it may hold blanks. */
function statFields(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, 'w');
}
