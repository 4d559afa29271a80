import { SCOPES, SCOPE_GROUPS } from '../../schema/scopes.ts';
import { accessibilityRoutes } from '../about/accessibility.ts';
import { createLayout, type MenuEntry } from '../design/layout.ts';
import { inBothLanguages } from '../i18n/language.ts';
import { citizenWay, fullName } from '../session/citizenWay.ts';
import { createHubClient } from '../session/hubSession.ts';
import { createOpenIdClient } from '../session/openIdClient.ts';
import { createSessions } from '../session/sessions.ts';
import { signInRoutes, signOutRoutes, type SignInWay } from '../session/signInRoutes.ts';
import { loadAssets } from '../web/assets.ts';
import { createSite, type Site } from '../web/createSite.ts';
import { languageRoutes } from '../web/languageRoutes.ts';
import { mishapPage } from '../web/mishaps.ts';
import type { Visit } from '../web/route.ts';
import { agentWay, visitingAgent } from './agent.ts';
import { createReadCatalogue } from './catalogue/catalogue.ts';
import { catalogueRoutes } from './catalogue/catalogueRoutes.ts';
import { createReadSample, type SamplePerson } from './catalogue/samples.ts';
import { guideRoutes } from './guides/guideRoutes.ts';
import { habilitationRoutes } from './habilitations/habilitationRoutes.ts';
import { serviceRoutes } from './services/serviceRoutes.ts';
import { createGraphiQL } from './tryIt/graphiql.ts';
import { createRelay } from './tryIt/relay.ts';
import { tryItRoutes, type PlayedService } from './tryIt/tryItRoutes.ts';

/** A service of the sandbox, with all that it takes to play it. */
export interface SandboxService extends PlayedService {
  readonly purpose: string;
  readonly franceConnectSecret: string;
  readonly hubSecret: string;
}

export interface AgencyPortalOptions {
  /** Where people reach these pages, without a path. */
  readonly origin: string;
  readonly graphUrl: string;
  /** The provider of agents' identities (ProConnect, or its stand-in), and the client of these pages there. */
  readonly agents: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  /** Invented people to try the graph as, and one to take samples from; left out where people are real. */
  readonly sandbox?: {
    readonly franceConnectIssuer: string;
    readonly hubIssuer: string;
    readonly services: readonly SandboxService[];
    readonly sample: SamplePerson;
  };
  readonly clock: () => number;
  readonly onFault: (fault: unknown, path: string) => void;
}

const BRAND = 'Trait d’Union · administrations';
const COOKIE = 'agency_session';

const words = inBothLanguages(
  {
    catalogue: 'Catalogue',
    agencies: 'Administrations',
    tryIt: 'Essayer',
    habilitations: 'Habilitations',
    services: 'Services',
    developers: 'Pour les équipes',
    reference: 'Référence',
    errors: 'Erreurs',
    join: 'Rejoindre',
    signIn: 'Se connecter (agents)',
    accessibility: 'Accessibilité : non auditée',
  },
  {
    catalogue: 'Catalogue',
    agencies: 'Administrations',
    tryIt: 'Try it',
    habilitations: 'Habilitations',
    services: 'Services',
    developers: 'For teams',
    reference: 'Reference',
    errors: 'Errors',
    join: 'Join',
    signIn: 'Sign in (agents)',
    accessibility: 'Accessibility: not audited',
  },
);

