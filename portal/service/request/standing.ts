import { faultAt, type Fault, type GraphAnswer } from '../../graph.ts';
import type { AskedField, FieldValue, FormAnswer, Procedure } from '../procedures.ts';

/** How a field of the form stands after the question was asked. */
export interface Standing {
  readonly field: AskedField;
  readonly value: FieldValue;
  readonly fault: Fault | undefined;
  /**
   * `known`; `mine` and `partners`: missing, and theirs to open; `later`: depends on one that is missing; `unavailable`: neither can be helped
   * here.
   */
  readonly is: 'known' | 'mine' | 'partners' | 'later' | 'unavailable';
}

/** One question, and for every field of the form a value or what can be done about it. */
export function standingsOf({ fields }: Procedure, { data, faults }: GraphAnswer<FormAnswer>): readonly Standing[] {
  return fields.map((field) => {
    const value = data === null ? undefined : field.read(data);
    const fault = faultOf(faults, field.path);
    return { field, value, fault, is: value === undefined ? whatIsMissing(field, fault) : 'known' };
  });
}

function whatIsMissing({ of }: AskedField, fault: Fault | undefined): Standing['is'] {
  const isConsent = fault?.reason === 'CONSENT_REQUIRED';
  if (of === 'SELF') return isConsent ? 'mine' : 'unavailable';
  // A refusal further up is the person's own, and its field says so.
  if (fault !== undefined && fault.subject !== 'SPOUSE') return 'later';
  return isConsent ? 'partners' : 'unavailable';
}

/** Below the field, above it, or about the whole answer. */
function faultOf(faults: readonly Fault[], path: readonly string[]): Fault | undefined {
  const below = faults.find((fault) => path.every((part, at) => fault.path[at] === part));
  return below ?? faultAt(faults, ...path) ?? faults.find((fault) => fault.path.length === 0);
}
