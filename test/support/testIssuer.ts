import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import type { Issuer } from '../../gateway/platform/config.ts';

/** An identity provider that signs whatever a test wants, at once: no pages, no flow. Its claims are those of the sandbox's provider. */
export interface TestIssuer {
  readonly settings: Issuer;
  readonly privateKey: KeyObject;
  /** Public half, as its JWKS shows it. */
  readonly publicKey: KeyObject;
  readonly kid: string;
  /** How often its keys were read. */
  readonly keyReads: () => number;
  sign(claims: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

export const HUB_AUDIENCE = 'https://hub.trait-dunion.example';
const TTL_SECONDS = 600;

export async function startTestIssuer(clock: () => number): Promise<TestIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = 'test-key';
  const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }] });
  let keyReads = 0;
  const server = createServer((_request, response) => {
    keyReads += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end(jwks);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const iss = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    settings: { iss, jwksUri: `${iss}/jwks`, audience: HUB_AUDIENCE, algorithms: ['ES256'] },
    privateKey,
    publicKey,
    kid,
    keyReads: () => keyReads,
    sign(claims, header = {}) {
      const iat = Math.floor(clock() / 1000);
      const standard = { iss, aud: HUB_AUDIENCE, iat, exp: iat + TTL_SECONDS };
      // A claim given as undefined is one left out.
      const payload = JSON.parse(JSON.stringify({ ...standard, ...claims })) as Record<string, unknown>;
      return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header }).sign(privateKey);
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
