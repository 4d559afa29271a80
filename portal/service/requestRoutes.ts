import { randomBytes } from 'node:crypto';
import { AskConsent } from '../frontend-kit/generated.ts';
import { faultAt, operation, type Fault, type GraphAnswer } from '../graph.ts';
import { postForm, submitButton } from '../design/forms.ts';
import { facts, linkButton, note, pageHead } from '../design/pieces.ts';
import type { SignedIn } from '../session/sessions.ts';
import { html, type Html } from '../web/html.ts';
import { citizenPage, openPage, page, redirect, type Route, type SignedInVisit } from '../web/route.ts';
import type { FamilyAnswer, FieldName, Procedure } from './procedures.ts';
import type { Receipts } from './receipts.ts';
import { serviceTexts } from './serviceTexts.ts';
import { priceOf } from './tariff.ts';

export interface RequestOptions {
  readonly receipts: Receipts;
  /** Through which procedure's client somebody signed in: a token of one is no token of the other. */
  readonly signedInFor: WeakMap<SignedIn, Procedure['id']>;
  /** Where consents are given. */
  readonly portalOrigin: string;
  /** Of these pages. */
  readonly origin: string;
}

const RequestConsent = operation<
  { readonly requestConsent: { readonly consentUrl: string } | null },
  { readonly input: object }
>(AskConsent.document);
const YEAR_MS = 365 * 86_400_000;

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
  const isHere = ({ person }: SignedInVisit) => signedInFor.get(person) === procedure.id;

  return [
    citizenPage('GET', path, async (visit) => {
      if (!isHere(visit)) return signIn;
      const isBack = visit.url.searchParams.has('back');
      return previewPage(visit, procedure, await visit.ask(procedure.question), { portalOrigin, isBack });
    }),

    citizenPage('POST', `${path}/consent`, async (visit) => {
      if (!isHere(visit)) return signIn;
      const { faults } = await visit.ask(procedure.question);
      const missing = procedure.fields.filter(({ name }) => isConsentMissing(faultOf(faults, name)));
      if (missing.length === 0) return redirect(path);
      const state = randomBytes(12).toString('base64url');
      const { data, faults: refusals } = await visit.ask(RequestConsent, {
        input: {
          ...{ purpose: procedure.purpose, returnUrl, state, scopes: missing.map(({ scope }) => scope) },
          until: new Date(visit.clock() + YEAR_MS).toISOString(),
        },
      });
      const consentUrl = data?.requestConsent?.consentUrl;
      if (consentUrl === undefined) throw new Error(`no request for consent: ${refusals[0]?.code}`);
      awaited.set(visit.person, state);
      return redirect(consentUrl);
    }),

    // A browser that lost its session meanwhile signs in again on the page it is led to.
    openPage('GET', returnPath, ({ session, url }) => {
      const person = session?.people.citizen;
      const isBack = person !== undefined && awaited.get(person) === url.searchParams.get('state');
      return redirect(isBack ? `${path}?back` : path);
    }),

    citizenPage('POST', path, async (visit) => {
      if (!isHere(visit)) return signIn;
      // Asked again: what counts is what the administration says at this moment, not what a form carries.
      const { data } = await visit.ask(procedure.question);
      const quotient = data?.me?.familyFile?.quotient?.value;
      const used = procedure.fields.map(({ name }) => name).filter((name) => valueOf(data, name) !== undefined);
      if (typeof quotient !== 'number' || used.length < procedure.fields.length) return redirect(path);
      receipts.keep(visit.session, {
        ...{ way: 'shared', procedure: procedure.id, used },
        at: new Date(visit.clock()).toISOString(),
        cents: priceOf(quotient, procedure.tariff),
      });
      return redirect(`/${procedure.id}/receipt`);
    }),
  ];
}

function previewPage(
  visit: SignedInVisit,
  procedure: Procedure,
  { data, faults }: GraphAnswer<FamilyAnswer>,
  { portalOrigin, isBack }: { readonly portalOrigin: string; readonly isBack: boolean },
) {
  const texts = serviceTexts(visit.language);
  const path = `/${procedure.id}/request`;
  const values = procedure.fields.map(({ name }) => ({
    name,
    value: valueOf(data, name),
    fault: faultOf(faults, name),
  }));
  const missing = values.filter(({ value, fault }) => value === undefined && isConsentMissing(fault));
  const unavailable = values.filter(({ value, fault }) => value === undefined && !isConsentMissing(fault));
  const isComplete = values.every(({ value }) => value !== undefined);
  const rows = values.map(({ name, value }) => [texts.fieldNames[name], value ?? texts.notSaid] as const);
  const otherwise = linkButton(`/${procedure.id}/otherwise`, texts.otherwise, 'second');
  return page({
    title: texts.previewTitle,
    formsLeadTo: [portalOrigin],
    main: html`${pageHead(texts.previewTitle, texts.previewLead)}
    ${isBack && note('plain', texts.welcomeBack, html`<p>${texts.welcomeBackBody}</p>`, true)} ${facts(rows)}
    ${missing.length > 0 && note('attention', texts.missing, missingBody(visit, procedure, missing))}
    ${
      unavailable.length > 0 &&
      note(
        'attention',
        texts.unavailable,
        unavailable.map(({ name, fault }) => html`<p>${texts.fieldNames[name]}. ${fault?.message}</p>`),
      )
    }
    ${
      isComplete
        ? postForm(visit, path, html`<p class="actions">${submitButton(texts.send)}</p>`)
        : html`<p>${otherwise}</p>`
    }`,
  });
}

function missingBody(visit: SignedInVisit, { id }: Procedure, missing: readonly { readonly name: FieldName }[]): Html {
  const texts = serviceTexts(visit.language);
  return html`<p>${texts.missingBody}</p>
    <ul>
      ${missing.map(({ name }) => html`<li>${texts.fieldNames[name]}, ${texts.why[name]}</li>`)}
    </ul>
    <p>${texts.allowHint}</p>
    ${postForm(visit, `/${id}/request/consent`, html`<p class="actions">${submitButton(texts.allow)}</p>`)}`;
}

function faultOf(faults: readonly Fault[], name: FieldName): Fault | undefined {
  const above = faults.find((fault) => ['me', 'familyFile', name].every((part, at) => fault.path[at] === part));
  return above ?? faultAt(faults, 'me', 'familyFile', name);
}

function isConsentMissing(fault: Fault | undefined): boolean {
  return fault?.reason === 'CONSENT_REQUIRED';
}

/** As the person reads it; undefined when the answer does not have it. */
function valueOf(data: FamilyAnswer | null, name: FieldName): string | undefined {
  const file = data?.me?.familyFile;
  if (name === 'quotient') return file?.quotient?.value?.toString();
  const { streetLine, postCode, city } = file?.declaredAddress ?? {};
  const line = [streetLine, postCode, city].filter(Boolean).join(' ');
  return line === '' ? undefined : line;
}
