import type { LoggedIn, OpenIdClient } from '../session/openIdClient.ts';
import type { SignInWay } from '../session/signInRoutes.ts';
import type { SignedIn } from '../session/sessions.ts';
import type { SignedInVisit, Visit } from '../web/route.ts';

/** An agent of an administration who has signed in. Roles decide what is offered here; what is allowed the hub decides. */
export interface SignedInAgent extends SignedIn {
  readonly siret: string;
  readonly roles: readonly string[];
}

/** The agent's own token is the hub's: nothing is exchanged. */
export function agentWay(client: OpenIdClient, clock: () => number): SignInWay {
  return {
    client,
    welcome({ accessToken, idToken, expiresInSeconds, level, userInfo }: LoggedIn) {
      const endsAtMs = clock() + expiresInSeconds * 1000;
      let isOver = false;
      const { given_name: given, usual_name: usual, siret, roles } = userInfo;
      const agent: SignedInAgent = {
        name: [given, usual].filter((part) => typeof part === 'string').join(' '),
        level,
        siret: typeof siret === 'string' ? siret : '',
        roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
        token: () => Promise.resolve(isOver || clock() >= endsAtMs ? undefined : accessToken),
        end() {
          isOver = true;
          return client.signOutUrl(idToken);
        },
      };
      return Promise.resolve(agent);
    },
  };
}

export function agentOf({ person }: SignedInVisit): SignedInAgent {
  return person as SignedInAgent;
}

export function visitingAgent({ session }: Visit): SignedInAgent | undefined {
  return session?.people.agent as SignedInAgent | undefined;
}
