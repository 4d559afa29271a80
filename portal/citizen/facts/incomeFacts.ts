import { fact, type Bilingual, type Fact } from './fact.ts';
import { ADDRESS, sayAddress, sayDay, sayEuros, sayOneOf, sayYesNo, TAX_SITUATIONS, type Address } from './sayings.ts';

const holder = 'income';
const at = (...names: readonly string[]) => ['taxAssessment', ...names];

export const INCOME_FACTS: readonly Fact[] = [
  euros('dgfip_rfr', 'referenceTaxIncome', { fr: 'Revenu fiscal de référence', en: 'Reference tax income' }),
  euros('dgfip_rbg', 'grossIncome', { fr: 'Revenu brut global', en: 'Gross income' }),
  euros('dgfip_mntRevbareme', 'taxAmount', { fr: 'Impôt sur le revenu', en: 'Income tax' }),
  fact<number>({
    ...{ holder, scope: 'dgfip_nbpart', path: at('householdParts') },
    label: { fr: 'Nombre de parts', en: 'Household parts' },
    say: (parts, language) => parts.toLocaleString({ fr: 'fr-FR', en: 'en-GB' }[language]),
  }),
  fact<string>({
    ...{ holder, scope: 'dgfip_sitfam', path: at('familySituation') },
    label: { fr: 'Situation de famille', en: 'Family situation' },
    say: sayOneOf(TAX_SITUATIONS),
  }),
  fact<number>({
    ...{ holder, scope: 'dgfip_pac_nbPac', path: at('dependants') },
    label: { fr: 'Personnes à charge', en: 'Dependants' },
    say: String,
  }),
  fact<boolean>({
    ...{ holder, scope: 'dgfip_pariso', path: at('loneParent') },
    label: { fr: 'Parent isolé', en: 'Lone parent' },
    say: sayYesNo,
  }),
  ...declarant('declarant1', '1', { fr: 'déclarant 1', en: 'declarant 1' }),
  ...declarant('declarant2', '2', { fr: 'déclarant 2', en: 'declarant 2' }),
  fact<Address>({
    ...{ holder, scope: 'dgfip_aft', path: at('taxedAddress'), selection: ADDRESS, topic: 'address' },
    label: { fr: 'Adresse au 1er janvier', en: 'Address on 1 January' },
    say: sayAddress,
  }),
];

function euros(scope: string, name: string, label: Bilingual): Fact {
  return fact<number>({ holder, scope, path: at(name), label, say: sayEuros });
}

/** The first declarant is the person themself, so their names are compared with what others hold. */
function declarant(part: string, digit: '1' | '2', who: Bilingual): readonly Fact[] {
  const label = (fr: string, en: string) => ({ fr: `${fr} du ${who.fr}`, en: `${en} of ${who.en}` });
  const text = (value: string) => value;
  const own = digit === '1';
  return [
    fact<string>({
      ...{ holder, scope: `dgfip_nmNaiDec${digit}`, path: at(part, 'birthName'), say: text },
      ...(own && { topic: 'birthName' as const }),
      label: label('Nom de naissance', 'Birth name'),
    }),
    fact<string>({
      ...{ holder, scope: `dgfip_nmUsaDec${digit}`, path: at(part, 'usageName'), say: text },
      ...(own && { topic: 'usageName' as const }),
      label: label('Nom d’usage', 'Usage name'),
    }),
    fact<readonly string[]>({
      ...{ holder, scope: `dgfip_prnmDec${digit}`, path: at(part, 'givenNames') },
      ...(own && { topic: 'givenNames' as const }),
      label: label('Prénoms', 'Given names'),
      say: (names) => names.join(' '),
    }),
    fact<string>({
      ...{ holder, scope: `dgfip_dateNaisDec${digit}`, path: at(part, 'birthDate') },
      ...(own && { topic: 'birthDate' as const }),
      label: label('Date de naissance', 'Birth date'),
      say: sayDay,
    }),
  ];
}
