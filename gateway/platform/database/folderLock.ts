import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A folder is in use by another process, or we cannot know that it is not. The message says which, and what to do. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Start of the process in clock ticks since boot, where the system tells (Linux): a number that was given to another process is not its holder. */
  readonly startTicks: string | null;
  readonly released: boolean;
}

const LOCK_NAME = /^database\.lock\.(\d+)$/;
/** Folders held by this very process: its own number in a lock file proves nothing otherwise. */
const heldHere = new Set<string>();

/**
 * Takes the folder for this process, or throws FolderInUse with the number of the process that has it. Returns what gives it back.
 *
 * Node has no file lock that ends with its process, and "read a dead process's file, delete it, write one's own" lets two starters
 * delete each other's. So locks are numbered and never written over: whoever finds holder n gone tries to create n + 1, which the file
 * system grants to one alone (link(2) fails when the name exists). Numbers only grow; the highest one counts.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  if (heldHere.has(folder)) throw new FolderInUse(`${folder} is already open in this process`);
  for (;;) {
    const latest = highest(folder);
    if (latest > 0) refuseLiving(folder, latest);
    const mine = latest + 1;
    if (!create(folder, mine)) continue;
    // Somebody who read the folder before us may have gone further while we waited: then ours is an old number.
    if (highest(folder) > mine) {
      rmSync(lockPath(folder, mine), { force: true });
      continue;
    }
    for (let old = latest; old > 0 && old > latest - 3; old -= 1) rmSync(lockPath(folder, old), { force: true });
    heldHere.add(folder);
    return () => {
      if (!heldHere.delete(folder)) return;
      write(lockPath(folder, mine), { ...self(), released: true }, renameSync);
    };
  }
}

function highest(folder: string): number {
  return Math.max(0, ...readdirSync(folder).map((name) => Number(LOCK_NAME.exec(name)?.[1] ?? 0)));
}

function refuseLiving(folder: string, number: number): void {
  const path = lockPath(folder, number);
  const holder = readHolder(path);
  if (holder === undefined || holder.released) return;
  if (holder.host !== hostname()) {
    throw new FolderInUse(
      `${folder} was left locked by process ${holder.pid} of the machine "${holder.host}", which cannot be asked from here. ` +
        `If it is gone, delete ${path} and start again.`,
    );
  }
  if (isAlive(holder)) {
    throw new FolderInUse(
      `${folder} is in use by process ${holder.pid}: two processes on one embedded database lose each other's writes. ` +
        'Stop that process, choose another HUB_DATA_DIR, or set HUB_DATABASE_URL.',
    );
  }
}

/** Undefined when the file went away meanwhile: its successor will be found in the next round. */
function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new FolderInUse(`${path} is not readable; if no hub runs on this folder, delete it`, { cause: error });
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const startTicks = readStartTicks(holder.pid);
  return holder.startTicks === null || startTicks === null || holder.startTicks === startTicks;
}

function create(folder: string, number: number): boolean {
  try {
    write(lockPath(folder, number), { ...self(), released: false }, linkSync);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The whole content appears at once under its name, or not at all. */
function write(path: string, holder: Holder, publish: (from: string, to: string) => void): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, JSON.stringify(holder));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    publish(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

function self(): Omit<Holder, 'released'> {
  return { pid: process.pid, host: hostname(), startTicks: readStartTicks(process.pid) };
}

/** proc(5): field 22 of /proc/PID/stat; the second field may hold spaces and ends with the last parenthesis. */
function readStartTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function lockPath(folder: string, number: number): string {
  return join(folder, `database.lock.${number}`);
}
