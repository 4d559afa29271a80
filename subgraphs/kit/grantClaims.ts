import { z } from 'zod';
import { ACR_LEVELS } from '../../schema/acr.ts';
import { type Grant, GRANT_TTL_SECONDS } from '../../schema/grant.ts';

const role = z.enum(['SELF', 'CHILD_PROVEN', 'SPOUSE', 'IN_FILE']);
const scopes = z.array(z.string().min(1));

/** A pivot identity as the hub names somebody. */
export const pivotSchema = z.strictObject({
  family_name: z.string(),
  given_name: z.string(),
  given_name_array: z.array(z.string()).optional(),
  birthdate: z.string(),
  gender: z.enum(['male', 'female']),
  birthplace: z.string(),
  birthcountry: z.string(),
  preferred_username: z.string().optional(),
});

const grantSchema = z.strictObject({
  iss: z.literal('hub'),
  aud: z.string(),
  jti: z.string().min(16).max(64),
  iat: z.number().int(),
  exp: z.number().int(),
  requestId: z.string().min(1).max(64),
  service: z.strictObject({ clientId: z.string(), siret: z.string() }),
  purpose: z.string().min(1),
  acr: z.enum(ACR_LEVELS),
  digest: z.string(),
  subjects: z.array(
    z.strictObject({
      reference: z.string().min(1).max(43),
      role,
      scopes,
      pivot: pivotSchema,
    }),
  ),
  met: z.partialRecord(role, scopes),
});

/** The grant in a decrypted payload; undefined when it is of another shape, with more or fewer claims, or two subjects of one reference. */
export function parseGrant(payload: Uint8Array): Grant | undefined {
  let claims: unknown;
  try {
    claims = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
  const { success, data } = grantSchema.safeParse(claims);
  if (!success || new Set(data.subjects.map((subject) => subject.reference)).size !== data.subjects.length)
    return undefined;
  return data as Grant;
}

/** How far the clocks of hub and agency may be apart, seconds. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/** Issued now or before, not longer ago nor for longer than a grant lives. */
export function isGrantInTime({ iat, exp }: Grant, nowMs: number): boolean {
  const now = nowMs / 1000;
  return (
    exp > iat &&
    exp - iat <= GRANT_TTL_SECONDS &&
    iat <= now + CLOCK_TOLERANCE_SECONDS &&
    exp > now - CLOCK_TOLERANCE_SECONDS
  );
}
