import { SCOPES, SCOPE_GROUPS } from '../schema/scopes.ts';
import { accessibilityRoutes } from './about/accessibility.ts';
import { citizenMenu, citizenRoutes } from './citizen/citizenRoutes.ts';
import { createLayout } from './design/layout.ts';
import { inBothLanguages } from './i18n/language.ts';
import { citizenWay } from './session/citizenWay.ts';
import { createHubClient, type HubClientOptions } from './session/hubSession.ts';
import { createOpenIdClient } from './session/openIdClient.ts';
import { createSessions } from './session/sessions.ts';
import { signInRoutes, signOutRoutes, type SignInWay } from './session/signInRoutes.ts';
import { loadAssets } from './web/assets.ts';
import { createSite, type Site } from './web/createSite.ts';
import { languageRoutes } from './web/languageRoutes.ts';
import { mishapPage } from './web/mishaps.ts';

export interface PortalOptions {
  /** Where people reach the portal, without a path. */
  readonly origin: string;
  readonly graphUrl: string;
  /** FranceConnect, or its stand-in, and the portal's client there. */
  readonly franceConnect: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  /** The portal's client at the hub's token endpoint. */
  readonly hub: Omit<HubClientOptions, 'isPlainHttpAllowed'>;
  /** Invented people, issuers without TLS, and a word about it on every page. */
  readonly isSandbox: boolean;
  readonly clock: () => number;
  readonly onFault: (fault: unknown, path: string) => void;
}

const BRAND = 'Trait d’Union';

const words = inBothLanguages(
  { accessibility: 'Accessibilité : non auditée' },
  { accessibility: 'Accessibility: not audited' },
);

/** The citizen's portal: a client of the public graph like any other, with its session on the server. */
export async function createPortal(options: PortalOptions): Promise<Site> {
  const { origin, clock, isSandbox } = options;
  const assets = await loadAssets();
  const sessions = createSessions();
  return createSite({
    ...{ origin, graphUrl: options.graphUrl, sessions, assets, clock, onFault: options.onFault },
    cookie: 'portal_session',
    routes: [
      ...signInRoutes('citizen', wayOf(options), sessions, { start: '/sign-in', back: '/callback' }),
      ...signOutRoutes(sessions),
      ...languageRoutes,
      ...accessibilityRoutes,
      ...citizenRoutes,
    ],
    layout: createLayout({
      assets,
      brand: BRAND,
      isSandbox,
      menu: citizenMenu,
      footer: (language) => [{ href: '/accessibility', label: words(language).accessibility }],
    }),
    mishap: mishapPage,
    formsLeadTo: [new URL(options.franceConnect.issuer).origin],
  });
}

function wayOf({ origin, franceConnect, hub, isSandbox, clock }: PortalOptions): SignInWay {
  const client = createOpenIdClient({
    ...franceConnect,
    redirectUri: `${origin}/callback`,
    postLogoutRedirectUri: `${origin}/signed-out`,
    // The portal shows people what is known of them: all of it, each as far as their session's level opens it.
    scope: [...Object.keys(SCOPE_GROUPS), ...SCOPES.map(({ name }) => name)].join(' '),
    isPlainHttpAllowed: isSandbox,
  });
  return citizenWay(client, createHubClient({ ...hub, isPlainHttpAllowed: isSandbox }, clock));
}
