import type { createHubClient } from './hubSession.ts';
import type { LoggedIn, OpenIdClient } from './openIdClient.ts';
import type { SignInWay } from './signInRoutes.ts';
import type { SignedIn } from './sessions.ts';

/** How a citizen signs in: FranceConnect's token for the hub's; both stay on the server. */
export function citizenWay(
  client: OpenIdClient,
  hub: ReturnType<typeof createHubClient>,
  nameOf: (claims: LoggedIn['userInfo']) => string = fullName,
): SignInWay {
  return {
    client,
    async welcome({ accessToken, idToken, level, userInfo }) {
      const session = await hub.open(accessToken);
      if ('refusal' in session) return session;
      const person: SignedIn = {
        name: nameOf(userInfo),
        level,
        identity: userInfo,
        token: session.token,
        async end() {
          await session.end();
          return client.signOutUrl(idToken);
        },
      };
      return person;
    },
  };
}

/** As FranceConnect gives it, the usage name before the birth name. */
export function fullName({ given_name, preferred_username, family_name }: LoggedIn['userInfo']): string {
  return [given_name, preferred_username ?? family_name].filter((part) => typeof part === 'string').join(' ');
}
