import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import { ACCESS_TOKEN_SECONDS, hashOf } from './citizenSession.ts';
import { findClient } from './clientStore.ts';
import { EXCHANGE_GRANT } from './exchangeGrant.ts';
import type { ClientId } from '../platform/ids.ts';
import type { SessionParts } from './parts.ts';
import { SERVICE_GRANT } from './serviceGrant.ts';
import type { EndSession } from './sessionEnds.ts';
import { findRefreshToken } from './sessionStore.ts';

type StorageParts = Pick<SessionParts, 'db' | 'habilitations' | 'once' | 'clock' | 'tokenKeys'>;

/**
 * What oidc-provider asks its storage, answered from the hub's own tables: which clients there are, whether an assertion was seen, and whose a token is
 * that is to be revoked. Its grants and tokens are not kept in its own format: the hub's grants write them (exchangeGrant.ts, refreshGrant.ts).
 */
export function createLibraryStorage(parts: StorageParts, endSession: EndSession): (model: string) => Adapter {
  return (model) => {
    switch (model) {
      case 'Client':
        return { ...NOTHING, find: (clientId) => readClient(parts, clientId) };
      case 'ReplayDetection':
        return { ...NOTHING, upsert: (id, _payload, expiresIn) => useAssertion(parts, id, expiresIn) };
      case 'RefreshToken':
        return { ...NOTHING, find: (token) => readRefreshToken(parts, token) };
      case 'AccessToken':
        return {
          ...NOTHING,
          find: (handle) => readAccessToken(parts, handle),
          // Of all models this one is always told; the session's id is the library's grantId.
          revokeByGrantId: (id) => endSession({ id, endsAtMs: latestEnd(parts) }),
        };
      default:
        return NOTHING;
    }
  };
}

const NOTHING: Adapter = {
  upsert: () => Promise.resolve(),
  find: () => Promise.resolve(undefined),
  findByUid: () => Promise.resolve(undefined),
  findByUserCode: () => Promise.resolve(undefined),
  consume: () => Promise.resolve(),
  destroy: () => Promise.resolve(),
  revokeByGrantId: () => Promise.resolve(),
};

/** Client metadata (RFC 7591) of a service; of one that is registered no more, none. */
async function readClient({ db, habilitations }: StorageParts, clientId: string): Promise<AdapterPayload | undefined> {
  const service = habilitations.getService(clientId as ClientId);
  const authentication = service && (await findClient(db, clientId));
  if (authentication === undefined) return undefined;
  return {
    client_id: clientId,
    grant_types: [EXCHANGE_GRANT, 'refresh_token', SERVICE_GRANT],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: authentication.method,
    id_token_signed_response_alg: 'ES256',
    ...(authentication.method === 'private_key_jwt'
      ? { jwks: authentication.jwks }
      : // One or two hashes; compared as such (provider.ts).
        { client_secret: authentication.secretHashes.join('.') }),
  } as AdapterPayload;
}

/** The library looks first and writes then; the write alone knows who came second. */
async function useAssertion({ once, clock }: StorageParts, id: string, expiresInSeconds = 0): Promise<void> {
  const isNew = await once.use(`assertion ${id}`, clock() + expiresInSeconds * 1000);
  if (!isNew) throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
}

async function readRefreshToken({ db }: StorageParts, token: string): Promise<AdapterPayload | undefined> {
  const stored = await findRefreshToken(db, hashOf(token));
  if (stored === undefined) return undefined;
  const { id, clientId, endsAtMs } = stored.session;
  return { kind: 'RefreshToken', jti: token, clientId, grantId: id, exp: Math.floor(endsAtMs / 1000) };
}

/** `handle`: a JWT of the hub's as base64url (mount.ts), since the library takes no token with dots here. */
async function readAccessToken({ tokenKeys }: StorageParts, handle: string): Promise<AdapterPayload | undefined> {
  const claims = await tokenKeys.readSigned(Buffer.from(handle, 'base64url').toString());
  const { client_id: clientId, hub_session: grantId, exp } = claims ?? {};
  if (typeof clientId !== 'string' || typeof grantId !== 'string' || exp === undefined) return undefined;
  return { kind: 'AccessToken', jti: handle, clientId, grantId, exp };
}

/** The last token of a session that ends now may be 5 minutes old. */
function latestEnd({ clock }: StorageParts): number {
  return clock() + ACCESS_TOKEN_SECONDS * 1000;
}
