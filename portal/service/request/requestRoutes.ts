import { randomBytes } from 'node:crypto';
import { linkButton, pageHead } from '../../design/pieces.ts';
import type { SignedIn } from '../../session/sessions.ts';
import { html } from '../../web/html.ts';
import { citizenPage, openPage, page, redirect, type Route, type SignedInVisit } from '../../web/route.ts';
import type { Procedure } from '../procedures.ts';
import type { Receipts } from '../receipts.ts';
import { serviceTexts } from '../serviceTexts.ts';
import { priceOf } from '../tariff.ts';
import { askConsent } from './askConsent.ts';
import { previewPage } from './preview.ts';
import { standingsOf } from './standing.ts';

export interface RequestOptions {
  readonly receipts: Receipts;
  /** Through which procedure's client somebody signed in: a token of one is no token of the other. */
  readonly signedInFor: WeakMap<SignedIn, Procedure['id']>;
  /** Where consents are given. */
  readonly portalOrigin: string;
  /** Of these pages. */
  readonly origin: string;
}

/** Begins the state of a request that a partner answers: whoever comes back with it has no session here. */
const PARTNERS_STATE = 'partner-';

/** One query; what is missing of it, and one way to open that; come back, and it is the same query again. */
export function requestRoutes(procedure: Procedure, options: RequestOptions): readonly Route[] {
  const { receipts, signedInFor, portalOrigin, origin } = options;
  const path = `/${procedure.id}/request`;
  const returnPath = `/${procedure.id}/retour`;
  // Registered for the service at the hub, letter by letter.
  const returnUrl = origin + returnPath;
  const signIn = redirect(`/${procedure.id}/sign-in?to=${path}`);
  /** What the person will be known by when they come back; says nothing about them. */
  const awaited = new WeakMap<SignedIn, string>();
  /** Links that wait for a person's partner, as long as the person's session. */
  const handedOver = new WeakMap<SignedIn, string>();
  const isHere = ({ person }: SignedInVisit) => signedInFor.get(person) === procedure.id;
  const ask = ({ ask: askGraph, clock }: SignedInVisit) =>
    askGraph(procedure.question, procedure.variables?.(clock()) ?? {});
  const missingOf = async (visit: SignedInVisit, whose: 'mine' | 'partners') =>
    standingsOf(procedure, await ask(visit)).filter((standing) => standing.is === whose);

  return [
    citizenPage('GET', path, async (visit) => {
      if (!isHere(visit)) return signIn;
      const standings = standingsOf(procedure, await ask(visit));
      const isBack = visit.url.searchParams.has('back');
      return previewPage(visit, procedure, { standings, portalOrigin, isBack, link: handedOver.get(visit.person) });
    }),

    citizenPage('POST', `${path}/consent`, async (visit) => {
      if (!isHere(visit)) return signIn;
      const missing = await missingOf(visit, 'mine');
      if (missing.length === 0) return redirect(path);
      const state = randomBytes(12).toString('base64url');
      const consentUrl = await askConsent(visit, procedure, missing, { returnUrl, state });
      awaited.set(visit.person, state);
      return redirect(consentUrl);
    }),

    // Not theirs to open: a link to hand over, since the partner answers in a session of their own.
    citizenPage('POST', `${path}/partner`, async (visit) => {
      if (!isHere(visit)) return signIn;
      const missing = await missingOf(visit, 'partners');
      if (missing.length === 0) return redirect(path);
      const state = PARTNERS_STATE + randomBytes(12).toString('base64url');
      const about = { returnUrl, state, subjects: [{ role: 'SPOUSE' }] } as const;
      handedOver.set(visit.person, await askConsent(visit, procedure, missing, about));
      return redirect(`${path}#partner`);
    }),

    // A browser that lost its session meanwhile signs in again on the page it is led to.
    openPage('GET', returnPath, ({ session, url, language }) => {
      const state = url.searchParams.get('state');
      if (state?.startsWith(PARTNERS_STATE) === true) {
        const { thanks, thanksLead, toPortal } = serviceTexts(language);
        const link = linkButton(`${portalOrigin}/authorisations`, toPortal, 'second');
        return page({
          title: thanks,
          main: html`${pageHead(thanks, thanksLead)}
            <p>${link}</p>`,
        });
      }
      const person = session?.people.citizen;
      const isBack = person !== undefined && awaited.get(person) === state;
      return redirect(isBack ? `${path}?back` : path);
    }),

    citizenPage('POST', path, async (visit) => {
      if (!isHere(visit)) return signIn;
      // Asked again: what counts is what the administrations say at this moment, not what a form carries.
      const answer = await ask(visit);
      const counted = answer.data === null ? undefined : procedure.count(answer.data);
      const standings = standingsOf(procedure, answer);
      if (counted === undefined || standings.some(({ is }) => is !== 'known')) return redirect(path);
      receipts.keep(visit.session, {
        ...{ way: 'shared', procedure: procedure.id, used: standings.map(({ field }) => field.name) },
        at: new Date(visit.clock()).toISOString(),
        cents: priceOf(counted, procedure.tariff),
      });
      return redirect(`/${procedure.id}/receipt`);
    }),
  ];
}
