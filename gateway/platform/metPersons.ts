import { z } from 'zod';
import { MET_PERSON_INFO_PREFIX, MET_PERSON_PREFIX, type MetPersonClaims } from '../../schema/metPerson.ts';
import { createDayKeys } from './dayKeys.ts';
import type { AgencyId } from './ids.ts';
import type { ExchangePublicJwk, HubKeys } from './keys.ts';
import { decryptSealed, kidOf, parseJson, splitSealed } from './unseal.ts';

/** A grant that was sealed in this request, as far as an answer to it has to be recognised. */
export interface IssuedGrant {
  readonly agency: AgencyId;
  /** The key it was sealed to: the same object each time. */
  readonly agencyKey: ExchangePublicJwk;
  readonly jti: string;
  /** Seconds since the epoch. */
  readonly iat: number;
}

/**
 * Who an agency says a person of its answer is (schema/metPerson.ts): `reference` opened as an answer to one of these grants, all to the agency that
 * answers. undefined for whatever is no such thing: another agency's, another request's, changed, or of another form.
 */
export type OpenMetPerson = (reference: string, answerable: readonly IssuedGrant[]) => MetPersonClaims | undefined;

/** An identity with names of 500 characters each would fit. */
const MAX_CHARACTERS = 4_000;

const text = z.string().max(500);
const claimsSchema = z.strictObject({
  iss: z.string(),
  aud: z.literal('hub'),
  grant: z.string(),
  identity: z.strictObject({
    family_name: text,
    given_name: text,
    given_name_array: z.array(text).max(50).optional(),
    birthdate: text,
    gender: z.enum(['male', 'female']).optional(),
    birthplace: text.optional(),
    birthcountry: text.optional(),
    preferred_username: text.optional(),
  }),
  role: z.enum(['CHILD_PROVEN', 'SPOUSE', 'IN_FILE']).optional(),
});

/** Compact JWEs opened with node:crypto for the reason that grants are sealed with it (seal.ts); jose seals them, here and in the tests. */
export function createMetPersonOpener(keys: Pick<HubKeys, 'exchangeKeys'>): OpenMetPerson {
  const dayKeyFor = createDayKeys(keys, MET_PERSON_INFO_PREFIX);

  return (reference, answerable) => {
    if (!reference.startsWith(MET_PERSON_PREFIX) || reference.length > MAX_CHARACTERS) return undefined;
    const sealed = splitSealed(reference.slice(MET_PERSON_PREFIX.length));
    if (sealed === undefined) return undefined;
    for (const { agency, agencyKey, iat } of answerable) {
      const dayKey = dayKeyFor(agencyKey, agency, iat);
      if (sealed.header !== dayKey.header && kidOf(sealed) !== dayKey.kid) continue;
      const claims = parseClaims(decryptSealed(dayKey.key, sealed));
      if (claims?.iss !== agency) return undefined;
      return answerable.some(({ jti }) => jti === claims.grant) ? claims : undefined;
    }
    return undefined;
  };
}

function parseClaims(plain: Buffer | undefined): MetPersonClaims | undefined {
  const parsed = claimsSchema.safeParse(plain && parseJson(plain));
  return parsed.success ? (parsed.data as MetPersonClaims) : undefined;
}
