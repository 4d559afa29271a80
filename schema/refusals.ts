/** Why one field of one subject is refused. Adding a reason breaks every place that must know it (closed set). */
export const REFUSAL_REASONS = [
  'NOT_AUTHENTICATED',
  'SCOPE_NOT_IN_TOKEN',
  'NOT_IN_HABILITATION',
  'CONSENT_REQUIRED',
  'CONSENT_WITHDRAWN',
  'ACR_TOO_LOW',
  'SUBJECT_NOT_COVERED',
  'POLICY_NOT_MET',
  'YEAR_NOT_OPEN',
  'NO_RULE',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Whose consent or right is missing, in words a form can show. */
export type RefusalSubject = 'SELF' | 'CHILD' | 'SPOUSE' | 'OTHER';

export const REFUSAL_TEXTS: Readonly<Record<RefusalReason, { readonly fr: string; readonly en: string }>> = {
  NOT_AUTHENTICATED: { fr: 'Ce champ demande un citoyen identifié.', en: 'This field needs an identified citizen.' },
  SCOPE_NOT_IN_TOKEN: {
    fr: "Ce champ demande une donnée absente du jeton : redemandez un jeton avec l'une des portées indiquées.",
    en: 'This field needs a scope that the token does not hold: ask for a token with one of the scopes named.',
  },
  NOT_IN_HABILITATION: {
    fr: "L'habilitation du service ne couvre pas ce champ : demandez-en l'extension.",
    en: "The service's habilitation does not cover this field: request its extension.",
  },
  CONSENT_REQUIRED: {
    fr: "La personne concernée n'a pas autorisé ce service à lire ce champ : proposez-lui le lien consentUrl.",
    en: 'The person concerned has not authorised this service to read this field: offer them the consentUrl link.',
  },
  CONSENT_WITHDRAWN: {
    fr: "L'autorisation vient d'être retirée.",
    en: 'The authorisation has just been withdrawn.',
  },
  ACR_TOO_LOW: {
    fr: "Ce champ demande une connexion d'un niveau de garantie plus élevé.",
    en: 'This field needs a session of a higher level of assurance.',
  },
  SUBJECT_NOT_COVERED: {
    fr: "Cette donnée est celle d'une autre personne, que cette demande ne couvre pas.",
    en: "This is another person's data, which this request does not cover.",
  },
  POLICY_NOT_MET: { fr: 'Une règle de ce champ n’est pas satisfaite.', en: 'A policy of this field is not met.' },
  YEAR_NOT_OPEN: {
    fr: "Aucune portée n'ouvre cette année de revenus.",
    en: 'No scope opens this income year.',
  },
  NO_RULE: { fr: "Ce champ n'a pas de règle : il est refusé.", en: 'This field has no rule: it is refused.' },
};
