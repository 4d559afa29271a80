import { expandScopes } from '../../../schema/scopes.ts';
import { type SubjectKey, createConsentId } from '../../platform/ids.ts';
import type { ConsentLedger } from './consent.ts';
import { answerBeforeMs, foldConsents } from './consentState.ts';
import { type ConsentEvent, appendEvent, appendRequest } from './consentStore.ts';
import { type ConsentLink, appendLink, readFreeLink, takeLink } from './linkStore.ts';
import { type RequestActsPowers, subjectOf } from './requestActs.ts';

/** Stands where a link has no person yet. */
const NOBODY = '' as SubjectKey;

/**
 * A service's question to somebody whom the hub cannot name yet: a letter, a counter, an e-mail. The link belongs to whoever answers it first, and to
 * nobody before that: a preview by a mail program, or a member of the household who opens it and sees that it is not for them, takes it from
 * nobody.
 */
export function createLinkActs({
  db,
  clock,
  write,
  answering,
}: RequestActsPowers): Pick<ConsentLedger, 'requestByLink' | 'findLink' | 'takeLink'> {
  return {
    async requestByLink(terms) {
      const scopes = [...expandScopes(terms.scopes)].sort();
      const link = { ...terms, scopes, id: createConsentId(), askedAt: new Date(clock()).toISOString() };
      await answering(appendLink(db, link));
      return foldConsents([asked(link, NOBODY)], clock())[0]!;
    },

    async findLink(subject, id) {
      const link = await answering(readFreeLink(db, id));
      if (link === undefined) return undefined;
      const { returnUrl, state, askedAt, expiresAt } = link;
      const consent = foldConsents([asked(link, subject)], clock())[0]!;
      const answerBefore = new Date(answerBeforeMs({ requestedAt: askedAt, expiresAt })).toISOString();
      return { consent, answerBefore, returnUrl, ...(state !== undefined && { state }) };
    },

    async takeLink(subject, id) {
      const link = await answering(readFreeLink(db, id));
      if (link === undefined) return false;
      const event = asked(link, subject);
      return write(subjectOf(event.consent), async (transaction) => {
        if (!(await takeLink(transaction, id, subject))) return false;
        await appendEvent(transaction, event);
        await appendRequest(transaction, id, link);
        return true;
      });
    },
  };
}

/** The link as the first act of that person's consent. */
function asked({ askedAt, returnUrl: _url, state: _state, ...terms }: ConsentLink, subject: SubjectKey): ConsentEvent {
  return { type: 'REQUESTED', at: askedAt, consent: { ...terms, subject } };
}
