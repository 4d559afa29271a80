import type {
  Address,
  FamilyLine,
  FamilyPayload,
  Filiation,
  Household,
  Person,
  PersonId,
  SeedDate,
  Taxes,
  Union,
} from './people.ts';
import { declaredFrom } from './postalAddress.ts';
import { capitalised, genderOf, identityFromParams, movedPayload, type Identity, type SiadeCase } from './siadeCase.ts';

/** What the files do not say of a person, or say wrongly. */
export type PersonDetails = { readonly id: PersonId } & Partial<Omit<Person, 'id' | 'source'>>;

export interface HouseholdDetails {
  readonly id: string;
  /** In the order of the file's `allocataires`. */
  readonly adults: readonly PersonDetails[];
  /** In the order of the file's `enfants`. Parents: every adult, with authority, unless `parents` says otherwise. */
  readonly children?: readonly PersonDetails[];
  readonly others?: readonly Person[];
  readonly union?: Union;
  readonly taxes: { readonly [Key in keyof Taxes]?: Taxes[Key] } & Pick<Taxes, 'referenceIncomes'>;
  /** Where the household lived before, and on 1 January. */
  readonly formerAddress?: Address;
  /** Declared address, where the file's is another person's. */
  readonly address?: Address;
  readonly declaredOn?: SeedDate;
  /** Years to take off the file's children, so that the sandbox has every age. */
  readonly childrenYounger?: number;
  /** Where the first adult's identity is; the parameters that select the case by default. */
  readonly identity?: 'params' | 'payload';
}

const REGISTER = 'Service en ligne de changement de coordonnées';
const TOWN_HALL = 'Mairie';

/** A household of the family quotient or childcare cases of API Particulier v3. */
export function householdOf(source: SiadeCase, details: HouseholdDetails): Household {
  const { data } = source.payload as { data: FamilyPayload };
  const familyFile = movedPayload(data, details.childrenYounger ?? 0);
  const adults = details.adults.map((more, index) => {
    const line = familyFile.allocataires[index]!;
    const fromParams = index === 0 && details.identity !== 'payload';
    const identity = fromParams
      ? { ...identityFromLine(line), ...known(identityFromParams(source)) }
      : identityFromLine(line);
    return person(identity, more, source.file, []);
  });
  const filiations = adults.map((adult) => ({ parent: adult.id, authority: true }));
  const children = (details.children ?? []).map((more, index) => {
    return person(identityFromLine(familyFile.enfants[index]!), more, source.file, filiations);
  });
  return {
    id: details.id,
    source: source.file,
    adults,
    children,
    others: details.others ?? [],
    union: details.union ?? null,
    familyFile,
    taxes: taxesOf(details),
    addresses: addressesOf(details, familyFile),
  };
}

/** The usage name is often in the answer alone. */
function known(identity: Identity): Partial<Identity> {
  const { usageName, ...others } = identity;
  return usageName === null ? others : identity;
}

function identityFromLine(line: FamilyLine): Identity {
  return {
    birthName: line.nom_naissance,
    usageName: line.nom_usage,
    givenNames: line.prenoms.split(' ').map(capitalised),
    gender: genderOf(line.sexe),
    birthDate: line.date_naissance,
    birthPlace: line.code_cog_insee_commune_naissance ?? null,
    birthCountry: '99100',
  };
}

function person(identity: Identity, more: PersonDetails, source: string, parents: readonly Filiation[]): Person {
  return { ...identity, parents, source, ...more };
}

function taxesOf({ taxes, union, formerAddress }: HouseholdDetails): Taxes {
  const situation = union === undefined ? 'C' : union.kind === 'PACS' ? 'O' : 'M';
  return { situation, format: 'API_IMPOT_PARTICULIER', ...(formerAddress && { formerAddress }), ...taxes };
}

function addressesOf(details: HouseholdDetails, familyFile: FamilyPayload): Household['addresses'] {
  const { formerAddress, declaredOn = '2019-09-02' } = details;
  const now = details.address ?? declaredFrom(familyFile.adresse, familyFile.adresse.destinataire);
  const before = formerAddress ? [{ address: formerAddress, holder: TOWN_HALL, declaredOn: '2011-10-03' }] : [];
  const since: SeedDate = formerAddress ? { $yearsAgo: 1, monthDay: '09-14' } : declaredOn;
  return [...before, { address: now, holder: formerAddress ? REGISTER : TOWN_HALL, declaredOn: since }];
}
