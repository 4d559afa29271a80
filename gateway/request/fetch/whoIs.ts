import type { MetPersonClaims } from '../../../schema/metPerson.ts';
import type { SubjectKey } from '../../platform/ids.ts';
import { missingClaims, type SubjectKeyOf } from '../../platform/subjectKey.ts';

/** Which person an agency's answer names; undefined = a person unknown to the hub. */
export type WhoIs = (met: MetPersonClaims) => SubjectKey | undefined;

/**
 * A full pivot identity is somebody for certain, and the caller when the key is the caller's. Less than that names nobody: a namesake born on the
 * same day would be served in their place.
 */
export function createWhoIs(subjectKeyOf: SubjectKeyOf): WhoIs {
  return ({ identity }) => (missingClaims(identity).length === 0 ? subjectKeyOf(identity) : undefined);
}
