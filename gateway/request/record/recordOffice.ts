import { advance } from '../advance.ts';
import type { Masked, Office, Recorded } from '../exchange.ts';

/**
 * The sixth step where no citizen asks: nothing of a person was read, so the access log has nothing to keep; what an office did is in the registers'
 * own acts. Throws a TypeError when a person's data should have been read after all: no record, no reply.
 */
export function recordOffice(masked: Masked<Office>): Recorded<Office> {
  const { verdicts, subjects } = masked.judgement;
  const readsSomebody = verdicts.some(({ allowed }, index) => allowed && subjects[index]!.kind !== 'NONE');
  if (readsSomebody || masked.traces.length > 0) throw new TypeError('an office read what belongs to a person');
  return advance(masked, { recordedCount: 0 });
}
