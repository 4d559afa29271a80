import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startIdentityProvider } from './smallFrance.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;

let dataDir: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'td-token-'));
  const started = await startIdentityProvider({ dataDir: join(dataDir, 'sandbox') });
  stop = started.stop;
  // Nothing here goes so far as the hub.
  const ready = { sandbox: started.provider.origin, session: 'http://127.0.0.1:9/session' };
  await writeFile(join(dataDir, 'ready.json'), JSON.stringify(ready));
});
afterAll(async () => {
  await stop();
  await rm(dataDir, { recursive: true });
});

/** Runs the script as `npm run token` does. */
async function token(parameters: readonly string[], folder = dataDir) {
  const child = spawn(process.execPath, ['--import', 'ts-blank-space/register', 'scripts/token.ts', ...parameters], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HUB_DATA_DIR: folder },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

describe('npm run token that gets nowhere', () => {
  it.each([
    [
      'an unknown persona',
      ['--persona', 'nobody', '--service', 'canteen'],
      '--persona: there is no "nobody"; there are:\n  dupont-paul\n',
    ],
    [
      'an unknown service',
      ['--persona', 'dupont-paul', '--service', 'bank'],
      '--service: there is no "bank"; there are:\n  canteen\n',
    ],
    [
      'a purpose to be named',
      ['--persona', 'dupont-paul', '--service', 'housing'],
      '--purpose is missing; there are:\n  housing-file\n',
    ],
    [
      'an unknown level',
      ['--persona', 'dupont-paul', '--service', 'canteen', '--acr', '3'],
      '--acr: one of eidas1, eidas2, eidas3, got "3"',
    ],
    ['an unknown option', ['--person', 'dupont-paul'], "Unknown option '--person'"],
  ])('explains %s, and prints no token', async (_case, parameters, words) => {
    const { code, stdout, stderr } = await token(parameters);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(words);
  });

  it('says how to start a sandbox when none runs', async () => {
    const { code, stderr } = await token(
      ['--persona', 'dupont-paul', '--service', 'canteen'],
      join(dataDir, 'nowhere'),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/no running sandbox: .*ready\.json cannot be read\. Start one with: npm start/);
  });
});
