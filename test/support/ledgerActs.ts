import type { HubAnswer, RunningHub, Visit } from './runningHub.ts';

/** The service's procedure. */
interface At {
  readonly clientId: string;
  readonly purpose: string;
}

interface Terms {
  readonly scopes: readonly string[];
  /** ISO 8601. */
  readonly until: string;
}

/** The first thing a form does under the law: the citizen has read what it takes. */
export function acknowledgeNotice(
  hub: RunningHub,
  persona: string,
  { clientId, purpose, scopes, until }: At & Terms,
): Promise<HubAnswer> {
  const query = 'mutation ($input: GiveConsentInput!) { acknowledgeNotice(input: $input) { consent { id status } } }';
  const variables = { input: { clientId, purpose, scopes, expiresAt: until } };
  return hub.ask({ query, variables }, { persona, service: 'portal' });
}

/** A service asks, with the citizen's token; people come back to where its front end is in the sandbox. */
export async function requestConsent(
  hub: RunningHub,
  by: Visit,
  { purpose, ...terms }: Pick<At, 'purpose'> & Terms & { readonly subjects?: readonly object[] },
): Promise<{ readonly id: string; readonly status: string; readonly kind: string }> {
  const returnUrl = `http://127.0.0.1:4020/${by.service}/retour`;
  const query = `mutation ($input: RequestConsentInput!) { requestConsent(input: $input) {
    consentUrl consent { id status kind } } }`;
  const { data, text } = await hub.ask({ query, variables: { input: { purpose, returnUrl, ...terms } } }, by);
  const { consent } =
    (data as { requestConsent: { consent: { id: string; status: string; kind: string } } } | null)?.requestConsent ??
    {};
  if (!consent) throw new Error(text);
  return consent;
}
