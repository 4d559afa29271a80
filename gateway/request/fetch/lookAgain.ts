import { HubError } from '../../platform/errors.ts';
import type { Decided, Refusal } from '../exchange.ts';

export interface LookAgainPowers {
  /** Whether this node's ledger may answer, and its version, which grows with every change that the node has heard of. */
  readonly ledger: { holdsLease(): boolean; version(): number };
  /** The decide step: a decided request is judged anew, in place. */
  readonly decide: (decided: Decided) => Decided | Promise<Decided>;
}

/** Whether all that is asked may still be asked, of the caller's own; relatives are looked up each by their own verdicts. */
export type StillAllowed = (asks: readonly number[]) => boolean | Promise<boolean>;

export const WITHDRAWN: Refusal = { reason: 'CONSENT_WITHDRAWN', missingScopes: [], subject: 'SELF' };

/** While a node hears of no changes nothing is remembered, and each look is a reading of the ledger: then two in a row are enough. */
const MAX_LOOKS = 3;

/**
 * Looks at a decision again before each fetch (DESIGN, invariant 5): at once, and nearly always at no cost, when the ledger has not changed since.
 * Otherwise consents are asked anew, and what they no longer open is not asked for. Throws HUB_LEDGER_UNAVAILABLE on a node without lease.
 */
export function createStillAllowed(decided: Decided, { ledger, decide }: LookAgainPowers): StillAllowed {
  const before = decided.judgement;
  let looking: Promise<unknown> | undefined;

  const holds = (asks: readonly number[]): boolean => {
    const { judgement } = decided;
    if (judgement === before) return true;
    return asks.every(
      (index) =>
        judgement.subjects[index]!.kind === 'RELATIVE' ||
        judgement.verdicts[index]!.allowed ||
        !before.verdicts[index]!.allowed,
    );
  };

  /** A promise when the ledger has to be read. */
  const look = (): Promise<unknown> | undefined => {
    if (!ledger.holdsLease()) throw new HubError('HUB_LEDGER_UNAVAILABLE', { detail: 'this node has no lease' });
    if (ledger.version() === decided.ledgerVersion) return undefined;
    looking ??= startLooking(() => decide(decided)).finally(() => (looking = undefined));
    return looking;
  };

  return (asks) => {
    const looked = look();
    if (!looked) return holds(asks);
    return (async () => {
      let under: Promise<unknown> | undefined = looked;
      for (let looks = 0; under && looks < MAX_LOOKS; looks++) {
        await under;
        under = look();
      }
      return holds(asks);
    })();
  };
}

function startLooking(decide: () => unknown): Promise<unknown> {
  return Promise.resolve().then(decide);
}
