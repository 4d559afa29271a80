import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { preparedData } from './preparedPglite.ts';
import { readAnswer, type HubAnswer, type Question } from './runningHub.ts';

const root = join(import.meta.dirname, '../..');

/** What `npm start` says when it answers. */
export interface ReadyLine {
  readonly gateway: string;
  readonly portal: string;
  /** The pages for administrations. */
  readonly agencyPortal: string;
  /** A town's forms. */
  readonly service: string;
  /** Issuer of the hub's tokens. */
  readonly session: string;
  readonly sandbox: string;
  readonly subgraphs: Readonly<Record<string, string>>;
}

/** `npm start` as a person starts it, in a process of its own, on free ports. */
export interface StartedSandbox {
  readonly process: ChildProcess;
  readonly ready: ReadyLine;
  /** Standard output so far. */
  readonly said: () => string;
  ask(question: Question | string, token: string): Promise<HubAnswer>;
  /** `npm run token`: the whole flow without a browser. */
  token(persona: string, service: string): Promise<string>;
  /** Sends the signal and waits for the end; resolves with the exit code and how long it took. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ readonly code: number | null; readonly tookMs: number }>;
}

export interface FailedStart {
  readonly code: number | null;
  /** Standard error. */
  readonly complained: string;
}

/** A folder that goes with its test. */
export function aDataDir(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'trait-dunion-start-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function environment(dataDir: string): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, ...inherited } = process.env;
  return { ...inherited, HUB_DATA_DIR: dataDir, HUB_GATEWAY_PORT: '0', HUB_SANDBOX_PORT: '0' };
}

/** Resolves when it is ready, or with what it complained about when it ended before. */
export async function startSandbox(dataDir: string): Promise<StartedSandbox | FailedStart> {
  const child = spawn(process.execPath, ['--import', 'ts-blank-space/register', join(root, 'scripts/start.ts')], {
    cwd: root,
    env: environment(dataDir),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complained = '';
  child.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()));
  const ready = await new Promise<ReadyLine | undefined>((resolve) => {
    child.once('exit', () => resolve(undefined));
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const line = /^ready (\{.*\})$/m.exec(said)?.[1];
      if (line !== undefined) resolve(JSON.parse(line) as ReadyLine);
    });
  });
  if (ready === undefined) return { code: child.exitCode, complained };
  return {
    process: child,
    ready,
    said: () => said,
    async ask(question, token) {
      const response = await fetch(ready.gateway, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(typeof question === 'string' ? { query: question } : question),
      });
      return readAnswer(response);
    },
    async token(persona, service) {
      const script = [
        '--import',
        'ts-blank-space/register',
        join(root, 'scripts/token.ts'),
        '--persona',
        persona,
        '--service',
        service,
      ];
      const { stdout } = await promisify(execFile)(process.execPath, script, { cwd: root, env: environment(dataDir) });
      return stdout.trim();
    },
    async end(signal) {
      const startedAtMs = performance.now();
      child.kill(signal);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return { code: child.exitCode, tookMs: performance.now() - startedAtMs };
    },
  };
}

/**
 * The same, where it must start. The embedded database of a folder that has none is there already [unless `fromNothing`]: initdb takes 4.5 s of a
 * core.
 */
export async function startedSandbox(dataDir: string, { fromNothing = false } = {}): Promise<StartedSandbox> {
  if (!fromNothing) await prepareDatabase(join(dataDir, 'postgres'));
  const started = await startSandbox(dataDir);
  if ('complained' in started) throw new Error(`npm start ended with ${started.code}: ${started.complained}`);
  return started;
}

async function prepareDatabase(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const data = await preparedData();
  mkdirSync(folder, { mode: 0o700 });
  await promisify(execFile)('tar', ['-xf', data, '-C', folder]);
}
