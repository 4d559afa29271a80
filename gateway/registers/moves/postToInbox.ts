import type { DeclarationEvent } from '../../../schema/declaration.ts';

/** What came of posting a message: the agency's sealed answer; that it cannot take it now; or that it will not take this one. */
export type InboxAnswer =
  | { readonly outcome: 'answered'; readonly sealed: string }
  | { readonly outcome: 'unreachable'; readonly detail: string }
  | { readonly outcome: 'refused'; readonly detail: string };

const MAX_ANSWER_CHARACTERS = 20_000;

/** Posts an event to an agency's inbox: a CloudEvent in HTTP binary mode, whose data is sealed. Never rejects. */
export async function postToInbox(
  url: string,
  {
    event,
    sealed,
    timeoutMs,
  }: { readonly event: DeclarationEvent; readonly sealed: string; readonly timeoutMs: number },
): Promise<InboxAnswer> {
  const attributes = Object.entries(event).map(([name, value]) => [`ce-${name}`, String(value)] as const);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { ...Object.fromEntries(attributes), 'content-type': 'application/jose' },
      body: sealed,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (response.status === 200 && text.length <= MAX_ANSWER_CHARACTERS) return { outcome: 'answered', sealed: text };
    const outcome = response.status === 503 || response.status === 429 ? 'unreachable' : 'refused';
    return { outcome, detail: `status ${response.status}` };
  } catch (fault) {
    return { outcome: 'unreachable', detail: (fault as Error).name };
  }
}
