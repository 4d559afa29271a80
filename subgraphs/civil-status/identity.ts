import type { RecordCandidate, RecordIdentity } from '../kit/agencyModule.ts';
import type { CivilRecord } from './source.ts';

export function identityOf(record: CivilRecord): RecordIdentity {
  return {
    family_name: record.birthName,
    given_name: record.givenNames.join(' '),
    given_name_array: record.givenNames,
    birthdate: record.birthDate,
    gender: record.gender,
    birthplace: record.birthPlace ?? '',
    birthcountry: record.birthCountry,
  };
}

export function candidateOf(record: CivilRecord): RecordCandidate<CivilRecord> {
  const withheld = withheldAs(record);
  return { identity: identityOf(record), record, ...(withheld && { withheld }) };
}

/**
 * The dead are not served (FranceConnect refuses them too), and a protection order covers a person and their children. To whoever asks,
 * both are as absent as a person who was never registered.
 */
export function withheldAs({ deceasedOn, protected: isProtected }: CivilRecord): 'DECEASED' | 'PROTECTED' | undefined {
  if (deceasedOn !== undefined) return 'DECEASED';
  return isProtected ? 'PROTECTED' : undefined;
}
