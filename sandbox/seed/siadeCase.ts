import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { FamilyPayload, Gender, MovingDate, Person, SeedDate } from './people.ts';

/** One case of `siade/payloads`. */
export interface SiadeCase {
  readonly file: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly payload: unknown;
}

const PAYLOADS = new URL('./siade/payloads/', import.meta.url);

export function readCase(file: string): SiadeCase {
  const { params, payload } = parse(readFileSync(new URL(file, PAYLOADS), 'utf8')) as {
    params: object;
    payload: string;
  };
  return { file, params: { ...params }, payload: JSON.parse(payload) as unknown };
}

export type Identity = Pick<
  Person,
  'birthName' | 'usageName' | 'givenNames' | 'gender' | 'birthDate' | 'birthPlace' | 'birthCountry'
>;

/** Who the caller of a case is: the identity parameters of API Particulier, where a day or a month may be missing. */
export function identityFromParams({ params }: SiadeCase): Identity {
  const day = [params['anneeDateNaissance'], params['moisDateNaissance'], params['jourDateNaissance']];
  return {
    birthName: String(params['nomNaissance']),
    usageName: params['nomUsage'] === undefined ? null : String(params['nomUsage']),
    givenNames: (params['prenoms'] as string[]).map(capitalised),
    gender: genderOf(String(params['sexeEtatCivil'])),
    birthDate: day
      .filter((part) => part !== undefined)
      .map((part) => String(part).padStart(2, '0'))
      .join('-'),
    birthPlace: (params['codeCogInseeCommuneNaissance'] as string | undefined) ?? null,
    birthCountry: String(params['codeCogInseePaysNaissance']),
  };
}

/** Who FranceConnect says the caller is (`france_connect/*.yml`). */
export function identityFromClaims({ payload }: SiadeCase): Identity {
  const claims = (payload as { token_introspection: Record<string, string> & { given_name_array: string[] } })
    .token_introspection;
  return {
    birthName: claims['family_name']!,
    usageName: null,
    givenNames: claims.given_name_array,
    gender: claims['gender'] as Gender,
    birthDate: claims['birthdate']!,
    birthPlace: claims['birthplace']!,
    birthCountry: claims['birthcountry']!,
  };
}

export function genderOf(sexe: string): Gender {
  return sexe === 'F' ? 'female' : 'male';
}

/** "JEAN-PIERRE" -> "Jean-Pierre", as civil status and FranceConnect write given names. */
export function capitalised(name: string): string {
  return name.toLocaleLowerCase('fr').replace(/(^|[-' ])(\p{L})/gu, (_, before: string, letter: string) => {
    return before + letter.toLocaleUpperCase('fr');
  });
}

/**
 * The family file's answer, its years moved so that the sandbox does not age: the year of the quotient (or of the resources) becomes last
 * year, and the children keep the age they had. Adults keep their birth dates. What is no date stays as it is.
 * `childrenYounger`: years to take off the children besides.
 */
export function movedPayload(data: FamilyPayload, childrenYounger: number): FamilyPayload {
  const { quotient_familial: quotient, parametres_calcul_participation_familiale: childcare } = data;
  const sourceYear = 1 + Number(quotient?.annee ?? childcare?.base_ressources_annuelles.annee_calcul);
  const year = (value: number | MovingDate): MovingDate => ({ $yearsAgo: sourceYear - Number(value) });
  return {
    ...data,
    enfants: data.enfants.map((line) => ({
      ...line,
      date_naissance: movedDate(line.date_naissance, sourceYear - childrenYounger),
    })),
    ...(quotient && {
      quotient_familial: { ...quotient, annee: year(quotient.annee), annee_calcul: year(quotient.annee) },
    }),
    ...(childcare && {
      parametres_calcul_participation_familiale: {
        ...childcare,
        base_ressources_annuelles: {
          ...childcare.base_ressources_annuelles,
          annee_calcul: year(childcare.base_ressources_annuelles.annee_calcul),
        },
      },
    }),
  };
}

function movedDate(date: SeedDate, sourceYear: number): SeedDate {
  const parts = typeof date === 'string' ? /^(\d{4})-(\d\d-\d\d)$/.exec(date) : null;
  return parts ? { $yearsAgo: sourceYear - Number(parts[1]), monthDay: parts[2]! } : date;
}
