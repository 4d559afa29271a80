import { sandboxClientSecret } from '../../gateway/session/sandboxClients.ts';
import type { AgencyPortalOptions, SandboxService } from '../../portal/agency/createAgencyPortal.ts';
import { AGENT_CLIENT_ID } from '../../sandbox/identity/agents/createAgentProvider.ts';
import type { IdentityProvider } from '../../sandbox/identity/createIdentityProvider.ts';
import type { loadDirectory } from '../../sandbox/identity/directory.ts';
import { exchangeToken } from '../../sandbox/identity/exchangeToken.ts';
import { walkFlow } from '../../sandbox/identity/walkFlow.ts';

type Directory = Awaited<ReturnType<typeof loadDirectory>>;

/** Whoever is read for the catalogue's samples: a couple with three children, all files complete. */
const SAMPLE_PERSONA = 'dupont-paul';
/** The one service that may read everything of a person: the person's own. */
const SAMPLE_SERVICE = { clientId: 'portal', purpose: 'my-data' };

/** Services that visitors may play: all but the citizen's portal itself. */
export function playableServices({ services }: Directory): readonly { readonly clientId: string }[] {
  return services.filter(({ clientId }) => clientId !== SAMPLE_SERVICE.clientId);
}

/** The pages for administrations as the sandbox's two providers and the hub's token endpoint know them. */
export function agencyPortalClients(
  identity: IdentityProvider,
  directory: Directory,
  hubIssuer: string,
): Pick<AgencyPortalOptions, 'agents' | 'sandbox'> {
  const services = directory.services
    .filter(({ clientId }) => clientId !== SAMPLE_SERVICE.clientId)
    .map(({ clientId, name, purposes }): SandboxService => ({
      clientId,
      name,
      purpose: purposes[0]!,
      franceConnectSecret: identity.clientSecrets[clientId]!,
      hubSecret: sandboxClientSecret(clientId),
    }));
  return {
    agents: {
      issuer: identity.agentIssuer,
      clientId: AGENT_CLIENT_ID,
      clientSecret: identity.clientSecrets[AGENT_CLIENT_ID]!,
    },
    sandbox: {
      franceConnectIssuer: identity.issuer,
      hubIssuer,
      services,
      sample: { name: 'Paul Dupont', token: () => sampleToken(identity, directory, hubIssuer) },
    },
  };
}

async function sampleToken(identity: IdentityProvider, { services }: Directory, hubIssuer: string): Promise<string> {
  const { clientId, purpose } = SAMPLE_SERVICE;
  const { scopes } = services.find((service) => service.clientId === clientId)!;
  const { accessToken } = await walkFlow({
    issuer: identity.issuer,
    clientId,
    clientSecret: identity.clientSecrets[clientId]!,
    persona: SAMPLE_PERSONA,
    scope: scopes.join(' '),
    acr: 'eidas2',
  });
  const exchanged = await exchangeToken({
    hubIssuer,
    clientId,
    clientSecret: sandboxClientSecret(clientId),
    franceConnectToken: accessToken,
    purpose,
  });
  return exchanged.accessToken;
}
