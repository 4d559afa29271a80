import type { GrantRole } from './grant.ts';
import type { PivotIdentity } from './pivotIdentity.ts';

/**
 * A person whom an agency's answer names and the grant does not: a child, a partner, a member of the file. The agency has no
 * reference for them, so the entity's `id` is what its file knows of their identity, sealed for the hub, which opens it, matches it
 * and makes the other parties' references (DESIGN, "Relatives").
 *
 * `id` = MET_PERSON_PREFIX + compact JWE (`alg: dir`, `enc: A256GCM`), `kid` = that of the grant that the answer belongs to, key
 * derived as the grant's with info = MET_PERSON_INFO_PREFIX + agency id. The prefix's colon occurs in no reference.
 */
export interface MetPersonClaims {
  /** Agency id. */
  readonly iss: string;
  readonly aud: 'hub';
  /** `jti` of the grant, so that a sealed person cannot be carried into another answer. */
  readonly grant: string;
  /** Names and birth date always, the rest when the agency's file has it. */
  readonly identity: Pick<PivotIdentity, 'family_name' | 'given_name' | 'birthdate'> & Partial<PivotIdentity>;
  /** What the agency can prove of the relation to the person whose record names them. */
  readonly role?: Exclude<GrantRole, 'SELF'>;
}

export const MET_PERSON_PREFIX = 'met:';
export const MET_PERSON_INFO_PREFIX = 'trait-dunion met v1 ';
