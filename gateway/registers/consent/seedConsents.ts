import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { expandScopes } from '../../../schema/scopes.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { ClientId, ConsentId } from '../../platform/ids.ts';
import type { SubjectKeyOf } from '../../platform/subjectKey.ts';
import { appendEvent, appendFirstEvent } from './consentStore.ts';
import type { ConsentTables } from './consentTables.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const pivotSchema = z.custom<PivotIdentity>((value) => typeof value === 'object' && value !== null);

const seedsSchema = z.object({
  consents: z.array(
    z.strictObject({
      pivot: pivotSchema,
      clientId: z.string(),
      purpose: z.string(),
      kind: z.enum(['CONSENT', 'NOTICE']),
      legalBasis: z.enum(['INFORMATION_L114_8', 'CONSENT_RGPD_6_1_A', 'RIGHT_OF_ACCESS_RGPD_15', 'HUB_OPERATION']),
      scopes: z.array(z.string()),
      status: z.enum(['ACTIVE', 'WITHDRAWN', 'OBJECTED', 'EXPIRED']),
      givenOn: day,
      expiresOn: day,
      endedOn: day.optional(),
      forChildren: z.array(pivotSchema).min(1).optional(),
      askedBy: pivotSchema.optional(),
    }),
  ),
});

/**
 * Loads what citizens of the sandbox said before it opened; twice is as good as once. Only for HUB_ENV=sandbox and tests: the caller
 * sees to it. Days are already filled in. Throws a TypeError for seeds of another shape.
 */
export async function seedConsents(
  db: Kysely<ConsentTables>,
  seeds: unknown,
  subjectKeyOf: SubjectKeyOf,
): Promise<void> {
  const result = seedsSchema.safeParse(seeds);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `"${issue.path.join('.')}" ${issue.message}`);
    throw new TypeError(`hub seeds: ${faults.join('; ')}`);
  }
  await db.transaction().execute(async (transaction) => {
    for (const { pivot, status, givenOn, expiresOn, endedOn, forChildren, askedBy, ...terms } of result.data.consents) {
      const subject = subjectKeyOf(pivot);
      const proof = { id: SEEDED_PROOF, provenOn: givenOn };
      const children = forChildren?.map((child) => ({ role: 'CHILD', subject: subjectKeyOf(child), proof }) as const);
      const subjects = children ?? (askedBy && [{ role: 'SELF', askedBy: subjectKeyOf(askedBy), proof } as const]);
      const consent = {
        ...terms,
        subject,
        ...(subjects && { subjects }),
        id: fixedId(subject, terms.clientId, terms.purpose, ...(children ?? []).map((child) => child.subject)),
        clientId: terms.clientId as ClientId,
        scopes: [...expandScopes(terms.scopes)].sort(),
        expiresAt: `${expiresOn}T23:00:00.000Z`,
      };
      const isNew = await appendFirstEvent(transaction, { type: 'GIVEN', at: `${givenOn}T08:00:00.000Z`, consent });
      if (isNew && (status === 'WITHDRAWN' || status === 'OBJECTED')) {
        await appendEvent(transaction, { type: status, at: `${endedOn ?? givenOn}T09:00:00.000Z`, consent });
      }
    }
  });
}

/** Stands for the reading of civil status of consents that nobody gave. */
const SEEDED_PROOF = 'rel_seed';

/** The same at every start, so that a citizen who has withdrawn a seeded consent does not find it given again. */
function fixedId(...parts: readonly string[]): ConsentId {
  const digest = createHash('sha256').update(parts.join('\n')).digest('base64url');
  return `con_${digest.slice(0, 22)}` as ConsentId;
}
