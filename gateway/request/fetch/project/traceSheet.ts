import type { SubjectKey } from '../../../platform/ids.ts';
import type { FieldOutcome } from '../../../registers/access/accessRecord.ts';
import type { FieldTrace, Judgement, Refusal } from '../../exchange.ts';

/** Worst first: of several positions of one field of one subject the last of these counts. */
const OUTCOMES = ['ABSENT', 'ERROR', 'REFUSED', 'DELIVERED'] as const satisfies readonly FieldOutcome[];
export type TracedOutcome = (typeof OUTCOMES)[number];

/** Notes what became of each field of each subject while the reply is written; two plain arrays, since long lists note thousands. */
export class TraceSheet {
  readonly #codes: number[] = [];
  readonly #subjects: SubjectKey[] = [];
  /** By field and subject. */
  readonly #refusals = new Map<string, Refusal['reason']>();

  note(index: number, subject: SubjectKey, outcome: TracedOutcome): void {
    this.#codes.push(index * OUTCOMES.length + OUTCOMES.indexOf(outcome));
    this.#subjects.push(subject);
  }

  noteRefusal(index: number, subject: SubjectKey, reason: Refusal['reason']): void {
    this.note(index, subject, 'REFUSED');
    this.#refusals.set(`${index} ${subject}`, reason);
  }

  /** To be given to `takeBack` when the object begun here becomes null. */
  get mark(): number {
    return this.#codes.length;
  }

  /** What was noted since `mark` did not reach the client after all; refusals stay. */
  takeBack(mark: number): void {
    let kept = mark;
    for (let at = mark; at < this.#codes.length; at++) {
      if (OUTCOMES[this.#codes[at]! % OUTCOMES.length] !== 'REFUSED') continue;
      this.#codes[kept] = this.#codes[at]!;
      this.#subjects[kept] = this.#subjects[at]!;
      kept++;
    }
    this.#codes.length = kept;
    this.#subjects.length = kept;
  }

  /** One trace per field and subject. */
  toTraces({ agencies }: Pick<Judgement, 'agencies'>): FieldTrace[] {
    const best = new Map<SubjectKey, Map<number, number>>();
    let subject: SubjectKey | undefined;
    let ranks = new Map<number, number>();
    for (let at = 0; at < this.#codes.length; at++) {
      if (this.#subjects[at] !== subject) {
        subject = this.#subjects[at]!;
        ranks = best.get(subject) ?? new Map<number, number>();
        best.set(subject, ranks);
      }
      const rank = this.#codes[at]! % OUTCOMES.length;
      const index = (this.#codes[at]! - rank) / OUTCOMES.length;
      const known = ranks.get(index);
      if (known === undefined || known < rank) ranks.set(index, rank);
    }
    return [...best].flatMap(([of, outcomes]) =>
      [...outcomes].map(([index, rank]): FieldTrace => {
        const outcome = OUTCOMES[rank]!;
        const reason = outcome === 'REFUSED' ? this.#refusals.get(`${index} ${of}`) : reasonOf(outcome);
        return { index, subject: of, agency: agencies[index]!, outcome, ...(reason && { reason }) };
      }),
    );
  }
}

function reasonOf(outcome: TracedOutcome): FieldTrace['reason'] {
  if (outcome === 'ABSENT') return 'NOT_AVAILABLE';
  return outcome === 'ERROR' ? 'AGENCY_UNAVAILABLE' : undefined;
}
