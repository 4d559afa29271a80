import { z } from 'zod';
import type { JWK } from 'jose';
import type { Setting } from '../settings.ts';

/** The hub as a data provider of FranceConnect v2: what both have registered of each other. */
export interface FranceConnectConfig {
  /** Exact `iss` of its introspection answers. */
  readonly iss: string;
  /** Where tokens are introspected (`POST`, form). */
  readonly checktokenUri: string;
  /** Keys by which the answers are signed. */
  readonly jwksUri: string;
  /** The hub's identifier and secret as a data provider, at least 32 characters each. */
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signedResponseAlg: 'ES256' | 'RS256';
  readonly encryptedResponseAlg: 'ECDH-ES' | 'RSA-OAEP';
  /** Private key to which answers are encrypted. Without it and without a file one is made in HUB_DATA_DIR/keys. */
  readonly encryptionKey?: JWK | undefined;
  readonly encryptionKeyFile?: string | undefined;
}

const schema = z.strictObject({
  iss: z.string().min(1),
  checktokenUri: z.url({ protocol: /^https?$/ }),
  jwksUri: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(32),
  clientSecret: z.string().min(32),
  signedResponseAlg: z.enum(['ES256', 'RS256']).default('ES256'),
  encryptedResponseAlg: z.enum(['ECDH-ES', 'RSA-OAEP']).default('ECDH-ES'),
  encryptionKey: z.looseObject({ kty: z.enum(['EC', 'RSA']), d: z.string() }).optional(),
  encryptionKeyFile: z.string().min(1).optional(),
});

/** Errors name fields and never repeat a value: most of it is secret. */
export function franceConnect(
  name: string,
  options: { readonly why: string },
): Setting<FranceConnectConfig | undefined> {
  return {
    name,
    default: undefined,
    why: options.why,
    shape:
      'JSON of {iss, checktokenUri, jwksUri, clientId, clientSecret, signedResponseAlg, encryptedResponseAlg, encryptionKey or encryptionKeyFile}',
    secret: true,
    read(written) {
      const result = schema.safeParse(parseJson(written));
      if (!result.success) {
        const faults = result.error.issues.map(({ path, code }) => `"${path.join('.')}" ${code}`);
        throw new Error(faults.join('; '));
      }
      if (result.data.encryptionKey !== undefined && result.data.encryptionKeyFile !== undefined) {
        throw new Error('has both encryptionKey and encryptionKeyFile');
      }
      return result.data as FranceConnectConfig;
    },
  };
}

function parseJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    throw new Error('expected JSON');
  }
}
