import { page, openPage, redirect, type Route, type Visit } from '../web/route.ts';
import { localPath } from '../web/localPath.ts';
import { isAcr } from '../../schema/acr.ts';
import type { LoggedIn, OpenIdClient } from './openIdClient.ts';
import type { Party, SignedIn, Sessions } from './sessions.ts';
import { signInRefusedPage, signedOutPage } from './signInPages.ts';

/** How one kind of people signs in. */
export interface SignInWay {
  readonly client: OpenIdClient;
  /** What the hub makes of a login; its words when it wants none of it. */
  readonly welcome: (loggedIn: LoggedIn) => Promise<SignedIn | { readonly refusal: string }>;
}

export interface SignInPaths {
  /** `/sign-in` */
  readonly start: string;
  /** `/callback`, the redirect URI's path. */
  readonly back: string;
}

/** Away to the identity provider and back. `?to=` is where the person wanted to go, `?level=` how strongly they have to identify. */
export function signInRoutes(party: Party, way: SignInWay, sessions: Sessions, paths: SignInPaths): readonly Route[] {
  return [
    openPage('GET', paths.start, async (visit) => {
      const level = visit.url.searchParams.get('level');
      const { location, pending } = await way.client.start({
        party,
        to: localPath(visit.url.searchParams.get('to')) ?? '/',
        ...(isAcr(level) && { level }),
      });
      const known = visit.session ?? undefined;
      if (known !== undefined) {
        sessions.replace(visit.sessionId!, { ...known, pending });
        return redirect(location);
      }
      const { id, session } = sessions.start();
      sessions.replace(id, { ...session, pending });
      return redirect(location, { sessionId: id });
    }),

    openPage('GET', paths.back, async (visit) => {
      const pending = visit.session?.pending;
      // Another browser's answer, or one that came twice.
      if (visit.session === undefined || pending?.party !== party) return refused(visit, paths);
      const { pending: _done, ...session } = visit.session;
      sessions.replace(visit.sessionId!, session);
      const loggedIn = await way.client.finish(visit.url, pending);
      if ('refusal' in loggedIn) return refused(visit, paths, pending.to);
      const person = await way.welcome(loggedIn);
      if ('refusal' in person) return refused(visit, paths, pending.to);
      const people = { ...session.people, [party]: person };
      return redirect(pending.to, { sessionId: sessions.rotate(visit.sessionId!, { people }).id });
    }),
  ];
}

/** Ends the site's session, the hub's, and the identity provider's. */
export function signOutRoutes(sessions: Sessions): readonly Route[] {
  return [
    openPage('POST', '/sign-out', async (visit) => {
      const people = Object.values(visit.session?.people ?? {});
      if (visit.sessionId !== undefined) sessions.end(visit.sessionId);
      const [first] = await Promise.all(people.map((person) => person.end()));
      return redirect(first ?? '/signed-out', { sessionId: null });
    }),
    openPage('GET', '/signed-out', (visit) => page(signedOutPage(visit.language))),
  ];
}

function refused(visit: Visit, { start }: SignInPaths, to = '/') {
  return page(signInRefusedPage(visit.language, `${start}?${new URLSearchParams({ to }).toString()}`));
}
