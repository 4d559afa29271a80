import { accessibilityRoutes } from '../about/accessibility.ts';
import { createLayout } from '../design/layout.ts';
import { citizenWay } from '../session/citizenWay.ts';
import { createHubClient } from '../session/hubSession.ts';
import { createOpenIdClient } from '../session/openIdClient.ts';
import { createSessions, type SignedIn } from '../session/sessions.ts';
import { signInRoutes, signOutRoutes, type SignInWay } from '../session/signInRoutes.ts';
import { loadAssets } from '../web/assets.ts';
import { createSite, type Site } from '../web/createSite.ts';
import { languageRoutes } from '../web/languageRoutes.ts';
import { localPath } from '../web/localPath.ts';
import { mishapPage } from '../web/mishaps.ts';
import { openPage, redirect } from '../web/route.ts';
import { MAX_PAPER_FORM_BYTES, otherwiseRoutes } from './otherwise.ts';
import { procedurePages, welcomePage } from './pages.ts';
import { PROCEDURES, type Procedure } from './procedures.ts';
import { createReceipts } from './receipts.ts';
import { requestRoutes } from './request/requestRoutes.ts';
import { serviceTexts } from './serviceTexts.ts';

export interface ServiceSiteOptions {
  /** Where people reach these pages, without a path. */
  readonly origin: string;
  readonly graphUrl: string;
  readonly franceConnectIssuer: string;
  /** Issuer of the hub's tokens. */
  readonly hubIssuer: string;
  /** Where consents are given. */
  readonly portalOrigin: string;
  /** By procedure: its secrets at both token endpoints. */
  readonly clients: Readonly<
    Record<Procedure['id'], { readonly franceConnectSecret: string; readonly hubSecret: string }>
  >;
  readonly isSandbox: boolean;
  readonly clock: () => number;
  readonly onFault: (fault: unknown, path: string) => void;
}

/** A town's forms, as its own team would build them: a site of its own, a client of the public graph. */
export async function createServiceSite(options: ServiceSiteOptions): Promise<Site> {
  const { origin, graphUrl, portalOrigin, clock, onFault, isSandbox } = options;
  const assets = await loadAssets();
  const sessions = createSessions();
  const receipts = createReceipts();
  const signedInFor = new WeakMap<SignedIn, Procedure['id']>();
  return createSite({
    ...{ origin, graphUrl, sessions, assets, clock, onFault },
    cookie: 'service_session',
    maxFormBytes: MAX_PAPER_FORM_BYTES,
    routes: [
      welcomePage,
      // Where a session that is over leads: to the client of the form that was open.
      openPage('GET', '/sign-in', ({ url }) => {
        const to = localPath(url.searchParams.get('to')) ?? '/';
        const open = PROCEDURES.find(({ id }) => to.startsWith(`/${id}/`));
        return redirect(open ? `/${open.id}/sign-in?${new URLSearchParams({ to }).toString()}` : '/');
      }),
      ...PROCEDURES.flatMap((procedure) => [
        ...signInRoutes('citizen', wayOf(procedure, options, signedInFor), sessions, pathsOf(procedure)),
        ...procedurePages(procedure, receipts),
        ...otherwiseRoutes(procedure, sessions, receipts),
        ...requestRoutes(procedure, { receipts, signedInFor, portalOrigin, origin }),
      ]),
      ...signOutRoutes(sessions),
      ...languageRoutes,
      ...accessibilityRoutes,
    ],
    layout: createLayout({
      ...{ assets, isSandbox },
      brand: 'Villeneuve-les-Essais',
      menu: () => [],
      footer: (language) => [{ href: '/accessibility', label: serviceTexts(language).accessibility }],
    }),
    mishap: mishapPage,
    formsLeadTo: [new URL(options.franceConnectIssuer).origin],
  });
}

/** Redirect URIs of these pages, for FranceConnect's register. */
export function serviceRedirects(origin: string): readonly string[] {
  return [...PROCEDURES.map((procedure) => pathsOf(procedure).back), '/signed-out'].map((path) => origin + path);
}

function pathsOf({ id }: Procedure) {
  return { start: `/${id}/sign-in`, back: `/${id}/callback` };
}

function wayOf(
  procedure: Procedure,
  { origin, franceConnectIssuer, hubIssuer, clients, isSandbox, clock }: ServiceSiteOptions,
  signedInFor: WeakMap<SignedIn, Procedure['id']>,
): SignInWay {
  const { franceConnectSecret, hubSecret } = clients[procedure.id];
  const client = createOpenIdClient({
    issuer: franceConnectIssuer,
    clientId: procedure.id,
    clientSecret: franceConnectSecret,
    redirectUri: origin + pathsOf(procedure).back,
    postLogoutRedirectUri: `${origin}/signed-out`,
    // No more than the form needs.
    scope: [...new Set(['identite_pivot', ...procedure.fields.flatMap(({ scopes }) => scopes)])].join(' '),
    isPlainHttpAllowed: isSandbox,
  });
  const hub = createHubClient(
    {
      ...{ issuer: hubIssuer, clientId: procedure.id, clientSecret: hubSecret, purpose: procedure.purpose },
      isPlainHttpAllowed: isSandbox,
    },
    clock,
  );
  const way = citizenWay(client, hub);
  return {
    client,
    async welcome(loggedIn) {
      const person = await way.welcome(loggedIn);
      if (!('refusal' in person)) signedInFor.set(person, procedure.id);
      return person;
    },
  };
}
