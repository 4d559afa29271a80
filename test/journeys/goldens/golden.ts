/*
 * Golden answers, written by hand: what one query over four agencies gives one persona through one service, and what each agency was
 * asked for it. Today is 15 June 2026, noon in Paris. What the files under sandbox/seed/siade/payloads say of a year moves with time:
 * the year of a case's quotient is last year (sandbox/seed/README.md), so a child born in 2018 in a file of 2024 was born in 2019.
 * Incomes, birthplaces of partners and dates of declarations stand in sandbox/seed/households.
 */

export const TODAY_MS = Date.parse('2026-06-15T10:00:00Z');
export const LAST_YEAR = 2025;

export const GOLDEN_QUERY = `
  query Golden($year: Int!) {
    me {
      civilStatus { birthName givenNames birthDate birthPlace { inseeCode name } birthCountry { cogCode name } }
      familyFile {
        holder
        quotient { value year month }
        children { givenNames birthDate ageBracket }
        declaredAddress { recipient streetLine postCode city }
      }
      taxAssessment(incomeYear: $year) { referenceTaxIncome householdParts }
      addresses { usage holder address { streetLine postCode city } }
    }
  }`;

export interface Golden {
  readonly persona: string;
  readonly service: string;
  /** What of this golden no other shows. */
  readonly shows: string;
  /** `data.me`. */
  readonly me: unknown;
  /**
   * `path REASON missing scopes`: alternatives apart by `|`, what must come together joined by `+`. Then, where the citizen could open
   * it, `offer` and the scopes that the link asks for.
   */
  readonly errors: readonly string[];
  /** By agency; one that is not named must not be asked. */
  readonly asked: Readonly<Record<string, Asked>>;
  /** By agency: `coordinate OUTCOME reason`, in any order. */
  readonly log: Readonly<Record<string, readonly string[]>>;
}

export interface Asked {
  /** Exact text of what was selected on the person. */
  readonly selection: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Scopes in the grant for the one subject, the caller (role SELF). */
  readonly scopes: readonly string[];
}

/** FranceConnect's group identite_pivot. */
export const IDENTITY = ['birthcountry', 'birthdate', 'birthplace', 'family_name', 'gender', 'given_name'];

/** All of civil status that the query names. */
export const CIVIL_STATUS: Asked = {
  selection: 'civilStatus{birthName givenNames birthDate birthPlace{inseeCode name}birthCountry{cogCode name}}',
  scopes: IDENTITY,
};

export const PARIS_7 = { inseeCode: '75107', name: 'Paris 7e Arrondissement' };
export const FRANCE = { cogCode: '99100', name: 'France' };

const CIVIL_COORDINATES = [
  'Citizen.civilStatus',
  ...['birthName', 'givenNames', 'birthDate', 'birthPlace', 'birthCountry'].map((field) => `CivilStatus.${field}`),
];
const BIRTH_PLACE = ['BirthPlace.inseeCode', 'BirthPlace.name'];
const BIRTH_COUNTRY = ['Country.cogCode', 'Country.name'];

export function delivered(...coordinates: readonly string[]): readonly string[] {
  return coordinates.map((coordinate) => `${coordinate} DELIVERED`);
}

export function absent(...coordinates: readonly string[]): readonly string[] {
  return coordinates.map((coordinate) => `${coordinate} ABSENT NOT_AVAILABLE`);
}

export function refused(reason: string, ...coordinates: readonly string[]): readonly string[] {
  return coordinates.map((coordinate) => `${coordinate} REFUSED ${reason}`);
}

export const CIVIL_STATUS_DELIVERED = delivered(...CIVIL_COORDINATES, ...BIRTH_PLACE, ...BIRTH_COUNTRY);
export const QUOTIENT_DELIVERED = delivered(
  'FamilyFile.quotient',
  ...['value', 'year', 'month'].map((field) => `FamilyQuotient.${field}`),
);
export const CHILDREN_DELIVERED = delivered(
  'FamilyFile.children',
  ...['givenNames', 'birthDate', 'ageBracket'].map((field) => `FamilyMember.${field}`),
);
export const FILE_ADDRESS_DELIVERED = delivered(
  'FamilyFile.declaredAddress',
  ...['recipient', 'streetLine', 'postCode', 'city'].map((field) => `PostalAddress.${field}`),
);
export const ADDRESSES_DELIVERED = delivered(
  'Citizen.addresses',
  ...['usage', 'holder', 'address'].map((field) => `DeclaredAddress.${field}`),
  ...['streetLine', 'postCode', 'city'].map((field) => `PostalAddress.${field}`),
);