/** Where teams and administrations find out what can be asked, try it, ask for it, and manage their services. */
export async function createAgencyPortal(options: AgencyPortalOptions): Promise<Site> {
  const { origin, graphUrl, clock, sandbox } = options;
  const assets = await loadAssets();
  const sessions = createSessions();
  const read = createReadCatalogue(graphUrl, clock);
  const sample = sandbox && {
    read: createReadSample(graphUrl, sandbox.sample, clock),
    name: sandbox.sample.name,
  };
  const site = createSite({
    ...{ origin, graphUrl, sessions, assets, clock, onFault: options.onFault },
    cookie: COOKIE,
    routes: [
      ...catalogueRoutes({ read, clock, ...(sample && { sample }) }),
      ...guideRoutes({ read, graphUrl, clock }),
      ...(sandbox ? tryItRoutes({ read, graphUrl, services: sandbox.services, clock }) : []),
      ...(sandbox?.services ?? []).flatMap((service) =>
        signInRoutes('citizen', playedWay(service, options), sessions, pathsOf(service)),
      ),
      ...signInRoutes('agent', agentSignIn(options), sessions, { start: '/agents/sign-in', back: '/agents/callback' }),
      ...signOutRoutes(sessions),
      ...habilitationRoutes(read),
      ...serviceRoutes,
      ...languageRoutes,
      ...accessibilityRoutes,
    ],
    layout: createLayout({
      assets,
      brand: BRAND,
      isSandbox: sandbox !== undefined,
      menu: (visit) => menu(visit, sandbox !== undefined),
      footer: (language) => [{ href: '/accessibility', label: words(language).accessibility }],
    }),
    mishap: mishapPage,
    formsLeadTo: [options.agents.issuer, sandbox?.franceConnectIssuer ?? options.agents.issuer].map(
      (issuer) => new URL(issuer).origin,
    ),
  });
  if (sandbox === undefined) return site;
  const graphiql = await createGraphiQL();
  const relay = createRelay({ origin, graphUrl, sessions, cookie: COOKIE });
  return (request) => {
    if (new URL(request.url).pathname === '/try/graphql') return relay(request);
    return graphiql(request) ?? site(request);
  };
}

/** Redirect URIs of these pages, for the providers' registers. */
export function agencyPortalRedirects(
  origin: string,
  services: readonly Pick<PlayedService, 'clientId'>[],
): readonly string[] {
  const paths = ['/agents/callback', '/signed-out', ...services.map((service) => pathsOf(service).back)];
  return paths.map((path) => origin + path);
}

function pathsOf({ clientId }: Pick<PlayedService, 'clientId'>) {
  return { start: `/try/${clientId}/sign-in`, back: `/try/${clientId}/callback` };
}

function menu(visit: Visit, isSandbox: boolean): readonly MenuEntry[] {
  const texts = words(visit.language);
  const agent = visitingAgent(visit);
  return [
    { href: '/', label: texts.catalogue },
    { href: '/agencies', label: texts.agencies },
    ...(isSandbox ? [{ href: '/try', label: texts.tryIt }] : []),
    ...(agent === undefined
      ? [{ href: '/agents/sign-in?to=/habilitations', label: texts.signIn }]
      : [
          { href: '/habilitations', label: texts.habilitations },
          { href: '/services', label: texts.services },
        ]),
    { href: '/developers', label: texts.developers },
    { href: '/reference', label: texts.reference },
    { href: '/errors', label: texts.errors },
    { href: '/join', label: texts.join },
  ];
}

function agentSignIn({ origin, agents, sandbox, clock }: AgencyPortalOptions): SignInWay {
  const client = createOpenIdClient({
    ...agents,
    redirectUri: `${origin}/agents/callback`,
    postLogoutRedirectUri: `${origin}/signed-out`,
    scope: 'given_name usual_name email uid siret roles',
    isPlainHttpAllowed: sandbox !== undefined,
    claimsFrom: 'access-token',
  });
  return agentWay(client, clock);
}

/** A visitor who tries the graph is an invented citizen at one of the sandbox's services. */
function playedWay(service: SandboxService, { origin, sandbox, clock }: AgencyPortalOptions): SignInWay {
  const client = createOpenIdClient({
    issuer: sandbox!.franceConnectIssuer,
    clientId: service.clientId,
    clientSecret: service.franceConnectSecret,
    redirectUri: origin + pathsOf(service).back,
    postLogoutRedirectUri: `${origin}/signed-out`,
    scope: [...Object.keys(SCOPE_GROUPS), ...SCOPES.map(({ name }) => name)].join(' '),
    isPlainHttpAllowed: true,
  });
  const hub = createHubClient(
    {
      issuer: sandbox!.hubIssuer,
      clientId: service.clientId,
      clientSecret: service.hubSecret,
      purpose: service.purpose,
      isPlainHttpAllowed: true,
    },
    clock,
  );
  return citizenWay(client, hub, (claims) => `${fullName(claims)} · ${service.name}`);
}
