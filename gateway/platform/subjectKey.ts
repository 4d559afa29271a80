import { createHmac } from 'node:crypto';
import { PIVOT_CLAIMS, type PivotIdentity } from '../../schema/pivotIdentity.ts';
import { HubError } from './errors.ts';
import type { SubjectKey } from './ids.ts';

/** Makes the hub's own key of a person. Throws HubError HUB_TOKEN_IDENTITY_INCOMPLETE for an identity that names nobody for certain. */
export type SubjectKeyOf = (pivot: Partial<PivotIdentity>) => SubjectKey;

const FRANCE = '99100';
const KEY_HEX_DIGITS = 30;

/**
 * First 15 bytes of HMAC-SHA256 under the hub's secret over the six pivot claims. 15 bytes and not 16, so that a reference (version, SIV, 15 bytes) is 43
 * characters; two of 68 million people share a key with a chance of 2 in 10^21.
 *
 * Two spellings of one identity are one person: case, Unicode composition, the kind of apostrophe and the number of spaces do not
 * count. Accents, hyphens and the order of names do, as they do for FranceConnect's own `sub`: whether "Jean-Luc" is "Jean Luc" is for each
 * agency's reconciliation to judge, and a guess here would hand one person another's consents.
 */
export function createSubjectKeyOf(keys: { readonly subjectSecret: Buffer }): SubjectKeyOf {
  return (pivot) => {
    const missing = missingClaims(pivot);
    if (missing.length > 0) {
      throw new HubError('HUB_TOKEN_IDENTITY_INCOMPLETE', {
        detail: `missing: ${missing.join(', ')}`,
        extensions: { missingClaims: missing },
      });
    }
    // A separator that no claim can hold after normalisation: "AB" + "C" and "A" + "BC" are two people.
    const claims = PIVOT_CLAIMS.map((claim) => normalisedClaim(pivot, claim));
    const digest = createHmac('sha256', keys.subjectSecret).update(claims.join('\n')).digest('hex');
    return digest.slice(0, KEY_HEX_DIGITS) as SubjectKey;
  };
}

/** Which of the six claims are not there: none of them for an identity that names somebody for certain. */
export function missingClaims(pivot: Partial<PivotIdentity>): readonly (typeof PIVOT_CLAIMS)[number][] {
  return PIVOT_CLAIMS.filter((claim) => normalisedClaim(pivot, claim) === '' && !mayBeEmpty(claim, pivot));
}

function normalisedClaim(pivot: Partial<PivotIdentity>, claim: (typeof PIVOT_CLAIMS)[number]): string {
  return normalise(claim === 'birthdate' ? knownPart(pivot[claim]) : pivot[claim]);
}

/** People born abroad have no commune of birth in the COG (FranceConnect, claim `birthplace`). */
function mayBeEmpty(claim: (typeof PIVOT_CLAIMS)[number], pivot: Partial<PivotIdentity>): boolean {
  return claim === 'birthplace' && pivot.birthcountry !== undefined && pivot.birthcountry !== FRANCE;
}

/** A presumed date has two spellings: `1994-04-00` from identity providers, `1994-04` from the RNIPP. */
function knownPart(birthdate: string | undefined): string | undefined {
  return birthdate?.replace(/(-00)+$/, '');
}

function normalise(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value.normalize('NFC').replace(/[’ʼ`]/g, "'").replace(/\s+/g, ' ').trim().toUpperCase().normalize('NFC');
}
