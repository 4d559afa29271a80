import { HubSilent, operation, type Ask } from '../../graph.ts';
import { daysUntil } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import type { ConsentKind, ConsentStatus } from '../consents/consentGraph.ts';

interface Entry {
  readonly id: string;
  readonly status: ConsentStatus;
  readonly kind: ConsentKind;
  readonly service: { readonly name: string };
  readonly purpose: { readonly label: string };
  readonly requestedAt: string | null;
  readonly expiresAt: string | null;
  readonly askedByPartner: boolean;
}

interface Move {
  readonly reference: string;
  readonly isOwn: boolean;
  readonly state: string;
  readonly erasedAt: string | null;
  readonly members: readonly {
    readonly role: string;
    readonly isMe: boolean;
    readonly state: string;
    readonly givenNames: string | null;
  }[];
  readonly deliveries: readonly {
    readonly status: string;
    readonly reason: string | null;
    readonly isSilent: boolean;
    readonly timeline: readonly { readonly at: string }[];
    readonly agency: { readonly name: string };
  }[];
}

/** Something that waits for the person, each with the page where they see to it. */
export type Notice =
  | { readonly kind: 'asked'; readonly entry: Entry }
  | { readonly kind: 'ends-soon'; readonly entry: Entry; readonly days: number }
  | { readonly kind: 'move-to-confirm'; readonly reference: string; readonly by: string | undefined }
  | {
      readonly kind: 'delivery';
      readonly reference: string;
      readonly agency: string;
      readonly trouble: 'NEEDS_CITIZEN' | 'REFUSED' | 'SILENT';
      readonly reason: string | null;
    };

/** A consent that ends within so many days is told of. */
const SOON_DAYS = 30;
/** And a refusal for as long. */
const TOLD_DAYS = 30;

const INBOX = operation<
  { readonly me: { readonly consents: readonly Entry[] | null; readonly moves: readonly Move[] | null } | null },
  { readonly language: 'FR' | 'EN' }
>(`query Inbox($language: Language!) {
  me {
    consents { id status kind requestedAt expiresAt askedByPartner service { name } purpose { label(language: $language) } }
    moves {
      reference isOwn state erasedAt members { role isMe state givenNames }
      deliveries { status isSilent reason(language: $language) timeline { at } agency { name(language: $language) } }
    }
  }
}`);

/** What waits for the person, requests first. Without an answer about moves the rest is told all the same. */
export async function readInbox(ask: Ask, language: Language, nowMs: number): Promise<readonly Notice[]> {
  const { data, faults } = await ask(INBOX, { language: language === 'fr' ? 'FR' : 'EN' });
  const consents = data?.me?.consents;
  if (consents === undefined || consents === null) throw new HubSilent(faults[0]?.code ?? 'no answer');
  const asked = consents
    .filter(({ status }) => status === 'REQUESTED')
    .map((entry) => ({ kind: 'asked' as const, entry }));
  return [
    ...asked,
    ...(data?.me?.moves ?? []).flatMap((move) => noticesOf(move, nowMs)),
    ...consents.flatMap((entry) => endsSoon(entry, nowMs)),
  ];
}

function endsSoon(entry: Entry, nowMs: number): readonly Notice[] {
  if (entry.status !== 'ACTIVE' || entry.kind !== 'CONSENT' || entry.expiresAt === null) return [];
  const days = daysUntil(entry.expiresAt, nowMs);
  return days <= SOON_DAYS ? [{ kind: 'ends-soon', entry, days }] : [];
}

function noticesOf({ reference, isOwn, state, erasedAt, members, deliveries }: Move, nowMs: number): readonly Notice[] {
  if (state === 'CANCELLED' || erasedAt !== null) return [];
  const waits = !isOwn && members.some((member) => member.isMe && member.state === 'AWAITING_CONFIRMATION');
  const by = members.find(({ role }) => role === 'DECLARANT')?.givenNames ?? undefined;
  if (waits) return [{ kind: 'move-to-confirm', reference, by }];
  return deliveries.flatMap(({ status, reason, isSilent, agency, timeline }): readonly Notice[] => {
    const trouble = isSilent ? 'SILENT' : status;
    if (trouble !== 'NEEDS_CITIZEN' && trouble !== 'REFUSED' && trouble !== 'SILENT') return [];
    // A refusal asks for nothing that could be done here: it is told of for a while, and stays on the move's page.
    const last = timeline.at(-1);
    if (trouble === 'REFUSED' && last !== undefined && daysUntil(last.at, nowMs) < -TOLD_DAYS) return [];
    return [{ kind: 'delivery', reference, agency: agency.name, trouble, reason }];
  });
}
