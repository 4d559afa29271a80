import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { RecordCandidate, RecordIdentity } from './agencyModule.ts';

/** Whether the person named by the hub and the person of a record are the same. */
export type IdentityMatcher = (asked: PivotIdentity | RecordIdentity, held: RecordIdentity) => boolean;

export type Reconciled<Row> =
  { readonly record: Row } | { readonly absent: 'NONE' | 'SEVERAL' | 'PROTECTED' | 'DECEASED' };

/**
 * Pivot identity to the agency's own record: exactly one match, or absent, never a guess. A record that is withheld counts as a
 * match, so that a namesake of a protected person is not served in their place.
 */
export function reconcile<Row>(
  asked: PivotIdentity,
  candidates: readonly RecordCandidate<Row>[],
  matches: IdentityMatcher,
): Reconciled<Row> {
  const found = candidates.filter((candidate) => matches(asked, candidate.identity));
  if (found.length === 0) return { absent: 'NONE' };
  if (found.length > 1) return { absent: 'SEVERAL' };
  const [only] = found;
  return only!.withheld ? { absent: only!.withheld } : { record: only!.record };
}
