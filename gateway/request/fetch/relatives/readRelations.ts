import { z } from 'zod';
import { missingClaims, type SubjectKeyOf } from '../../../platform/subjectKey.ts';
import type { PivotIdentity } from '../../../../schema/pivotIdentity.ts';
import type { ProvenRelative } from '../../exchange.ts';

const relative = z.strictObject({
  birthName: z.string(),
  givenNames: z.array(z.string()),
  gender: z.enum(['FEMALE', 'MALE']),
  birthDate: z.string(),
  birthPlace: z.string().nullable(),
  birthCountry: z.string(),
  parentalAuthority: z.boolean(),
  standing: z.enum(['PRESENT', 'DECEASED', 'PROTECTED']),
});

const answerSchema = z.strictObject({
  data: z.strictObject({
    _entities: z.tuple([
      z
        .strictObject({
          relationProof: z
            .strictObject({ children: z.array(relative).max(100), partner: relative.nullable() })
            .nullable(),
        })
        .nullable(),
    ]),
  }),
});

/**
 * The relatives in civil status' answer; none for a person whom it does not hold. Whose identity is not complete is nobody's relative: a
 * namesake would be served in their place. Throws for an answer of any other shape, one with errors included: half a proof proves nothing.
 */
export function readRelations(text: string, subjectKeyOf: SubjectKeyOf): readonly ProvenRelative[] {
  const [person] = answerSchema.parse(JSON.parse(text)).data._entities;
  const proof = person?.relationProof;
  if (!proof) return [];
  const named = [
    ...proof.children.flatMap((child) => toProven(child, 'CHILD', subjectKeyOf)),
    ...(proof.partner ? toProven(proof.partner, 'SPOUSE', subjectKeyOf) : []),
  ];
  // Two with one identity are told apart by nothing that the hub knows.
  return named.filter(({ subject }) => named.filter((other) => other.subject === subject).length === 1);
}

function toProven(
  held: z.infer<typeof relative>,
  role: ProvenRelative['role'],
  subjectKeyOf: SubjectKeyOf,
): ProvenRelative[] {
  const pivot: PivotIdentity = {
    family_name: held.birthName,
    given_name: held.givenNames.join(' '),
    given_name_array: held.givenNames,
    birthdate: held.birthDate,
    gender: held.gender === 'FEMALE' ? 'female' : 'male',
    birthplace: held.birthPlace ?? '',
    birthcountry: held.birthCountry,
  };
  if (missingClaims(pivot).length > 0) return [];
  const { parentalAuthority, standing } = held;
  return [{ subject: subjectKeyOf(pivot), role, pivot, parentalAuthority, standing }];
}
