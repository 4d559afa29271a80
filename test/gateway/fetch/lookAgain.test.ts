import { describe, expect, test } from '@jest/globals';
import type { Decided, Judgement, SubjectSlot, Verdict } from '../../../gateway/request/exchange.ts';
import { createStillAllowed } from '../../../gateway/request/fetch/lookAgain.ts';

const YES: Verdict = { allowed: true };
const NO: Verdict = { allowed: false, reason: 'CONSENT_REQUIRED', missingScopes: [], subject: 'SELF' };
const CALLERS: SubjectSlot = { kind: 'CALLER' };
const RELATIVES: SubjectSlot = { kind: 'RELATIVE', through: 0 };

const judged = (...verdicts: readonly Verdict[]): Judgement =>
  ({ verdicts, subjects: [CALLERS, CALLERS, RELATIVES] }) as unknown as Judgement;

function aRequest(later: Judgement, options: { readonly answers?: 'at once' | 'later' } = {}) {
  const decided = { judgement: judged(YES, YES, YES), ledgerVersion: 7 } as unknown as Decided;
  const state = { version: 7, holdsLease: true, decisions: 0, movesOn: false };
  const decide = (): Decided | Promise<Decided> => {
    state.decisions += 1;
    const version = state.version;
    if (state.movesOn) state.version += 1;
    const conclude = (): Decided => Object.assign(decided, { judgement: later, ledgerVersion: version });
    return options.answers === 'later' ? Promise.resolve().then(conclude) : conclude();
  };
  const ledger = { version: () => state.version, holdsLease: () => state.holdsLease };
  return { state, stillAllowed: createStillAllowed(decided, { ledger, decide }) };
}

describe('before a fetch', () => {
  test('nothing is asked again while the ledger is as it was, and the answer is there at once', () => {
    const { state, stillAllowed } = aRequest(judged(NO, NO, NO));
    expect(stillAllowed([0, 1])).toBe(true);
    expect(state.decisions).toBe(0);
  });

  test('a changed ledger is asked again, and what it no longer opens is not asked for', async () => {
    const { state, stillAllowed } = aRequest(judged(YES, NO, YES));
    state.version = 8;
    expect(await stillAllowed([0, 1])).toBe(false);
    expect(await stillAllowed([0])).toBe(true);
    expect(state.decisions).toBe(1);
  });

  test('a change about somebody else costs a look and nothing more', async () => {
    const { state, stillAllowed } = aRequest(judged(YES, YES, YES));
    state.version = 8;
    expect(await stillAllowed([0, 1])).toBe(true);
  });

  test('fetches at one time look once', async () => {
    const { state, stillAllowed } = aRequest(judged(YES, YES, YES), { answers: 'later' });
    state.version = 8;
    await Promise.all([stillAllowed([0]), stillAllowed([1])]);
    expect(state.decisions).toBe(1);
  });

  test('what is a relative’s is left to their own verdicts', async () => {
    const { state, stillAllowed } = aRequest(judged(YES, YES, NO));
    state.version = 8;
    expect(await stillAllowed([2])).toBe(true);
  });

  test('a ledger that changes while it is read is read again, but not for ever', async () => {
    const { state, stillAllowed } = aRequest(judged(NO, YES, YES), { answers: 'later' });
    state.version = 8;
    state.movesOn = true;
    expect(await stillAllowed([0])).toBe(false);
    expect(state.decisions).toBeGreaterThan(1);
    expect(state.decisions).toBeLessThan(6);
  });

  test('a node without lease refuses', () => {
    const { state, stillAllowed } = aRequest(judged(YES, YES, YES));
    state.holdsLease = false;
    expect(() => stillAllowed([0])).toThrow(expect.objectContaining({ code: 'HUB_LEDGER_UNAVAILABLE' }));
  });

  test('a ledger that does not answer ends the request', async () => {
    const decided = { judgement: judged(YES, YES, YES), ledgerVersion: 7 } as unknown as Decided;
    const ledger = { version: () => 8, holdsLease: () => true };
    const stillAllowed = createStillAllowed(decided, { ledger, decide: () => Promise.reject(new Error('silence')) });
    await expect(stillAllowed([0])).rejects.toThrow('silence');
  });
});
