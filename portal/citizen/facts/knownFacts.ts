import { CIVIL_STATUS_FACTS } from './civilStatusFacts.ts';
import { fact, type Fact } from './fact.ts';
import { FAMILY_FACTS } from './familyFacts.ts';
import { INCOME_FACTS } from './incomeFacts.ts';
import { ADDRESS, sayAddress, sayDay, sayOneOf, USAGES, type Address } from './sayings.ts';

interface DeclaredAddress {
  readonly usage: string | null;
  readonly holder: string;
  readonly declaredOn: string | null;
  readonly address: Address | null;
}

const ADDRESS_FACT = fact<readonly DeclaredAddress[]>({
  holder: 'address',
  scope: 'adresse_declaree',
  path: ['addresses'],
  selection: `{ usage holder declaredOn address ${ADDRESS} }`,
  label: { fr: 'Adresse déclarée', en: 'Declared address' },
  topic: 'address',
  say: (declared, language) =>
    declared.flatMap(({ address, usage, declaredOn }) => {
      const line = address === null ? undefined : sayAddress(address);
      if (line === undefined) return [];
      const about = [
        usage === null ? undefined : sayOneOf(USAGES)(usage, language),
        declaredOn === null
          ? undefined
          : `${{ fr: 'déclarée le', en: 'declared on' }[language]} ${sayDay(declaredOn, language)}`,
      ];
      const told = about.filter((part) => part !== undefined).join(', ');
      return [told === '' ? line : `${line} (${told})`];
    }),
});

/** Everything that the agencies may know of a person, in the order in which people read it; a test holds it against the public schema. */
export const KNOWN_FACTS: readonly Fact[] = [...CIVIL_STATUS_FACTS, ...FAMILY_FACTS, ...INCOME_FACTS, ADDRESS_FACT];
