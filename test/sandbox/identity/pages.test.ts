import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IdentityProvider } from '../../../sandbox/identity/createIdentityProvider.ts';
import { loadClientSecrets } from '../../../sandbox/identity/clientSecrets.ts';
import { loadIdentityKeys } from '../../../sandbox/identity/keys.ts';
import { walkPages } from '../../../sandbox/identity/walkFlow.ts';
import { startIdentityProvider } from './smallFrance.ts';

const REDIRECT_URI = 'http://127.0.0.1/callback';

let provider: IdentityProvider;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ provider, stop } = await startIdentityProvider());
});
afterAll(() => stop());

function authorizationUrl(parameters: Record<string, string>): URL {
  const url = new URL(`${provider.issuer}/authorize`);
  url.search = new URLSearchParams({
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid identite_pivot dgfip_rfr',
    acr_values: 'eidas1 eidas2 eidas3',
    state: 'some-state',
    nonce: 'n'.repeat(22),
    ...parameters,
  }).toString();
  return url;
}

/** The page that a browser shows first, and what it needs to post the form. */
async function openLogin(parameters: Record<string, string>) {
  const redirect = await fetch(authorizationUrl(parameters), { redirect: 'manual' });
  const cookie = redirect.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const address = new URL(redirect.headers.get('location')!, provider.origin);
  const response = await fetch(address, { headers: { cookie } });
  return { address, cookie, response, text: await response.text() };
}

describe('login page', () => {
  it('says that the people are invented, in French and English, and names the service', async () => {
    const { text } = await openLogin({ client_id: 'canteen' });
    expect(text).toContain('<html lang="fr">');
    expect(text).toMatch(/Bac à sable<\/strong> : personnes fictives/);
    expect(text).toMatch(/lang="en".*invented people, no real data/);
    expect(text).toContain('Service canteen');
    expect(text).not.toContain('<script');
  });

  it('offers only the levels that the request names', async () => {
    const { text } = await openLogin({ client_id: 'canteen', acr_values: 'eidas3 eidas2' });
    expect(text.match(/name="acr" value="[^"]+"/g)).toEqual(['name="acr" value="eidas2"', 'name="acr" value="eidas3"']);
  });

  it('shows the hinted persona first', async () => {
    const { text } = await openLogin({ client_id: 'canteen', login_hint: 'presumed-year' });
    expect(/name="persona" value="([^"]+)"/.exec(text)![1]).toBe('presumed-year');
  });

  it('escapes names', async () => {
    const { text } = await openLogin({ client_id: 'canteen' });
    expect(text).toContain('Zoë Šárka &quot;Nùñez&quot; D&#39;AŸ-L’ŒUVRE &lt;b&gt;');
    expect(text).not.toContain('<b>');
  });

  it('may load its stylesheet, send its form on to the client, and nothing else', async () => {
    const { response } = await openLogin({ client_id: 'canteen' });
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' http://127.0.0.1;");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('refuses a page without its cookie, and a form of megabytes', async () => {
    const { address, cookie } = await openLogin({ client_id: 'canteen' });
    const stolen = await fetch(address);
    expect(stolen.status).toBe(400);
    expect(await stolen.text()).toContain('invalid_request');
    const flood = await fetch(address, { method: 'POST', headers: { cookie }, body: 'x'.repeat(20_000) });
    expect(flood.status).toBe(413);
  });
});

describe('information page', () => {
  /** Goes past the login form and returns the page behind it. */
  async function openInformation(parameters: Record<string, string>) {
    const { address, cookie } = await openLogin(parameters);
    const cookies = new Map(cookie.split('; ').map((pair) => pair.split('=') as [string, string]));
    const header = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    let url = address;
    let body: URLSearchParams | undefined = new URLSearchParams({ persona: 'dupont-paul', acr: 'eidas1' });
    for (;;) {
      const response: Response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: header() },
        ...(body && { method: 'POST', body }),
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
        if (value) cookies.set(name!, value);
      }
      if (!response.headers.has('location')) return { url, cookie: header(), text: await response.text() };
      url = new URL(response.headers.get('location')!, url);
      body = undefined;
    }
  }

  it('lists in plain words what the service will receive and for what', async () => {
    const { text } = await openInformation({ client_id: 'canteen' });
    expect(text).toContain('Tarif de la cantine scolaire');
    expect(text).toContain('Revenu fiscal de référence');
    expect(text).toContain('Reference tax income');
    expect(text).not.toContain('type="checkbox"');
  });

  it('shows an unticked box where the legal basis is consent, and does not go on without it', async () => {
    const { url, cookie, text } = await openInformation({ client_id: 'creche' });
    expect(text).toContain('<input type="checkbox" name="agree" value="yes" />');
    const refused = await fetch(url, {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams({ accept: 'yes' }),
    });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Cochez la case');
  });

  it('is skipped by prompt=login, but not where consent is needed', async () => {
    const noticed = await walkPages(authorizationUrl({ client_id: 'canteen', prompt: 'login' }), REDIRECT_URI, {
      persona: 'dupont-paul',
      agrees: false,
    });
    expect(noticed.searchParams.get('code')).toEqual(expect.any(String));
    const asked = await walkPages(authorizationUrl({ client_id: 'creche', prompt: 'login' }), REDIRECT_URI, {
      persona: 'dupont-paul',
      agrees: false,
    });
    expect(asked.searchParams.get('error')).toBe('access_denied');
  });
});

describe('keys', () => {
  it('are made once, readable by their owner alone', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'td-keys-'));
    try {
      const first = await loadIdentityKeys(dataDir);
      expect(await loadIdentityKeys(dataDir)).toEqual(first);
      const { canteen } = await loadClientSecrets(dataDir, ['canteen']);
      expect(canteen!.length).toBeGreaterThanOrEqual(32);
      expect(await loadClientSecrets(dataDir, ['creche', 'canteen'])).toEqual({ canteen, creche: expect.any(String) });
      for (const file of ['clients.json', 'sandbox-signing.jwk', 'sandbox-pairwise.secret', 'sandbox-cookies.secret']) {
        expect((await stat(join(dataDir, 'keys', file))).mode & 0o777).toBe(0o600);
      }
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });
});
