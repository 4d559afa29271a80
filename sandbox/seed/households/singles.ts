import type { Household, Person, Taxes } from '../people.ts';
import { declared } from '../postalAddress.ts';
import { capitalised, identityFromClaims, identityFromParams, readCase, type Identity } from '../siadeCase.ts';

interface SvairNotice {
  readonly declarant1: { readonly nomNaissance: string; readonly prenoms: string; readonly dateNaissance: string };
  readonly revenuFiscalReference: number;
}

const SVAIR = 'api_particulier_v2_dgfip_svair/200.yaml';
const MILITARY =
  'api_particulier_v3_dsnj_service_national_with_france_connect/france_connect_service_national_moins_25ans.yaml';

/** People without a family file (no child, no housing benefit): the family agency does not know them, which is no error. */
export const SINGLES: readonly Household[] = [
  single('delatour-thomas', 'france_connect/all_fc.yml', identityFromClaims(readCase('france_connect/all_fc.yml')), {
    // Street and town of his vehicle's registration (fake_france_connect_extrait_immatriculation_vehicule.yaml).
    address: ['12 RUE DE LA PAIX', '75011 PARIS'],
    taxes: { situation: 'C', referenceIncomes: [35_640, 34_800, 33_120], format: 'API_IMPOT_PARTICULIER' },
  }),
  single('martin-jean', 'france_connect/cnous.yaml', identityFromClaims(readCase('france_connect/cnous.yaml')), {
    address: ['3 PLACE DE LA VICTOIRE', '33000 BORDEAUX'],
    // A student in his parents' tax household: no notice of his own.
    taxes: null,
  }),
  single('cuillere-paul', MILITARY, identityFromParams(readCase(MILITARY)), {
    // Street and town of the vehicle he rents (france_connect_extrait_immatriculation_vehicule_locataire.yaml).
    address: ['8 PLACE DU MARCHE', '42000 SAINT-ÉTIENNE'],
    taxes: { situation: 'C', referenceIncomes: [12_460, 8_320, 1_150], format: 'API_IMPOT_PARTICULIER' },
  }),
  single('dupont-jean', SVAIR, taxpayer(), {
    address: ['42 RUE DE LA PAIX', '75002 PARIS'],
    taxes: { situation: 'C', referenceIncomes: [notice().revenuFiscalReference, 8_870, 8_790], format: 'SVAIR' },
  }),
];

function single(
  id: string,
  source: string,
  identity: Identity,
  more: { readonly address: readonly [string, string]; readonly taxes: Taxes | null },
): Household {
  const adult: Person = { ...identity, id, parents: [], source };
  const recipient = [adult.gender === 'female' ? 'Madame' : 'Monsieur', ...adult.givenNames, adult.birthName].join(' ');
  return {
    id,
    source,
    adults: [adult],
    children: [],
    others: [],
    union: null,
    familyFile: null,
    taxes: more.taxes,
    addresses: [
      {
        address: declared(...more.address, { recipient }),
        holder: 'Mairie',
        declaredOn: { $yearsAgo: 1, monthDay: '04-02' },
      },
    ],
  };
}

function notice(): SvairNotice {
  return readCase(SVAIR).payload as SvairNotice;
}

/** The notice's declarant; his sex and place of birth, which a notice does not print, are invented. */
function taxpayer(): Identity {
  const { nomNaissance, prenoms, dateNaissance } = notice().declarant1;
  return {
    birthName: nomNaissance,
    usageName: null,
    givenNames: prenoms.split(' ').map(capitalised),
    gender: 'male',
    birthDate: dateNaissance.split('/').reverse().join('-'),
    birthPlace: '76540',
    birthCountry: '99100',
  };
}
