import type { Asker } from '../asker.ts';
import type { Reason } from './verdict.ts';

/**
 * Whose data something is, seen from the caller (DESIGN 5). OTHER: a person reached otherwise than by `Query.me`; today nothing of
 * theirs is read, whoever they turn out to be. A later rule (CHILD, SPOUSE) splits OTHER here, and only here.
 */
export type Standing = 'NOBODY' | 'CALLER' | 'IN_FILE' | 'OTHER';

/** The standing of a person that a field leads to. `isDoor`: the field is `Query.me`. */
export function standingOfPerson(isDoor: boolean): Standing {
  return isDoor ? 'CALLER' : 'OTHER';
}

/** Why nothing of this standing is read by this caller but who it is (`id`, `__typename`); undefined when rules decide. */
export function refusalByStanding(standing: Standing, asker: Asker): Reason | undefined {
  switch (standing) {
    case 'NOBODY':
    case 'CALLER':
      return undefined;
    case 'IN_FILE':
      return coversFile(asker) ? undefined : 'SUBJECT_NOT_COVERED';
    case 'OTHER':
      return 'SUBJECT_NOT_COVERED';
    default:
      return standing satisfies never;
  }
}

/** Whether this person may be named to an agency, in a representation or an argument. */
export function mayBeNamed(person: string, asker: Asker): boolean {
  return person === asker.person;
}

/** Under L114-8 for a purpose computed on the household; and by the right of access, the file being the caller's own. */
function coversFile({ legalBasis, household }: Asker): boolean {
  return legalBasis === 'RIGHT_OF_ACCESS_RGPD_15' || (legalBasis === 'INFORMATION_L114_8' && household);
}
