import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startGatewayProcess } from '../../test/support/gatewayProcess.ts';
import { startPostgres } from '../../test/support/postgres.ts';
import { startTestIssuer, type TestIssuer } from '../../test/support/testIssuer.ts';
import { type Crossing, type Line, type Wire, openWire } from './wire.ts';

/** The agencies that take declarations. */
export const AGENCIES = ['address', 'energy', 'family', 'income'] as const;
export type Agency = (typeof AGENCIES)[number];
export type Victim = 'hub' | 'database' | Agency;

/** A gateway, agencies and a PostgreSQL, each in processes of their own, with a wire before each. */
export interface World {
  readonly issuer: TestIssuer;
  readonly databaseUrl: string;
  /** The hub as citizens reach it, through the wire: `http://host:port/graphql`. */
  readonly hubUrl: string;
  isUp(victim: Victim): boolean;
  /** Those who ended though nobody killed them; each was started again. */
  readonly endedByThemselves: readonly Victim[];
  /** kill -9, or PostgreSQL's immediate shutdown; resolves when it is dead. */
  kill(victim: Victim, how: 'immediate' | 'kill'): Promise<void>;
  /** Resolves when it answers. */
  start(victim: Victim): Promise<void>;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
const SETTINGS = { HUB_DELIVERY_TIMEOUT_MS: '1000', HUB_DELIVERY_RETRY_SECONDS: '1' };

export async function openWorld(options: {
  readonly onCrossing: (crossing: Crossing) => Promise<void>;
  readonly isLost: () => boolean;
}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'faults-'));
  // By its commits' times, what was applied first is known to the microsecond.
  const postgres = await startPostgres({ settings: ['track_commit_timestamp=on'] });
  const issuer = await startTestIssuer(Date.now);
  const wires = new Map<Victim, Wire>();
  for (const to of ['hub', ...AGENCIES] as const) wires.set(to, await openWire({ ...options, to, lineOf }));
  const hubOrigin = wires.get('hub')!.origin;
  const running = new Map<Victim, ChildProcess>();
  const endedByThemselves: Victim[] = [];
  let isDatabaseUp = true;
  let closing = false;

  function admit(victim: Victim, child: ChildProcess, url: string): void {
    running.set(victim, child);
    wires.get(victim)!.leadTo(new URL(url).origin);
    child.once('exit', () => {
      if (running.get(victim) !== child) return;
      running.delete(victim);
      endedByThemselves.push(victim);
      void start(victim);
    });
  }

  async function startHub(): Promise<void> {
    const subgraphUrls = AGENCIES.map((agency) => `${agency}=${wires.get(agency)!.origin}/graphql`).join(',');
    const gateway = await startGatewayProcess({
      ...{ databaseUrl: postgres.url, dataDir, issuer },
      settings: { ...SETTINGS, HUB_SUBGRAPH_URLS: subgraphUrls },
    });
    admit('hub', gateway.child, gateway.url);
  }

  async function startAgency(agency: Agency): Promise<void> {
    const args = ['--import', 'ts-blank-space/register', 'scripts/subgraph.ts', agency, '--port', '0'];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        HUB_ENV: 'sandbox',
        HUB_DATA_DIR: dataDir,
        HUB_DATABASE_URL: postgres.url,
        HUB_JWKS_URL: `${hubOrigin}/.well-known/jwks.json`,
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.once('exit', () => reject(new Error(`${agency} ended before it was ready`)));
      createInterface(child.stdout).on('line', (line) => {
        const ready = /^ready (.*)$/.exec(line);
        if (ready) resolve((JSON.parse(ready[1]!) as { url: string }).url);
      });
    });
    admit(agency, child, url);
  }

  /** One that finds no database ends, and is started again, as a supervisor would. */
  async function start(victim: Victim): Promise<void> {
    if (victim === 'database') {
      await postgres.restart();
      isDatabaseUp = true;
      return;
    }
    for (let tries = 1; ; tries += 1) {
      try {
        await (victim === 'hub' ? startHub() : startAgency(victim));
        if (closing) running.get(victim)!.kill('SIGKILL');
        return;
      } catch (fault) {
        if (closing || tries === 10) throw fault;
      }
    }
  }

  const world: World = {
    issuer,
    databaseUrl: postgres.url,
    hubUrl: `${hubOrigin}/graphql`,
    endedByThemselves,
    isUp: (victim) => (victim === 'database' ? isDatabaseUp : running.has(victim)),
    async kill(victim, how) {
      if (victim === 'database') {
        isDatabaseUp = false;
        return postgres.crash(how);
      }
      const child = running.get(victim);
      if (child === undefined) return;
      running.delete(victim);
      wires.get(victim)!.leadTo(undefined);
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    start,
    async close() {
      closing = true;
      for (const victim of [...running.keys()]) await world.kill(victim, 'kill');
      for (const wire of wires.values()) wire.close();
      await issuer.close();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  try {
    // The first makes the keys that the others ask for.
    await start('hub');
    await Promise.all(AGENCIES.map(start));
  } catch (fault) {
    await world.close();
    throw fault;
  }
  return world;
}

function lineOf(path: string, body: string): Line | undefined {
  if (path === '/inbox') return 'inbox';
  if (path === '/deliveries/pull') return 'pull';
  if (path === '/deliveries/status') return 'status';
  return path === '/graphql' && body.includes('mutation') ? 'act' : undefined;
}
