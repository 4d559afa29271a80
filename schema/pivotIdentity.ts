/**
 * The pivot identity: the seven facts by which FranceConnect names a person to a data provider, and by which an agency finds
 * that person in its own file. Spelt as FranceConnect spells the claims (FranceConnect v2, scope `identite_pivot`).
 */
export interface PivotIdentity {
  /** Birth name, as civil status holds it. */
  readonly family_name: string;
  /** All first names, separated by spaces, in the order of civil status. */
  readonly given_name: string;
  /** First names one by one, when the source separates them: "Anne Laure" may be one name or two. */
  readonly given_name_array?: readonly string[];
  /** `YYYY-MM-DD`; presumed dates are `YYYY-MM` or `YYYY` (RNIPP), or `YYYY-MM-00`, `YYYY-00-00` (identity providers). */
  readonly birthdate: string;
  readonly gender: 'male' | 'female';
  /** Five characters of the INSEE COG; empty for a person born abroad. */
  readonly birthplace: string;
  /** Five digits of the INSEE COG; France is `99100`. */
  readonly birthcountry: string;
  /** Usage name; not part of the identity hash, kept because agencies know people by it. */
  readonly preferred_username?: string;
}

/** The order and the set of claims from which the hub's subject key and FranceConnect's `sub` are derived. */
export const PIVOT_CLAIMS = ['given_name', 'family_name', 'birthdate', 'gender', 'birthplace', 'birthcountry'] as const;
