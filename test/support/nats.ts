import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './postgres.ts';

/** Where a broker is, for suites that run on either way of jobs: `npm run test:nats` starts one and names it. */
export const TEST_NATS_URL = process.env['TEST_NATS_URL'];

/** A real NATS server with JetStream on a free port of 127.0.0.1, with a folder of its own that goes when it stops. */
export interface TestNats {
  /** `nats://127.0.0.1:port`. */
  readonly url: string;
  /** SIGKILL, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** On the same port; `afresh` without anything that it had. */
  restart(options?: { readonly afresh: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/** `extra` are further lines of its configuration. Rejects when there is no nats-server (apt-get install nats-server), or when it does not start. */
export async function startNats(extra = ''): Promise<TestNats> {
  const folder = mkdtempSync(join(tmpdir(), 'trait-dunion-nats-'));
  const port = await freePort();
  const store = join(folder, 'jetstream');
  const config = join(folder, 'nats.conf');
  writeFileSync(config, `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${store}" }\n${extra}\n`);
  let server = await launch(config);

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  }

  return {
    url: `nats://127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    async restart({ afresh } = { afresh: false }) {
      if (afresh) rmSync(store, { recursive: true, force: true });
      server = await launch(config);
    },
    async stop() {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when it takes connections. */
function launch(config: string): Promise<ChildProcess> {
  // Debian puts it where only root's PATH looks.
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/bin` };
  const server = spawn('nats-server', ['-c', config], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`nats-server did not start: ${said}`)));
    server.stderr.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-4_000);
      if (said.includes('Server is ready')) resolve(server);
    });
  });
}
