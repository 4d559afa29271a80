/** What the hub can erase of a person, and what it goes on holding; as the graph names them. */
export type ErasableKind = 'MOVE' | 'PART_IN_MOVE' | 'REQUEST_NOTE';
export type KeptKind = 'MOVE_UNDER_WAY' | 'CONSENT_IN_FORCE' | 'CONSENT_ENDED' | 'ACCESS_LOG' | 'SESSION';

interface Words {
  readonly fr: string;
  readonly en: string;
}

export const ERASED_LABELS: Readonly<Record<ErasableKind, Words>> = {
  MOVE: {
    fr: 'Noms, adresses et messages de vos déménagements terminés',
    en: 'Names, addresses and messages of your moves that are over',
  },
  PART_IN_MOVE: {
    fr: "Votre nom dans les déménagements terminés d'autres personnes",
    en: 'Your name in the moves of other people that are over',
  },
  REQUEST_NOTE: {
    fr: 'Notes de services à côté de demandes qui ont pris fin',
    en: 'Notes of services beside requests that have ended',
  },
};

/** RGPD art. 17(3) names the grounds on which something is kept; the times are those that the law, or the hub's own settings, state. */
export const KEPT_WORDS: Readonly<Record<KeptKind, { readonly label: Words; readonly why: Words }>> = {
  MOVE_UNDER_WAY: {
    label: { fr: 'Vos déménagements en cours', en: 'Your moves under way' },
    why: {
      fr: "Un destinataire n'a pas fini, ou le jour n'est pas venu. Sans rien de nouveau, ils s'effacent d'eux-mêmes ; ceux dont le jour n'est pas venu peuvent être annulés.",
      en: 'A recipient has not finished, or the day has not come. If nothing new happens they are erased by themselves; one whose day has not come can be cancelled.',
    },
  },
  CONSENT_IN_FORCE: {
    label: { fr: 'Vos autorisations en cours', en: 'Your authorisations in force' },
    why: {
      fr: 'Elles disent ce que vous permettez maintenant. Mettez-y fin pour que la lecture cesse.',
      en: 'They say what you allow now. End them, and the reading ends.',
    },
  },
  CONSENT_ENDED: {
    label: { fr: 'La trace de vos autorisations passées', en: 'The record of your past authorisations' },
    why: {
      fr: 'La preuve de ce que vous avez accepté ou refusé (RGPD, articles 7, 1 et 17, 3, e), le temps de la prescription : cinq ans (Code civil, article 2224).',
      en: 'The proof of what you accepted or refused (GDPR, articles 7(1) and 17(3)(e)), as long as a claim can be brought: five years (French Civil Code, article 2224).',
    },
  },
  ACCESS_LOG: {
    label: { fr: 'Le journal de qui a lu vos données', en: 'The log of who read your data' },
    why: {
      fr: "Il ne contient aucune valeur. Chaque ligne est gardée trois ans au moins, pour que vous et l'autorité de contrôle puissiez vérifier (RGPD, articles 5, 2, 17, 3, b et 32).",
      en: 'It holds no value. Each line is kept for three years at least, so that you and the supervisory authority can check (GDPR, articles 5(2), 17(3)(b) and 32).',
    },
  },
  SESSION: {
    label: { fr: 'Vos sessions ouvertes', en: 'Your open sessions' },
    why: {
      fr: "Votre identité y est scellée, pour trente minutes au plus ; elle s'efface avec la session.",
      en: 'Your identity is sealed in them, for thirty minutes at most; it goes with the session.',
    },
  },
};
