/** Two agencies that say different things of one person or household. */
export interface Contradiction {
  /** Person or household. */
  readonly who: string;
  readonly fact: Fact;
  /** Who disagrees with whom: the first is the one to doubt. */
  readonly holders: readonly [Holder, Holder];
}

export type Fact =
  | 'address'
  | 'recipient'
  | 'birthName'
  | 'usageName'
  | 'givenNames'
  | 'birthDate'
  | 'gender'
  | 'filiation'
  | 'familySituation'
  | 'dependants';
export type Holder = 'civil-status' | 'family' | 'income' | 'address';

/**
 * Every contradiction of the sandbox, and why it is there. Agencies do disagree, and the portal shows it; one that is not listed here is a
 * mistake of the seed, and a test finds it (findContradictions.ts).
 */
export const INTENDED_CONTRADICTIONS: readonly (Contradiction & { readonly why: string })[] = [
  {
    who: 'dupont',
    fact: 'address',
    holders: ['income', 'address'],
    why: 'They moved; the tax office holds the address of 1 January.',
  },
  {
    who: 'commode-armoire',
    fact: 'address',
    holders: ['income', 'address'],
    why: 'They moved to Paris; the tax office holds the address of 1 January.',
  },
  {
    who: 'martin-pierre',
    fact: 'address',
    holders: ['income', 'address'],
    why: 'He moved from Bordeaux; the tax office holds the address of 1 January.',
  },
  {
    who: 'delalalalande',
    fact: 'address',
    holders: ['family', 'address'],
    why: 'The case prints 75107, an INSEE code, where the postcode 75007 belongs.',
  },
  {
    who: 'placard',
    fact: 'address',
    holders: ['family', 'address'],
    why: 'The case prints 75107, an INSEE code, where the postcode 75007 belongs.',
  },
  {
    who: 'commode-armoire',
    fact: 'address',
    holders: ['family', 'address'],
    why: 'The case prints 75107, an INSEE code, where the postcode 75007 belongs.',
  },
  {
    who: 'dubois-alex',
    fact: 'filiation',
    holders: ['family', 'civil-status'],
    why: 'In charge of his stepmother: a line of the family file is no filiation.',
  },
  {
    who: 'dubois-leo',
    fact: 'filiation',
    holders: ['family', 'civil-status'],
    why: 'In charge of his stepmother: a line of the family file is no filiation.',
  },
  {
    who: 'martin-pierre-chalons',
    fact: 'birthDate',
    holders: ['family', 'civil-status'],
    why: 'The case is called with 1987 and answers 1978.',
  },
  {
    who: 'simpson-marge',
    fact: 'birthName',
    holders: ['family', 'civil-status'],
    why: 'The case is called with SIMPSON and answers BROWN.',
  },
  {
    who: 'fakir-eymen',
    fact: 'gender',
    holders: ['family', 'civil-status'],
    why: 'The case is called with M and answers F.',
  },
  {
    who: 'fakir',
    fact: 'recipient',
    holders: ['family', 'civil-status'],
    why: 'The case writes to "FAKOR".',
  },
  {
    who: 'cnaf-georges-1975',
    fact: 'recipient',
    holders: ['family', 'civil-status'],
    why: 'The case writes to another household’s mother.',
  },
  {
    who: 'dupont-jean',
    fact: 'dependants',
    holders: ['income', 'civil-status'],
    why: 'The notice counts a dependant; civil status knows of no child.',
  },
];
