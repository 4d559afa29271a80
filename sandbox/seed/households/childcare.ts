import { householdOf } from '../household.ts';
import type { Household } from '../people.ts';
import { declared } from '../postalAddress.ts';
import { readCase } from '../siadeCase.ts';

const CIVILITY = 'api_particulier_v3_cnav_participation_familiale_eaje_with_civility';
const FRANCE_CONNECT = 'api_particulier_v3_cnav_participation_familiale_eaje_with_france_connect';

/**
 * The people of the childcare (EAJE) cases. Their answers print other people than the calls ask for, with birthplaces: the identity is
 * taken from the answer. A crèche is for the small, so the children are made young.
 */
export const CHILDCARE_HOUSEHOLDS: readonly Household[] = [
  householdOf(readCase(`${FRANCE_CONNECT}/france_connect_cnaf.yml`), {
    id: 'dubois-angela-1988',
    identity: 'payload',
    adults: [{ id: 'dubois-angela-1988' }],
    children: [{ id: 'dubois-loic' }],
    childrenYounger: 18,
    taxes: { referenceIncomes: [98_342, 95_400, 91_870] },
  }),
  householdOf(readCase(`${FRANCE_CONNECT}/fake_france_connect_cnaf.yml`), {
    id: 'cnaf-georges-1975',
    identity: 'payload',
    adults: [{ id: 'cnaf-georges-1975' }],
    // The file's "200&-04-23" is no date; civil status holds the year alone.
    children: [{ id: 'cnaf-loic' }, { id: 'cnaf-schildegonde', birthDate: { $yearsAgo: 2 } }],
    childrenYounger: 18,
    // The case prints another person's name and street.
    address: declared('24 AVENUE DE RIVOLI', '75002 PARIS', { recipient: 'Monsieur Georges MARTIN' }),
    taxes: { referenceIncomes: [16_123, 15_870, 15_440] },
  }),
  householdOf(readCase(`${CIVILITY}/200-identite-cas-nominal.yaml`), {
    id: 'lefebvre-jean-pierre',
    identity: 'payload',
    adults: [{ id: 'lefebvre-jean-pierre' }],
    children: [{ id: 'lefebvre-junior' }],
    childrenYounger: 22,
    taxes: { referenceIncomes: [40_923, 39_650, 21_400] },
  }),
];
