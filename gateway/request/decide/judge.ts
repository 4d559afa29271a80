import type { RefusalSubject } from '../../../schema/refusals.ts';
import type { SubjectSlot, Verdict } from '../exchange.ts';
import type { FieldReading, OperationReading } from './readOperation.ts';
import type { Rights } from './rights.ts';
import { ALLOWED, judgeRule, refuse, type YearNeed } from './verdict.ts';

/**
 * A verdict for every field, by index. What stands under a refused field is refused with it and for its reason. `years` has one entry per
 * field that asks for an income year, in the order of the reading's.
 */
export function judge(reading: OperationReading, years: readonly YearNeed[], rights: Rights): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  let nextYear = 0;
  for (const field of reading.fields) {
    const year = field.year && years[nextYear++];
    const above = field.parent && verdicts[field.parent.field.index]!;
    verdicts.push(above?.allowed === false ? above : judgeField(field, year, rights));
  }
  return verdicts;
}

function judgeField(reading: FieldReading, year: YearNeed, rights: Rights): Verdict {
  const subject = refusalSubject(reading.slot);
  if (reading.standing === 'STRANGER') return refuse('SUBJECT_NOT_COVERED', 'OTHER');
  if (reading.standing === 'UNRULED') return refuse('NO_RULE', subject);
  if (!isCovered(reading, rights)) return refuse('SUBJECT_NOT_COVERED', subject);
  if (reading.standing === 'OPEN' && !year) return ALLOWED;
  return judgeRule(reading.need.rule, year, rights, subject);
}

/**
 * Whether the caller's rights speak for whom the field is about. Of anybody else a caller learns here that they are named (`id`,
 * `__typename`) and no more; who they are, and their own rights, show only at run time.
 */
function isCovered({ slot, standing, identifies }: FieldReading, rights: Rights): boolean {
  if (slot.kind === 'NONE' || slot.kind === 'CALLER') return true;
  if (slot.kind === 'IN_FILE' && rights.coversFile) return true;
  return standing === 'OPEN' && identifies;
}

function refusalSubject(slot: SubjectSlot): RefusalSubject {
  return slot.kind === 'NONE' || slot.kind === 'CALLER' ? 'SELF' : 'OTHER';
}
