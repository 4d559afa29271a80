import { timingSafeEqual } from 'node:crypto';
import type { JWK } from 'jose';
import { loadClientSecrets } from './clientSecrets.ts';

/** FranceConnect's way of registering who may introspect its tokens. */
export interface DataProviderRegistration {
  /** At least 32 characters, as FranceConnect's are. */
  readonly clientId: string;
  /** Scopes that this provider owns: an answer names no other. */
  readonly scopes: readonly string[];
  /** Public encryption keys, or where they are published. */
  readonly jwks: { readonly keys: readonly JWK[] } | string;
  /** `checktoken_encrypted_response_alg` [ECDH-ES]; the content is encrypted with A256GCM in any case. */
  readonly encryptedResponseAlg?: 'ECDH-ES' | 'RSA-OAEP';
}

/** What the data provider configures on its side: as JSON, the hub's HUB_FRANCECONNECT. */
export interface RegisteredDataProvider {
  /** Of the answers. */
  readonly iss: string;
  readonly checktokenUri: string;
  /** Where the keys are that sign them. */
  readonly jwksUri: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signedResponseAlg: 'ES256';
  readonly encryptedResponseAlg: 'ECDH-ES' | 'RSA-OAEP';
}

export interface DataProviders {
  /** Makes the secret, or finds it in the data folder. Throws a TypeError for a short id or a private key. */
  register(registration: DataProviderRegistration): Promise<string>;
  /** The provider of that id and secret, or undefined. */
  authenticate(clientId: string, clientSecret: string): DataProviderRegistration | undefined;
}

const MIN_CLIENT_ID_LENGTH = 32;

export function createDataProviders(dataDir: string): DataProviders {
  const registered = new Map<string, { registration: DataProviderRegistration; secret: Buffer }>();
  return {
    async register(registration) {
      const { clientId, jwks } = registration;
      if (clientId.length < MIN_CLIENT_ID_LENGTH) {
        throw new TypeError(
          `data provider "${clientId}": expected an id of ${MIN_CLIENT_ID_LENGTH} characters or more`,
        );
      }
      if (typeof jwks === 'object' && jwks.keys.some((key) => 'd' in key)) {
        throw new TypeError(`data provider "${clientId}": expected public keys, got a private one`);
      }
      const secret = (await loadClientSecrets(dataDir, [clientId]))[clientId]!;
      registered.set(clientId, { registration, secret: Buffer.from(secret) });
      return secret;
    },
    authenticate(clientId, clientSecret) {
      const found = registered.get(clientId);
      const given = Buffer.from(clientSecret);
      if (found?.secret.length !== given.length || !timingSafeEqual(found.secret, given)) return undefined;
      return found.registration;
    },
  };
}
