import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import type { Browser } from 'playwright-core';
import { sandboxClientSecret } from '../../gateway/session/sandboxClients.ts';
import { exchangeToken } from '../../sandbox/identity/exchangeToken.ts';
import { configureClient, walkFlow } from '../../sandbox/identity/walkFlow.ts';
import { startBrowser } from '../support/browser.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const QUESTION = '{ me { familyFile { quotient { value } declaredAddress { city } } } }';

interface Ready {
  readonly gateway: string;
  readonly session: string;
  readonly sandbox: string;
}

let dataDir: string;
let sandbox: ChildProcess;
let ready: Ready;
let secrets: Record<string, string>;

/** All that `npm start` runs, in a process of its own, with a folder of its own. */
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'td-journey-'));
  const env = {
    PATH: process.env['PATH'],
    HUB_DATA_DIR: dataDir,
    HUB_GATEWAY_PORT: '0',
    HUB_SANDBOX_PORT: '0',
  };
  sandbox = spawn(process.execPath, ['--import', 'ts-blank-space/register', 'scripts/start.ts'], { cwd: ROOT, env });
  ready = await new Promise<Ready>((resolve, reject) => {
    let [output, errors] = ['', ''];
    sandbox.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    sandbox.stdout!.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const line = /^ready (\{.*\})$/m.exec(output);
      if (line) resolve(JSON.parse(line[1]!) as Ready);
    });
    sandbox.once('close', () => reject(new Error(errors)));
  });
  secrets = JSON.parse(await readFile(join(dataDir, 'sandbox/keys/clients.json'), 'utf8')) as Record<string, string>;
}, 90_000);

afterAll(async () => {
  const ended = new Promise((resolve) => sandbox.once('close', resolve));
  sandbox.kill('SIGTERM');
  await ended;
  await rm(dataDir, { recursive: true });
});

/** FranceConnect's token for a service of the sandbox. */
async function franceConnectToken(service: string, persona: string, scope: string): Promise<string> {
  const { accessToken } = await walkFlow({
    issuer: `${ready.sandbox}/api/v2`,
    clientId: service,
    clientSecret: secrets[service]!,
    persona,
    scope,
  });
  return accessToken;
}

function exchange(service: string, purpose: string, token: string) {
  return exchangeToken({
    hubIssuer: ready.session,
    clientId: service,
    clientSecret: sandboxClientSecret(service),
    franceConnectToken: token,
    purpose,
  });
}

