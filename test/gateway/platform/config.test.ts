import { describe, expect, test } from '@jest/globals';
import { SETTINGS, loadConfig } from '../../../gateway/platform/config.ts';

describe('settings', () => {
  test('have safe defaults: production, this machine alone, no operator, no issuer', () => {
    expect(loadConfig({})).toMatchObject({
      env: 'production',
      gatewayHost: '127.0.0.1',
      gatewayPort: 4000,
      operatorCredential: undefined,
      issuers: [],
      engine: 'compiled',
    });
  });

  test('take an empty variable for an absent one', () => {
    expect(loadConfig({ HUB_GATEWAY_PORT: '', HUB_DATABASE_URL: '' })).toEqual(loadConfig({}));
  });

  test('leave variables of other programs alone', () => {
    expect(loadConfig({ PATH: '/bin', HUBBLE: 'x' })).toEqual(loadConfig({}));
  });

  test('name every fault in one message, with expected and got', () => {
    const load = () =>
      loadConfig({ HUB_BODY_LIMIT_BYTES: '10', HUB_ENV: 'prod', HUB_BODY_LIMIT: '5', HUB_GATEWAY_PORT: '4e3' });
    expect(load).toThrow(TypeError);
    expect(load).toThrow('HUB_BODY_LIMIT_BYTES: expected integer from 1000 to 10000000, got "10"');
    expect(load).toThrow('HUB_ENV: expected one of production, sandbox, test, development, got "prod"');
    expect(load).toThrow('HUB_BODY_LIMIT: no such setting');
    expect(load).toThrow('HUB_GATEWAY_PORT: expected integer from 0 to 65535, got "4e3"');
  });

  test('take the SIRET of whoever runs the hub, and nothing that is none', () => {
    expect(loadConfig({ HUB_SIRET: '21690123100011' }).siret).toBe('21690123100011');
    expect(() => loadConfig({ HUB_SIRET: '216 901 231 00011' })).toThrow('HUB_SIRET: expected fourteen digits');
  });

  test('never repeat a secret in an error', () => {
    expect(() => loadConfig({ HUB_OPERATOR_CREDENTIAL: 'hunter2' })).toThrow(
      /^settings refused:\n {2}HUB_OPERATOR_CREDENTIAL: expected text of at least 32 characters, got 7$/,
    );
  });

  test('read where the broker is and as whom the hub comes to it, and refuse what contradicts itself', () => {
    const load = (url: string, more: object = {}) => loadConfig({ HUB_NATS_URL: url, ...more });
    expect(load('nats://hub:p%40ss@127.0.0.1,nats://127.0.0.2:5222').natsUrl).toEqual({
      servers: ['127.0.0.1:4222', '127.0.0.2:5222'],
      isEncrypted: false,
      login: { user: 'hub', password: 'p@ss' },
    });
    expect(load('tls://secret@nats.example').natsUrl).toMatchObject({ isEncrypted: true, login: { token: 'secret' } });
    for (const wrong of ['http://x', 'nats://', 'nats://x/path', 'tls://a,nats://b', 'nats://a,nats://u:hunter2@b'])
      expect(() => load(wrong)).toThrow(/^settings refused:\n {2}HUB_NATS_URL: (?!.*hunter2)/);
    expect(() => load('nats://nats.example')).toThrow('in production a broker on another machine must be tls://');
    expect(load('nats://nats.example', { HUB_ENV: 'test' }).natsUrl).toBeDefined();
    const file = { HUB_NATS_CREDENTIALS: 'hub.creds' };
    expect(() => load('tls://u:p@nats.example', file)).toThrow('HUB_NATS_URL says who the hub is');
    expect(() => loadConfig(file)).toThrow('is of no use without HUB_NATS_URL');
    expect(() => loadConfig({ HUB_NATS_STREAM: 'a.b' })).toThrow('HUB_NATS_STREAM: expected 1 to 40 letters');
  });

  test('read agencies by id', () => {
    const { subgraphUrls } = loadConfig({
      HUB_SUBGRAPH_URLS: 'family=http://127.0.0.1:1/graphql, income=https://x.example/graphql',
    });
    expect([...subgraphUrls]).toEqual([
      ['family', 'http://127.0.0.1:1/graphql'],
      ['income', 'https://x.example/graphql'],
    ]);
  });

  test.each([
    ['family', 'expected id=url, got "family"'],
    ['family=ftp://x', 'expected an http or https URL, got "ftp://x"'],
    ['a=http://x,a=http://y', 'names an agency twice'],
  ])('refuse agencies written as %j', (written, fault) => {
    expect(() => loadConfig({ HUB_SUBGRAPH_URLS: written })).toThrow(fault);
  });

  const issuer = {
    iss: 'https://id.example',
    jwksUri: 'https://id.example/jwks',
    audience: 'https://hub.example',
    algorithms: ['ES256'],
  };

  test('read issuers as JSON', () => {
    expect(loadConfig({ HUB_ISSUERS: JSON.stringify([issuer]) }).issuers).toEqual([issuer]);
  });

  test.each([
    ['not JSON', '{', 'expected JSON'],
    ['a symmetric algorithm', JSON.stringify([{ ...issuer, algorithms: ['HS256'] }]), '"0.algorithms.0"'],
    ['no algorithm', JSON.stringify([{ ...issuer, algorithms: [] }]), '"0.algorithms"'],
    ['no audience', JSON.stringify([{ ...issuer, audience: '' }]), '"0.audience"'],
    ['an unknown member', JSON.stringify([{ ...issuer, aud: 'x' }]), 'HUB_ISSUERS'],
    ['one iss twice', JSON.stringify([issuer, issuer]), 'names an iss twice'],
    [
      'keys over plain HTTP in production',
      JSON.stringify([{ ...issuer, jwksUri: 'http://id.example/jwks' }]),
      'must be https',
    ],
  ])('refuse issuers with %s', (_, written, fault) => {
    expect(() => loadConfig({ HUB_ISSUERS: written })).toThrow(fault);
  });

  test('allow keys over plain HTTP in the sandbox', () => {
    const written = JSON.stringify([{ ...issuer, jwksUri: 'http://127.0.0.1:4010/jwks' }]);
    expect(loadConfig({ HUB_ENV: 'sandbox', HUB_ISSUERS: written }).issuers).toHaveLength(1);
  });

  test('cannot be changed after they were read', () => {
    const config = loadConfig({}) as { gatewayPort: number };
    expect(() => (config.gatewayPort = 1)).toThrow(TypeError);
  });

  test('each say why they exist, once, in the grammar of their names', () => {
    const all = Object.values(SETTINGS);
    expect(new Set(all.map((setting) => setting.name)).size).toBe(all.length);
    for (const setting of all) {
      expect(setting.name).toMatch(/^HUB_[A-Z_]+$/);
      expect(setting.why).toMatch(/\.$|\.`$/);
    }
  });
});

describe('HUB_FRANCECONNECT and HUB_PUBLIC_URL', () => {
  const provider = {
    iss: 'https://fc.example/api/v2',
    checktokenUri: 'https://fc.example/api/v2/checktoken',
    jwksUri: 'https://fc.example/api/v2/jwks',
    clientId: 'i'.repeat(32),
    clientSecret: 's'.repeat(32),
  };
  const load = (change: object, env: Record<string, string> = {}) =>
    loadConfig({
      HUB_FRANCECONNECT: JSON.stringify({ ...provider, ...change }),
      HUB_PUBLIC_URL: 'https://hub.example',
      ...env,
    });

  test('take FranceConnect as it registers a data provider', () => {
    expect(load({}).franceConnect).toEqual({
      ...provider,
      signedResponseAlg: 'ES256',
      encryptedResponseAlg: 'ECDH-ES',
    });
    expect(load({}).publicUrl).toBe('https://hub.example');
  });

  test('name the field at fault and repeat no value', () => {
    const faults = () => load({ clientSecret: 'hunter2', signedResponseAlg: 'HS256', other: 1 });
    expect(faults).toThrow(/"clientSecret" too_small; "signedResponseAlg" invalid_value; "" unrecognized_keys/);
    expect(faults).not.toThrow(/hunter2/);
    expect(() => loadConfig({ HUB_FRANCECONNECT: 'hunter2' })).toThrow('HUB_FRANCECONNECT: expected JSON');
    expect(() => load({ encryptionKey: { kty: 'EC', d: 'x' }, encryptionKeyFile: 'key.json' })).toThrow('has both');
  });

  test('want https in production, of FranceConnect and of the hub', () => {
    const jwksUri = 'http://fc.example/jwks';
    expect(() => load({ jwksUri })).toThrow('in production checktokenUri and jwksUri must be https');
    expect(() => load({}, { HUB_PUBLIC_URL: '' })).toThrow('needs a public https address');
    expect(load({ jwksUri }, { HUB_ENV: 'sandbox', HUB_PUBLIC_URL: '' }).franceConnect?.jwksUri).toBe(jwksUri);
  });

  test.each(['https://hub.example/path', 'https://user@hub.example', 'ftp://hub.example', 'hub.example'])(
    'take an origin for a public address, not "%s"',
    (written) => {
      expect(() => loadConfig({ HUB_PUBLIC_URL: written })).toThrow(/HUB_PUBLIC_URL: expected an http or https/);
    },
  );
});
