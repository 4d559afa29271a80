import { sandboxClientSecret } from '../../gateway/session/sandboxClients.ts';
import type { ServiceSiteOptions } from '../../portal/service/createServiceSite.ts';
import type { IdentityProvider } from '../../sandbox/identity/createIdentityProvider.ts';

/** The town's forms as the sandbox's FranceConnect and the hub know them. */
export function serviceClients(
  identity: IdentityProvider,
  hubIssuer: string,
): Pick<ServiceSiteOptions, 'franceConnectIssuer' | 'hubIssuer' | 'clients'> {
  const clientOf = (id: keyof ServiceSiteOptions['clients']) => ({
    franceConnectSecret: identity.clientSecrets[id]!,
    hubSecret: sandboxClientSecret(id),
  });
  return {
    franceConnectIssuer: identity.issuer,
    hubIssuer,
    clients: { canteen: clientOf('canteen'), creche: clientOf('creche'), housing: clientOf('housing') },
  };
}