async function ask(token: string, headers: Record<string, string> = {}) {
  const answer = await fetch(ready.gateway, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify({ query: QUESTION }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const CANTEEN_ANSWER = {
  data: { me: { familyFile: { quotient: { value: 2550 }, declaredAddress: null } } },
  errors: [expect.objectContaining({ path: ['me', 'familyFile', 'declaredAddress'] })],
};

describe('from FranceConnect to an answer', () => {
  it('a service logs its citizen in, exchanges the token and asks', async () => {
    const opaque = await franceConnectToken('canteen', 'dupont-paul', 'identite_pivot cnaf_quotient_familial');
    const { accessToken, expiresInSeconds, scope } = await exchange('canteen', 'canteen-pricing', opaque);
    expect(expiresInSeconds).toBeLessThanOrEqual(300);
    expect(scope.split(' ')).toContain('cnaf_quotient_familial');
    const { status, body } = await ask(accessToken);
    expect(status).toBe(200);
    expect(body).toMatchObject(CANTEEN_ANSWER);
    expect(JSON.stringify(decodeJwt(accessToken))).not.toMatch(/DUPONT|1962-08-24/);
  });

  it('a service asks with FranceConnect’s own token, and says for what', async () => {
    const opaque = await franceConnectToken('canteen', 'dupont-paul', 'identite_pivot cnaf_quotient_familial');
    const { status, body } = await ask(opaque, { 'hub-purpose': 'canteen-pricing' });
    expect(status).toBe(200);
    expect(body).toMatchObject(CANTEEN_ANSWER);
  });

  it('nobody exchanges a token that was given to another service', async () => {
    const opaque = await franceConnectToken('creche', 'dupont-paul', 'identite_pivot cnaf_quotient_familial');
    await expect(exchange('canteen', 'canteen-pricing', opaque)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('nobody exchanges the token of a citizen who has logged out', async () => {
    const opaque = await franceConnectToken('canteen', 'dupont-paul', 'identite_pivot');
    await fetch(`${ready.sandbox}/api/v2/token/revocation`, {
      method: 'POST',
      body: new URLSearchParams({ token: opaque, client_id: 'canteen', client_secret: secrets['canteen']! }),
    });
    await expect(exchange('canteen', 'canteen-pricing', opaque)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('npm run token', () => {
  async function token(parameters: readonly string[]) {
    const child = spawn(process.execPath, ['--import', 'ts-blank-space/register', 'scripts/token.ts', ...parameters], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HUB_DATA_DIR: dataDir },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, stdout, stderr };
  }

  it('prints a hub token alone, for the service’s only purpose and all of its scopes', async () => {
    const { code, stdout, stderr } = await token(['--persona', 'dupont-paul', '--service', 'canteen']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(decodeJwt(stdout.trim())).toMatchObject({
      iss: ready.session,
      client_id: 'canteen',
      purpose: 'canteen-pricing',
      acr: 'eidas1',
    });
    expect((await ask(stdout.trim())).body).toMatchObject(CANTEEN_ANSWER);
  });

  it('takes scopes and level, and says which scopes FranceConnect left out', async () => {
    const { stdout, stderr } = await token([
      ...['--persona', 'dupont-angela', '--service', 'housing', '--purpose', 'housing-file'],
      ...['--scope', 'birth nonsense', '--acr', 'eidas3'],
    ]);
    // The pivot identity is in the introspection whatever was asked; the scopes are those that were.
    expect(decodeJwt(stdout.trim())).toMatchObject({ scope: 'birthcountry birthplace', acr: 'eidas3' });
    expect(stderr).toBe('scopes that nobody knows, left out: nonsense\n');
  });

  it('repeats the hub’s words when it refuses', async () => {
    const { code, stdout, stderr } = await token([
      ...['--persona', 'dupont-paul', '--service', 'canteen'],
      ...['--scope', 'adresse_declaree'],
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('no scope is in the token');
  });
});

describe('in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  it('a visitor goes from the explorer through the login page to an answer', async () => {
    const page = await browser.newPage({ locale: 'fr-FR' });
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    const editor = page.locator('.graphiql-query-editor .CodeMirror-line').first();
    await page.goto(ready.gateway);
    await editor.waitFor();
    await page.getByRole('button', { name: /Tarif de cantine/ }).click();
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByRole('button', { name: /^Continuer.*Paul Dupont/ }).click();
    await page.getByText('Ce qui sera demandé pour vous').waitFor();
    await page.getByRole('button', { name: /^Continuer/ }).click();
    await page.getByText(/Paul Louis DUPONT → canteen, eidas1\./).waitFor();
    await editor.waitFor();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.result-window').getByText('2550').waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  it('a visitor who logs out at FranceConnect comes back to the service without a question', async () => {
    const page = await browser.newPage();
    const configuration = await configureClient({
      issuer: `${ready.sandbox}/api/v2`,
      clientId: 'canteen',
      clientSecret: secrets['canteen']!,
    });
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const parameters = { redirect_uri: ready.gateway, scope: 'openid', acr_values: 'eidas1', state, nonce };
    await page.goto(client.buildAuthorizationUrl(configuration, parameters).href);
    await page.getByRole('button', { name: /^Continuer.*Paul Dupont/ }).click();
    const [called] = await Promise.all([
      page.waitForRequest((request) => request.url().startsWith(`${ready.gateway}?code=`)),
      page.getByRole('button', { name: /^Continuer/ }).click(),
    ]);
    const checks = { expectedState: state, expectedNonce: nonce };
    const tokens = await client.authorizationCodeGrant(configuration, new URL(called.url()), checks);
    const address = client.buildEndSessionUrl(configuration, {
      id_token_hint: tokens.id_token!,
      post_logout_redirect_uri: ready.gateway,
      state: 'bye',
    });
    const [back] = await Promise.all([
      page.waitForRequest((request) => request.url().startsWith(`${ready.gateway}?state=bye`)),
      page.goto(address.href),
    ]);
    expect(back.method()).toBe('GET');
    const userinfo = client.fetchUserInfo(configuration, tokens.access_token, tokens.claims()!.sub);
    await expect(userinfo).rejects.toMatchObject({ status: 401 });
    await page.close();
  });
});
