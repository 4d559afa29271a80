import { sandboxClientSecret } from '../../gateway/session/sandboxClients.ts';
import type { PortalOptions } from '../../portal/createPortal.ts';
import type { IdentityProvider } from '../../sandbox/identity/createIdentityProvider.ts';

const PORTAL = 'portal';
const PURPOSE = 'my-data';

/** The portal as the sandbox's FranceConnect and the hub's token endpoint know it. */
export function portalClients(
  identity: IdentityProvider,
  hubIssuer: string,
): Pick<PortalOptions, 'franceConnect' | 'hub'> {
  return {
    franceConnect: { issuer: identity.issuer, clientId: PORTAL, clientSecret: identity.clientSecrets[PORTAL]! },
    hub: { issuer: hubIssuer, clientId: PORTAL, clientSecret: sandboxClientSecret(PORTAL), purpose: PURPOSE },
  };
}

/** Where FranceConnect may send people back to, after a login and after a logout. */
export function portalRedirects(portalUrl: string): readonly string[] {
  return [`${portalUrl}/callback`, `${portalUrl}/signed-out`];
}
