import type { ScopeName } from '../../../schema/scopes.ts';
import type { SubjectKey } from '../../platform/ids.ts';
import type { Consent, Word } from './consent.ts';
import type { ConsentEvent } from './consentStore.ts';

/** A request that nobody answers is over after this time: long enough for a holiday, short enough that its terms are still those of the day. */
const ANSWER_WITHIN_MS = 30 * 86_400_000;

/**
 * What each consent is at that moment, from its acts (oldest first); in the order in which they began. An act that comes too late (a renewal
 * after the withdrawal, a second answer) changes nothing: of two at once the first to be written counts.
 */
export function foldConsents(events: readonly ConsentEvent[], nowMs: number): readonly Consent[] {
  const consents = new Map<string, Consent>();
  for (const event of events) {
    const { id } = event.consent;
    const after = apply(consents.get(id), event);
    if (after !== undefined) consents.set(id, after);
  }
  return [...consents.values()].map((consent) =>
    isOver(consent, nowMs) ? { ...consent, status: 'EXPIRED' } : consent,
  );
}

/** The consent after that act; undefined when it changes nothing. */
function apply(before: Consent | undefined, { type, at, consent }: ConsentEvent): Consent | undefined {
  const { scopes, expiresAt } = consent;
  const acts = [...(before?.acts ?? []), { type, at, scopes, expiresAt }];
  const status = before?.status;
  switch (type) {
    case 'REQUESTED':
      return before ? undefined : { ...consent, status: 'REQUESTED', requestedAt: at, acts };
    case 'GIVEN':
      if (before !== undefined && status !== 'REQUESTED') return undefined;
      return { ...before, ...consent, status: 'ACTIVE', givenAt: at, acts };
    case 'REFUSED':
      return status === 'REQUESTED' ? { ...before!, status: type, endedAt: at, acts } : undefined;
    case 'RENEWED':
      return status === 'ACTIVE' ? { ...before!, expiresAt, acts } : undefined;
    case 'WITHDRAWN':
    case 'OBJECTED':
      if (status !== 'ACTIVE' && status !== 'REQUESTED') return undefined;
      return { ...before!, status: type, endedAt: at, acts };
    default:
      throw new TypeError(`consent event: expected a known type, got "${type satisfies never}"`);
  }
}

/** The last moment for an answer, ms since the epoch: what is asked until Friday cannot be granted on Saturday. */
export function answerBeforeMs({ requestedAt, expiresAt }: Pick<Consent, 'requestedAt' | 'expiresAt'>): number {
  return Math.min(Date.parse(requestedAt!) + ANSWER_WITHIN_MS, Date.parse(expiresAt));
}

/** A consent that ends at this very millisecond is over. */
function isOver(consent: Consent, nowMs: number): boolean {
  if (consent.status === 'REQUESTED') return answerBeforeMs(consent) <= nowMs;
  return consent.status === 'ACTIVE' && Date.parse(consent.expiresAt) <= nowMs;
}

/** What these entries of one person open together, and the moment when the first of them ends, in ms since the epoch. */
export function openScopes(consents: readonly Consent[]): {
  readonly scopes: readonly ScopeName[];
  readonly validUntilMs: number;
  readonly consented: ReadonlySet<ScopeName>;
  readonly declined: ReadonlySet<ScopeName>;
  readonly children: ReadonlyMap<SubjectKey, Word>;
} {
  const own = consents.filter(({ subjects }) => !subjects || subjects.some(({ role }) => role === 'SELF'));
  const active = consents.filter(isActive);
  const ownActive = own.filter(isActive);
  return {
    scopes: [...new Set(ownActive.flatMap((consent) => consent.scopes))].sort(),
    validUntilMs: Math.min(Infinity, ...active.map(({ expiresAt }) => Date.parse(expiresAt))),
    consented: new Set(ownActive.filter(({ kind }) => kind === 'CONSENT').flatMap(({ scopes }) => scopes)),
    declined: lastWord(own).declined,
    children: wordsForChildren(consents),
  };
}

function isActive({ status }: Consent): boolean {
  return status === 'ACTIVE';
}

function wordsForChildren(consents: readonly Consent[]): ReadonlyMap<SubjectKey, Word> {
  const about = new Map<SubjectKey, Consent[]>();
  for (const consent of consents) {
    for (const { role, subject } of consent.subjects ?? []) {
      if (role !== 'CHILD' || subject === undefined) continue;
      about.set(subject, [...(about.get(subject) ?? []), consent]);
    }
  }
  return new Map([...about].map(([child, entries]) => [child, lastWord(entries)]));
}

/** By scope, the last thing said of it; what has merely ended, or was never answered, says nothing. */
function lastWord(consents: readonly Consent[]): Word {
  const opens = new Map<ScopeName, boolean>();
  const said = consents.filter(({ status }) => status !== 'REQUESTED' && status !== 'EXPIRED');
  for (const { status, scopes, acts } of said.toSorted((a, b) => (decidedAt(a) < decidedAt(b) ? -1 : 1))) {
    // Of a request answered in part, what was left out was declined.
    for (const scope of acts[0]!.scopes) opens.set(scope, status === 'ACTIVE' && scopes.includes(scope));
  }
  const withWord = (word: boolean) => new Set([...opens].filter(([, is]) => is === word).map(([scope]) => scope));
  return { open: withWord(true), declined: withWord(false) };
}

function decidedAt({ acts }: Consent): string {
  return acts.at(-1)!.at;
}
