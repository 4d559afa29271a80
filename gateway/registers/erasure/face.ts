import { type Clock, dayInParis } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import type { SubjectKey } from '../../platform/ids.ts';
import { type FaceContext, type OpenSubject, labelIn } from '../faceContext.ts';
import { ERASED_LABELS, KEPT_WORDS, type ErasableKind, type KeptKind } from './erasureWords.ts';

/** What this face needs of the registers, none of which it may import. */
export interface ErasureFacePowers {
  /** Left out, nobody declares anything here. */
  readonly moves:
    | {
        erase(subject: SubjectKey): Promise<{
          readonly moves: number;
          readonly parts: number;
          readonly kept: number;
          readonly keptUntil: string | undefined;
        }>;
      }
    | undefined;
  readonly ledger: {
    eraseRequestStates(subject: SubjectKey): Promise<number>;
    listConsents(subject: SubjectKey): Promise<
      readonly {
        readonly status: string;
        readonly givenAt?: string;
        readonly endedAt?: string;
        readonly expiresAt: string;
        readonly acts: readonly { readonly at: string }[];
      }[]
    >;
  };
  readonly openSubject: OpenSubject;
  readonly clock: Clock;
}

/** The hub's own client: what a citizen says there, and nowhere else, is that citizen's own word (DESIGN, invariant 11). */
const PORTAL = 'portal';
const PROOF_YEARS = 5;
const LOG_YEARS = 3;
const NO_MOVES = { moves: 0, parts: 0, kept: 0, keptUntil: undefined };

/** The citizen's right to have erased what the hub holds of them and may let go of. */
export function createErasureFace({ moves, ledger, openSubject, clock }: ErasureFacePowers) {
  function callerOf({ grant }: FaceContext): SubjectKey {
    const self = grant.subjects.find(({ role }) => role === 'SELF');
    if (self === undefined || grant.service.clientId !== PORTAL) throw new HubError('HUB_ERASURE_PORTAL_ONLY');
    return openSubject(self.reference);
  }

  /** What the law has the hub keep of consents, and those that still count. */
  async function keptConsents(subject: SubjectKey) {
    const consents = await ledger.listConsents(subject);
    const inForce = consents.filter(({ status }) => status === 'ACTIVE' || status === 'REQUESTED');
    const ended = consents.filter((consent) => !inForce.includes(consent));
    // What ran out ended on its last day; a question that nobody answered, as far as it says anything, when it was put.
    const ends = ended.map((one) => one.endedAt ?? (one.givenAt ? one.expiresAt : one.acts.at(-1)!.at)).sort();
    return [
      kept('CONSENT_IN_FORCE', inForce.length),
      kept('CONSENT_ENDED', ended.length, ends.length > 0 ? yearsAfter(ends.at(-1)!, PROOF_YEARS) : undefined),
    ];
  }

  return {
    Mutation: {
      async eraseMyData(_parent: unknown, _args: object, context: FaceContext) {
        const subject = callerOf(context);
        const ofMoves = (await moves?.erase(subject)) ?? NO_MOVES;
        const notes = await ledger.eraseRequestStates(subject);
        const at = new Date(clock()).toISOString();
        return {
          at,
          erased: [
            erased('MOVE', ofMoves.moves),
            erased('PART_IN_MOVE', ofMoves.parts),
            erased('REQUEST_NOTE', notes),
          ].filter(({ count }) => count > 0),
          kept: [
            kept('MOVE_UNDER_WAY', ofMoves.kept, ofMoves.keptUntil),
            ...(await keptConsents(subject)),
            // Its youngest line is the one that this act leaves.
            kept('ACCESS_LOG', undefined, yearsAfter(at, LOG_YEARS)),
            kept('SESSION', undefined, dayInParis(clock())),
          ].filter(({ count }) => count !== 0),
        };
      },
    },
  };
}

function erased(kind: ErasableKind, count: number) {
  return { kind, label: labelIn(ERASED_LABELS[kind]), count };
}

function kept(kind: KeptKind, count: number | undefined, until?: string) {
  const { label, why } = KEPT_WORDS[kind];
  return { kind, label: labelIn(label), why: labelIn(why), count, until };
}

/** The day in Paris that many years later; after 29 February, 1 March. */
function yearsAfter(instant: string, years: number): string {
  const day = dayInParis(Date.parse(instant));
  const later = new Date(`${day}T00:00:00Z`);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later.toISOString().slice(0, 10);
}
