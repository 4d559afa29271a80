import { errors, type CryptoKey, type JWTPayload } from 'jose';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { HubError } from '../../platform/errors.ts';
import type { Issuer, VerifiedToken } from './verifyToken.ts';

/** What identify needs of the hub's own tokens: all in memory, nothing is fetched. */
export interface HubTokens {
  /** `iss` and `aud` of the hub's tokens; undefined until the hub knows its address. */
  readonly addresses: () => { readonly issuer: string; readonly graph: string } | undefined;
  /** The public key of that name, while it verifies. */
  readonly findKey: (kid: string) => CryptoKey | undefined;
  /** Rejects for what the hub did not seal. */
  readonly openIdentity: (sealed: string) => Promise<PivotIdentity>;
  /** Whether the token's session was ended before its time; throws HubError HUB_LEDGER_UNAVAILABLE when that cannot be known. */
  readonly isRevoked: (sessionId: string) => boolean;
}

const known = new WeakMap<HubTokens, Issuer>();

/** The hub as one more issuer. */
export function hubIssuer(hubTokens: HubTokens): Issuer | undefined {
  const issuer = known.get(hubTokens);
  if (issuer !== undefined) return issuer;
  const addresses = hubTokens.addresses();
  if (addresses === undefined) return undefined;
  const made: Issuer = {
    iss: addresses.issuer,
    audience: addresses.graph,
    algorithms: ['ES256'],
    findKey: ({ kid }) => {
      const key = hubTokens.findKey(kid ?? '');
      return key === undefined ? Promise.reject(new errors.JWKSNoMatchingKey()) : Promise.resolve(key);
    },
  };
  known.set(hubTokens, made);
  return made;
}

/** Whether a service got it for itself, by its own credentials: such a token names no session and nobody. */
export function isServiceToken({ hub_office: office }: JWTPayload): boolean {
  return office === 'service';
}

/** What a citizen's hub token holds beside the claims of every access token. Throws HubError HUB_TOKEN_INVALID: the hub makes none without. */
export async function openHubToken(
  { hub_session: sessionId, hub_identity: sealed, purpose, jti }: JWTPayload,
  { openIdentity }: HubTokens,
): Promise<Required<Pick<VerifiedToken, 'sessionId' | 'pivot'>>> {
  if (typeof sessionId !== 'string' || typeof sealed !== 'string' || typeof purpose !== 'string' || !jti) {
    throw new HubError('HUB_TOKEN_INVALID', { detail: 'no hub token' });
  }
  try {
    return { sessionId, pivot: await openIdentity(sealed) };
  } catch {
    throw new HubError('HUB_TOKEN_INVALID', { detail: 'hub_identity' });
  }
}
