import { openEncryptionKey } from '../../gateway/platform/franceConnect/encryptionKey.ts';
import type { FranceConnectConfig } from '../../gateway/platform/franceConnect/franceConnectSetting.ts';
import { sandboxClientSecret } from '../../gateway/session/sandboxClients.ts';
import type { SandboxSignIn } from '../../portal/explorer/signIn.ts';
import type { IdentityProvider } from '../../sandbox/identity/createIdentityProvider.ts';
import { SCOPE_ALIASES, SCOPE_GROUPS, SCOPES } from '../../schema/scopes.ts';

/** FranceConnect's ids have 32 characters or more. */
const DATA_PROVIDER = 'trait-dunion-fournisseur-de-donnees';

/** Every scope that the hub, as a data provider, answers for: what it can serve, under every name. */
const OWN_SCOPES = [
  'openid',
  ...Object.keys(SCOPE_GROUPS),
  ...SCOPES.map(({ name }) => name),
  ...Object.keys(SCOPE_ALIASES),
];

/** Registers the hub with the sandbox's FranceConnect; the result is what HUB_FRANCECONNECT holds elsewhere. */
export async function registerHub(identity: IdentityProvider, dataDir: string): Promise<FranceConnectConfig> {
  const { publicJwk } = await openEncryptionKey({ encryptedResponseAlg: 'ECDH-ES' }, dataDir);
  return identity.registerDataProvider({
    clientId: DATA_PROVIDER,
    scopes: OWN_SCOPES,
    jwks: { keys: [publicJwk] },
  });
}

/** The explorer plays every service of the sandbox, at both token endpoints. */
export function explorerSignIn(identity: IdentityProvider, hubIssuer: string): SandboxSignIn {
  const clientSecrets = Object.entries(identity.clientSecrets).map(([clientId, franceConnect]) => {
    return [clientId, { franceConnect, hub: sandboxClientSecret(clientId) }] as const;
  });
  return { issuer: identity.issuer, hubIssuer, clientSecrets: Object.fromEntries(clientSecrets) };
}
