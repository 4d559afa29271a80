import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { RecordCandidate } from './agencyModule.ts';
import { foldName } from './foldName.ts';

/** Columns in which an agency's table keeps who somebody is; the migrations of the agencies here spell them out. */
export interface IdentityColumns {
  readonly birth_name: string;
  /** The birth name as foldName.ts folds it: by this a person is looked up, by the rest recognised. */
  readonly birth_name_key: string;
  readonly given_names: string;
  /** `YYYY-MM-DD`, or presumed: `YYYY-MM`, `YYYY`. */
  readonly birth_date: string;
  readonly gender: 'male' | 'female';
  /** INSEE COG, empty for a birth abroad. */
  readonly birth_place: string;
  readonly birth_country: string;
}

export function toIdentityColumns(identity: PivotIdentity): IdentityColumns {
  return {
    birth_name: identity.family_name,
    birth_name_key: foldName(identity.family_name),
    given_names: identity.given_name,
    // A year that moves with time is a number in a fixture.
    birth_date: String(identity.birthdate),
    gender: identity.gender,
    birth_place: identity.birthplace,
    birth_country: identity.birthcountry,
  };
}

export function toIdentity(row: IdentityColumns): PivotIdentity {
  return {
    family_name: row.birth_name,
    given_name: row.given_names,
    birthdate: row.birth_date,
    gender: row.gender,
    birthplace: row.birth_place,
    birthcountry: row.birth_country,
  };
}

/**
 * Candidates for `findPersons` from a table with these columns: whoever has the same folded birth name, which every rule set agrees on.
 * `readRows` gets the distinct keys and makes one statement of them, however many people are asked for.
 */
export async function candidatesByBirthName<Row extends IdentityColumns, Record>(
  identities: readonly PivotIdentity[],
  readRows: (birthNameKeys: readonly string[]) => Promise<readonly Row[]>,
  toRecord: (row: Row) => Record,
): Promise<readonly (readonly RecordCandidate<Record>[])[]> {
  const keys = identities.map(({ family_name }) => foldName(family_name));
  const byKey = new Map<string, RecordCandidate<Record>[]>();
  for (const row of await readRows([...new Set(keys)])) {
    const candidate = { identity: toIdentity(row), record: toRecord(row) };
    const namesakes = byKey.get(row.birth_name_key);
    if (namesakes) namesakes.push(candidate);
    else byKey.set(row.birth_name_key, [candidate]);
  }
  return keys.map((key) => byKey.get(key) ?? []);
}
