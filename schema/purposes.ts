/** The procedure for which a service asks. */
export type PurposeName = string;

export type LegalBasis = 'INFORMATION_L114_8' | 'CONSENT_RGPD_6_1_A' | 'RIGHT_OF_ACCESS_RGPD_15' | 'HUB_OPERATION';

export interface Purpose {
  readonly name: PurposeName;
  readonly label: { readonly fr: string; readonly en: string };
  /** Computed on the household: under L114-8 third parties inside the caller's own file are readable under the caller's verdict. */
  readonly household: boolean;
}

export const PURPOSES: readonly Purpose[] = [
  {
    name: 'canteen-pricing',
    label: { fr: 'Tarif de la cantine scolaire', en: 'School canteen pricing' },
    household: true,
  },
  {
    name: 'creche-place',
    label: { fr: "Demande d'une place en crèche", en: 'Request for a crèche place' },
    household: true,
  },
  {
    name: 'parking-permit',
    label: { fr: 'Stationnement résidentiel', en: 'Resident parking permit' },
    household: false,
  },
  {
    name: 'housing-file',
    label: { fr: 'Demande de logement social', en: 'Social housing application' },
    household: true,
  },
  {
    name: 'library-card',
    label: { fr: 'Carte de bibliothèque', en: 'Library card' },
    household: false,
  },
  { name: 'my-data', label: { fr: 'Consulter mes données', en: 'See my own data' }, household: false },
  {
    name: 'relation-proof',
    label: { fr: 'Preuve de lien familial (hub)', en: 'Proof of family relation (hub)' },
    household: false,
  },
];

const byName: ReadonlyMap<PurposeName, Purpose> = new Map(PURPOSES.map((entry) => [entry.name, entry]));

export function findPurpose(name: PurposeName): Purpose | undefined {
  return byName.get(name);
}
