import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompactEncrypt, exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { FranceConnectConfig } from '../../../gateway/platform/franceConnect/franceConnectSetting.ts';

const ISS = 'https://franceconnect.test/api/v2';
const CLIENT_ID = 'hub-as-data-provider-0123456789abcdef';
const CLIENT_SECRET = 'hub-secret-at-franceconnect-0123456789';

/** An invented citizen, as FranceConnect introspects them. */
export const ZOE = {
  gender: 'female',
  family_name: 'MARTINEAU',
  given_name: 'Zoé Anne',
  given_name_array: ['Zoé', 'Anne'],
  birthdate: '1985-02-03',
  birthplace: '75107',
  birthcountry: '99100',
};

/** What the stand-in does wrong, in the answer to the next questions. */
export interface Misbehaviour {
  readonly status?: number;
  readonly delayMs?: number;
  readonly hangUp?: boolean;
  readonly contentType?: string;
  readonly body?: string;
  /** Of the outer claims, the introspection, the JWS header, the JWE header. */
  readonly outer?: Record<string, unknown>;
  readonly inner?: Record<string, unknown>;
  readonly jwsHeader?: Record<string, unknown>;
  readonly jweHeader?: Record<string, unknown>;
  readonly signWith?: CryptoKey;
  readonly encryptTo?: JWK;
}

export interface StandIn {
  readonly config: FranceConnectConfig;
  /** A token of that service provider's, alive for 60 s. */
  issue(clientId: string, claims?: Record<string, unknown>): string;
  /** Questions put so far. */
  questions(): readonly URLSearchParams[];
  misbehave(how: Misbehaviour | undefined): void;
  close(): Promise<void>;
}

/** A small FranceConnect: `checktoken` and its key set on a real port. */
export async function openStandIn(): Promise<StandIn> {
  const signing = await generateKeyPair('ES256', { extractable: true });
  const encryption = await generateKeyPair('ECDH-ES', { extractable: true, crv: 'P-256' });
  const publicEncryption = await exportJWK(encryption.publicKey);
  const jwks = { keys: [{ ...(await exportJWK(signing.publicKey)), kid: 'fc-1', alg: 'ES256', use: 'sig' }] };
  const tokens = new Map<string, Record<string, unknown>>();
  const questions: URLSearchParams[] = [];
  let wrong: Misbehaviour = {};

  async function answer(form: URLSearchParams): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const facts = tokens.get(form.get('token') ?? '');
    const alive = facts !== undefined && (facts['exp'] as number) > now;
    const token_introspection = alive ? { active: true, ...facts, ...wrong.inner } : { active: false };
    const signed = await new SignJWT({ iss: ISS, aud: CLIENT_ID, iat: now, token_introspection, ...wrong.outer })
      .setProtectedHeader({ alg: 'ES256', kid: 'fc-1', ...wrong.jwsHeader })
      .sign(wrong.signWith ?? signing.privateKey);
    const to = await importJWK(wrong.encryptTo ?? publicEncryption, 'ECDH-ES');
    return new CompactEncrypt(new TextEncoder().encode(signed))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', ...wrong.jweHeader })
      .encrypt(to);
  }

  const server = createServer((request, response) => {
    void (async () => {
      if (request.url === '/jwks') {
        response.setHeader('content-type', 'application/json');
        return response.end(JSON.stringify(jwks));
      }
      let text = '';
      for await (const chunk of request) text += String(chunk);
      const form = new URLSearchParams(text);
      questions.push(form);
      if (wrong.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, wrong.delayMs));
      if (wrong.hangUp) return response.destroy();
      const isKnown = form.get('client_id') === CLIENT_ID && form.get('client_secret') === CLIENT_SECRET;
      response.statusCode = wrong.status ?? (isKnown ? 200 : 401);
      response.setHeader('content-type', wrong.contentType ?? 'application/token-introspection+jwt');
      return response.end(wrong.body ?? (await answer(form)));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    config: {
      iss: ISS,
      checktokenUri: `${origin}/checktoken`,
      jwksUri: `${origin}/jwks`,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      signedResponseAlg: 'ES256',
      encryptedResponseAlg: 'ECDH-ES',
      encryptionKey: await exportJWK(encryption.privateKey),
    },
    issue(clientId, claims = {}) {
      const token = randomBytes(32).toString('base64url');
      const now = Math.floor(Date.now() / 1000);
      tokens.set(token, {
        aud: clientId,
        sub: 'pairwise-at-franceconnect-v1',
        iat: now,
        exp: now + 60,
        acr: 'eidas1',
        jti: randomBytes(16).toString('base64url'),
        scope: 'openid identite_pivot cnaf_quotient_familial cnaf_adresse',
        ...ZOE,
        ...claims,
      });
      return token;
    },
    questions: () => questions,
    misbehave: (how) => void (wrong = how ?? {}),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
