import type { Commune } from './communes.ts';

/** Something that keeps a declaration from being made: a value for the form, not a fault. */
export interface MoveProblem {
  readonly code: MoveProblemCode;
  /** Path into the input: `newAddress.postCode`. */
  readonly field: string;
  readonly candidates: readonly Commune[];
}

/** What the person reads; holds nothing of what they wrote. */
export const PROBLEM_MESSAGES = {
  MISSING: { fr: 'Cette partie manque.', en: 'This part is missing.' },
  TOO_LONG: { fr: 'C’est plus long qu’une ligne d’adresse.', en: 'This is longer than a line of an address.' },
  MALFORMED: { fr: 'Ces caractères ne figurent dans aucune adresse.', en: 'No address has these characters.' },
  TOWN_UNKNOWN: { fr: 'Aucune commune de ce nom ici.', en: 'No town has that name here.' },
  POST_CODE_UNKNOWN: { fr: 'Ce code postal n’existe pas.', en: 'No town has that postcode.' },
  POST_CODE_ELSEWHERE: { fr: 'Cette commune a un autre code postal.', en: 'That town has another postcode.' },
  TOWN_AMBIGUOUS: {
    fr: 'Plusieurs communes conviennent : choisissez la vôtre.',
    en: 'Several towns fit: choose yours.',
  },
  COUNTRY_UNKNOWN: { fr: 'Aucun pays n’a ce code.', en: 'No country has that code.' },
  SAME_ADDRESS: { fr: 'Les deux adresses sont les mêmes.', en: 'Both addresses are the same.' },
  DATE_OUT_OF_RANGE: {
    fr: 'Le jour doit se trouver dans les trois mois avant ou après aujourd’hui.',
    en: 'The day must be within three months before or after today.',
  },
  RECIPIENT_UNKNOWN: {
    fr: 'Cet organisme ne reçoit pas de déclarations de déménagement.',
    en: 'That agency takes no declarations of a move.',
  },
  NO_RECIPIENT: { fr: 'Choisissez au moins un destinataire.', en: 'Choose at least one recipient.' },
  MEMBER_TWICE: { fr: 'Cette personne est déjà nommée.', en: 'That person is named already.' },
  TOO_MANY_MEMBERS: { fr: 'Vingt personnes au plus déménagent ensemble.', en: 'At most 20 people move at once.' },
  MEMBER_UNPROVEN: {
    fr: 'Le lien avec cette personne n’a pas pu être établi.',
    en: 'The relation to that person could not be established.',
  },
} as const satisfies Record<string, { readonly fr: string; readonly en: string }>;

export type MoveProblemCode = keyof typeof PROBLEM_MESSAGES;
