import { expandScopes } from '../../../schema/scopes.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Kysely } from '../../platform/database/database.ts';
import { HubError } from '../../platform/errors.ts';
import { type ConsentId, type SubjectKey, createConsentId } from '../../platform/ids.ts';
import type { Consent, ConsentLedger, ConsentRequest } from './consent.ts';
import { answerBeforeMs, foldConsents } from './consentState.ts';
import {
  type ConsentEvent,
  appendEvent,
  appendRequest,
  eraseStates,
  readEvents,
  readEventsOf,
  readRequest,
} from './consentStore.ts';
import type { ConsentTables } from './consentTables.ts';
import { lockEntries } from './noticeStore.ts';

type Transaction = Kysely<ConsentTables>;

export interface RequestActsPowers {
  readonly db: Transaction;
  readonly clock: Clock;
  /**
   * Runs in one transaction and tells every node that something about this subject, service and purpose has changed. What `closes` something resolves
   * when no node can answer with what was open before.
   */
  readonly write: <Result>(
    about: string,
    act: (transaction: Transaction) => Promise<Result>,
    does?: 'opens' | 'closes',
  ) => Promise<Result>;
  /** Turns silence and failure of the database into HUB_LEDGER_UNAVAILABLE. */
  readonly answering: <Result>(work: Promise<Result>) => Promise<Result>;
}

/** A service that has so many questions before one person for one purpose gets to ask no more until some are answered or over. */
const MAX_WAITING = 20;

/** The ledger's acts around a service's request and a consent's end. */
export function createRequestActs(
  powers: RequestActsPowers,
): Pick<ConsentLedger, 'requestConsent' | 'findRequest' | 'answerRequest' | 'renewConsent' | 'eraseRequestStates'> {
  const { db, clock, write, answering } = powers;
  const now = () => new Date(clock()).toISOString();

  return {
    async requestConsent({ returnUrl, state, ...terms }) {
      const { subject, clientId, purpose } = terms;
      const earlier = foldConsents(await answering(readEvents(db, subject, { clientId, purpose })), clock());
      if (earlier.filter(({ status }) => status === 'REQUESTED').length >= MAX_WAITING) {
        throw new HubError('HUB_CONSENT_INPUT_INVALID', { extensions: { detailKey: 'requests' } });
      }
      const consent = { ...terms, scopes: [...expandScopes(terms.scopes)].sort(), id: createConsentId() };
      const event = { type: 'REQUESTED', at: now(), consent } as const;
      return write(subjectOf(consent), async (transaction) => {
        await appendEvent(transaction, event);
        await appendRequest(transaction, consent.id, { returnUrl, ...(state !== undefined && { state }) });
        return foldConsents([event], clock())[0]!;
      });
    },

    async findRequest(subject, id) {
      const { asked, events } = await answering(readAsked(db, subject, id));
      return asked && toRequest(asked, events, clock());
    },

    async answerRequest(subject, id, accepted) {
      const { asked, events } = await answering(readAsked(db, subject, id));
      if (asked === undefined) return undefined;
      const about = subjectOf(events[0]!.consent);
      const answer = async (transaction: Transaction): Promise<ConsentRequest> => {
        // Two answers at once: the second waits here, and then finds the first.
        await lockEntries(transaction, about);
        const acts = await readEventsOf(transaction, subject, id);
        const consent = foldConsents(acts, clock())[0]!;
        if (consent.status !== 'REQUESTED') throw new HubError('HUB_CONSENT_REQUEST_OVER');
        const act = { type: answerType(consent, accepted), at: now(), consent: narrowed(consent, accepted) };
        await appendEvent(transaction, act);
        return toRequest(asked, [...acts, act], clock());
      };
      // What is declined may be open by somebody else's word, a parent's: a minor's no ends that like a withdrawal.
      return write(about, answer, declines(events[0]!.consent, accepted) ? 'closes' : 'opens');
    },

    async renewConsent(subject, id, expiresAt) {
      const [consent] = foldConsents(await answering(readEventsOf(db, subject, id)), clock());
      if (consent?.status !== 'ACTIVE') return consent;
      return write(subjectOf(consent), async (transaction) => {
        await appendEvent(transaction, { type: 'RENEWED', at: now(), consent: { ...consent, expiresAt } });
        return foldConsents(await readEventsOf(transaction, subject, id), clock())[0]!;
      });
    },

    async eraseRequestStates(subject) {
      const consents = foldConsents(await answering(readEvents(db, subject)), clock());
      const ended = consents.filter(({ status }) => status !== 'REQUESTED' && status !== 'ACTIVE');
      return answering(
        eraseStates(
          db,
          ended.map(({ id }) => id),
        ),
      );
    },
  };
}

/** Subject, service and purpose in one text: what a change is about. None of the three can hold a line feed. */
export function subjectOf({ subject, clientId, purpose }: Pick<Consent, 'subject' | 'clientId' | 'purpose'>): string {
  return `${subject}\n${clientId}\n${purpose}`;
}

type Asked = Pick<ConsentRequest, 'returnUrl' | 'state'>;

/** `asked` is absent when that person was not asked under that id, whoever else was. */
async function readAsked(db: Transaction, subject: SubjectKey, id: ConsentId) {
  const events = await readEventsOf(db, subject, id);
  return { events, asked: events.length > 0 ? await readRequest(db, id) : undefined };
}

function toRequest(asked: Asked, events: readonly ConsentEvent[], nowMs: number): ConsentRequest {
  const consent = foldConsents(events, nowMs)[0]!;
  const first = { requestedAt: events[0]!.at, expiresAt: events[0]!.consent.expiresAt };
  return { ...asked, consent, answerBefore: new Date(answerBeforeMs(first)).toISOString() };
}

/** Declining a notice is objecting: where the law is the basis there is no consent to refuse. */
function answerType({ kind }: Consent, accepted: readonly string[]): 'GIVEN' | 'REFUSED' | 'OBJECTED' {
  if (accepted.length > 0) return 'GIVEN';
  return kind === 'NOTICE' ? 'OBJECTED' : 'REFUSED';
}

function declines({ scopes }: Pick<Consent, 'scopes'>, accepted: readonly string[]): boolean {
  const open = expandScopes(accepted);
  return scopes.some((scope) => !open.has(scope));
}

function narrowed(consent: Consent, accepted: readonly string[]): Consent {
  const open = expandScopes(accepted);
  if (![...open].every((scope) => consent.scopes.includes(scope)))
    throw new TypeError('answer: accepts more than asked');
  return open.size === 0 ? consent : { ...consent, scopes: consent.scopes.filter((scope) => open.has(scope)) };
}
