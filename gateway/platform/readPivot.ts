import { HubError } from './errors.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';

const FRANCE = '99100';
/** Whole dates, and the presumed ones of RNIPP (`YYYY-MM`, `YYYY`) and of identity providers (`YYYY-MM-00`, `YYYY-00-00`). */
const BIRTHDATE = /^\d{4}(?:-\d{2}(?:-\d{2})?)?$/;
const COG_COMMUNE = /^[0-9][0-9AB][0-9]{3}$/;
const COG_COUNTRY = /^99[0-9]{3}$/;
/** Longer than any name that civil status holds; keeps a token's claims from filling grants. */
const MAX_NAME_LENGTH = 512;

/**
 * The pivot identity out of a token's claims, as FranceConnect spells them (scope `identite_pivot`). Five facts are required, and
 * the birthplace for whoever is born in France. Throws HubError HUB_TOKEN_IDENTITY_INCOMPLETE, which names the claim and no value.
 */
export function readPivot(claims: Readonly<Record<string, unknown>>): PivotIdentity {
  const gender = claims['gender'];
  if (gender !== 'male' && gender !== 'female') throw incomplete('gender');
  const birthcountry = readText(claims, 'birthcountry', COG_COUNTRY);
  const birthplace = claims['birthplace'] ?? '';
  if (
    typeof birthplace !== 'string' ||
    !(COG_COMMUNE.test(birthplace) || (birthplace === '' && birthcountry !== FRANCE))
  ) {
    throw incomplete('birthplace');
  }
  const names = claims['given_name_array'];
  const usageName = claims['preferred_username'];
  return {
    family_name: readText(claims, 'family_name'),
    given_name: readText(claims, 'given_name'),
    ...(isNames(names) ? { given_name_array: names } : {}),
    birthdate: readText(claims, 'birthdate', BIRTHDATE),
    gender,
    birthplace,
    birthcountry,
    ...(typeof usageName === 'string' && isName(usageName) ? { preferred_username: usageName } : {}),
  };
}

function readText(claims: Readonly<Record<string, unknown>>, claim: string, pattern?: RegExp): string {
  const value = claims[claim];
  if (typeof value !== 'string' || !isName(value) || pattern?.test(value) === false) throw incomplete(claim);
  return value;
}

function isName(value: string): boolean {
  return value !== '' && value.length <= MAX_NAME_LENGTH;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 50 && value.every((item) => typeof item === 'string' && isName(item));
}

function incomplete(claim: string): HubError {
  return new HubError('HUB_TOKEN_IDENTITY_INCOMPLETE', { extensions: { claim } });
}
