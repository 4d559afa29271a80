import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { RecordCandidate } from './agencyModule.ts';
import { foldName } from './foldName.ts';

/**
 * Candidates for `findPersons` from a file held in memory: whoever has the same folded birth name, which every rule set agrees on. One
 * look-up for each identity, in the same order.
 */
export function indexByBirthName<Row>(
  candidates: readonly RecordCandidate<Row>[],
): (identities: readonly PivotIdentity[]) => readonly (readonly RecordCandidate<Row>[])[] {
  const index = new Map<string, RecordCandidate<Row>[]>();
  for (const candidate of candidates) {
    const key = foldName(candidate.identity.family_name);
    const namesakes = index.get(key);
    if (namesakes) namesakes.push(candidate);
    else index.set(key, [candidate]);
  }
  return (identities) => identities.map(({ family_name }) => index.get(foldName(family_name)) ?? []);
}
