import type { MetPersonClaims } from '../../../schema/metPerson.ts';
import type { SubjectKey } from '../../platform/ids.ts';
import { missingClaims, type SubjectKeyOf } from '../../platform/subjectKey.ts';
import type { ProvenRelative } from '../exchange.ts';
import { matchRelative } from './relatives/matchRelative.ts';

/** Which person an agency's answer names, given the caller's proven relatives; undefined = a person unknown to the hub. */
export type WhoIs = (met: MetPersonClaims, relatives?: Iterable<ProvenRelative>) => SubjectKey | undefined;

/**
 * A full pivot identity is somebody for certain, and the caller when the key is the caller's. Less than that names one of the caller's proven relatives,
 * or nobody: a namesake born on the same day would be served in their place.
 */
export function createWhoIs(subjectKeyOf: SubjectKeyOf): WhoIs {
  return (met, relatives = []) =>
    missingClaims(met.identity).length === 0 ? subjectKeyOf(met.identity) : matchRelative(met, relatives);
}
