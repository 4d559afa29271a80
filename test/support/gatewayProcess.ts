import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { getPersona, getService, loadDirectory } from '../../sandbox/identity/directory.ts';
import type { Visit } from './runningHub.ts';
import type { TestIssuer } from './testIssuer.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY = 'ready ';

/** A gateway in a process of its own, without agencies: what the hub itself answers is all there is. */
export interface GatewayProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** As an operator would stop it; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface GatewayProcessOptions {
  readonly databaseUrl: string;
  /** Folder of keys; nodes of one hub share it. The first must be ready before the second starts. */
  readonly dataDir: string;
  readonly issuer: TestIssuer;
  /** HUB_* settings beside those of the test. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** `npm run gateway` with the sandbox's seeds; rejects when it ends before it is ready. */
export async function startGatewayProcess(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const { databaseUrl, dataDir, issuer, settings } = options;
  const child = spawn(process.execPath, ['--import', 'ts-blank-space/register', 'scripts/gateway.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      HUB_ENV: 'sandbox',
      HUB_DATABASE_URL: databaseUrl,
      HUB_DATA_DIR: dataDir,
      HUB_GATEWAY_PORT: '0',
      HUB_ISSUERS: JSON.stringify([issuer.settings]),
      HUB_LOG_LEVEL: 'silent',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the gateway ended before it was ready')));
    createInterface(child.stdout!).on('line', (line) => {
      if (line.startsWith(READY)) resolve((JSON.parse(line.slice(READY.length)) as { gateway: string }).gateway);
    });
  });
  return {
    url,
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** A token for that visit, as the sandbox's provider would give it. */
export async function tokenFor(issuer: TestIssuer, { persona, service, scopes, acr, claims }: Visit): Promise<string> {
  const directory = await loadDirectory();
  const { scopes: all, siret, purposes } = getService(directory, service);
  const who = getPersona(directory, persona);
  const { email: _email, ...pivot } = who.claims;
  const scope = `openid ${(scopes ?? all).join(' ')}`;
  const asked = { client_id: service, purpose: purposes[0], scope, acr: acr ?? who.acr };
  return issuer.sign({ sub: `${persona}-${siret}`, ...asked, ...pivot, ...claims });
}
