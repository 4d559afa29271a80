import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EcJwk } from '../../subgraphs/kit/grantKeys.ts';
import { aSubject, createTestHub } from '../../subgraphs/kit/testing/testGrant.ts';

const root = join(import.meta.dirname, '../..');
const CREDENTIAL = 'an-operator-credential-of-the-tests-0123456789';

let dataDir: string;
let jwks: Server;
let hubKeys: readonly EcJwk[] = [];
let child: ChildProcess | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'subgraph-'));
  jwks = createServer((_request, response) => response.end(JSON.stringify({ keys: hubKeys })));
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  if (child?.exitCode === null) child.kill('SIGKILL');
  jwks.close();
  await rm(dataDir, { recursive: true });
});

function run(...args: string[]): { readonly output: () => string; readonly exited: Promise<unknown[]> } {
  const HUB_JWKS_URL = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/.well-known/jwks.json`;
  child = spawn(process.execPath, ['--import', 'ts-blank-space/register', 'scripts/subgraph.ts', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HUB_DATA_DIR: dataDir, HUB_JWKS_URL, HUB_OPERATOR_CREDENTIAL: CREDENTIAL },
  });
  let output = '';
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { output: () => output, exited: once(child, 'exit') };
}

async function readyLine({
  output,
  exited,
}: ReturnType<typeof run>): Promise<{ readonly agency: string; readonly url: string }> {
  const ended = exited.then(() => {
    throw new Error(`ended before it was ready: ${output()}`);
  });
  const line = new Promise<string>((resolve) => {
    child!.stdout!.on('data', () => {
      const found = /^ready (\{.*\})$/m.exec(output());
      if (found) resolve(found[1]!);
    });
  });
  return JSON.parse(await Promise.race([line, ended])) as { agency: string; url: string };
}

describe('npm run subgraph', () => {
  it('serves one agency alone to whoever has a grant of the hub whose keys it was told, and stops when told', async () => {
    const running = run('address', '--port', '0');
    const { agency, url } = await readyLine(running);
    expect(agency).toBe('address');

    const { keys } = JSON.parse(await readFile(join(dataDir, 'agencies/address/keys/agency.jwks.json'), 'utf8')) as {
      keys: EcJwk[];
    };
    const hub = createTestHub('address', keys[0]!, Date.now);
    hubKeys = [hub.publicKey];
    const post = (body: string, headers = {}) =>
      fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
    const query = 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Citizen { id } } }';
    const variables = { r: [{ __typename: 'Citizen', id: 'ref' }] };
    const granted = await post(await hub.seal({ query, variables, subjects: [aSubject({ reference: 'ref' })] }));
    expect([granted.status, await granted.json()]).toEqual([200, { data: { _entities: [null] } }]);
    expect((await post(JSON.stringify({ query, variables }))).status).toBe(401);
    const sdl = await post('{"query":"{ _service { sdl } }"}', { 'hub-operator': CREDENTIAL });
    expect(await sdl.text()).toContain('DeclaredAddress');

    child!.kill('SIGTERM');
    expect(await running.exited).toEqual([0, null]);
  }, 60_000);

  it.each([
    ['names the agencies there are', ['nobody'], 'no agency is called "nobody": there are address, civil-status'],
    ['asks for a name', [], 'name one agency'],
    ['refuses a port that is none', ['income', '--port', '99999'], '--port: expected a number from 0 to 65535'],
    ['refuses an option it does not know', ['income', '--verbose'], "Unknown option '--verbose'"],
  ])(
    '%s',
    async (_what, args, message) => {
      const running = run(...args);
      const [code] = await running.exited;
      expect(code).toBe(1);
      expect(running.output()).toContain(message);
    },
    60_000,
  );
});
