import { AskConsent } from '../../frontend-kit/generated.ts';
import { operation } from '../../graph.ts';
import type { SignedInVisit } from '../../web/route.ts';
import type { Procedure } from '../procedures.ts';
import type { Standing } from './standing.ts';

const RequestConsent = operation<
  { readonly requestConsent: { readonly consentUrl: string } | null },
  { readonly input: object }
>(AskConsent.document);
const YEAR_MS = 365 * 86_400_000;

/** Asks the hub for what is missing and no more; resolves to the page of the portal where it is answered. */
export async function askConsent(
  visit: SignedInVisit,
  { purpose }: Procedure,
  missing: readonly Standing[],
  more: {
    readonly returnUrl: string;
    readonly state: string;
    readonly subjects?: readonly { readonly role: 'SPOUSE' }[];
  },
): Promise<string> {
  const scopes = [...new Set(missing.flatMap(({ field }) => field.scopes))];
  const until = new Date(visit.clock() + YEAR_MS).toISOString();
  const { data, faults } = await visit.ask(RequestConsent, { input: { purpose, scopes, until, ...more } });
  const consentUrl = data?.requestConsent?.consentUrl;
  if (consentUrl === undefined) throw new Error(`no request for consent: ${faults[0]?.code}`);
  return consentUrl;
}
