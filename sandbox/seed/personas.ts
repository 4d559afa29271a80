import { getPerson, type France } from './france.ts';
import { pivotOf, type PersonId } from './people.ts';

interface Login {
  readonly person: PersonId;
  readonly names: string;
  readonly acr?: 'eidas1' | 'eidas2' | 'eidas3';
  readonly goodFor: { readonly fr: string; readonly en: string };
}

function login(person: PersonId, names: string, fr: string, en: string, acr?: Login['acr']): Login {
  return { person, names, goodFor: { fr, en }, ...(acr && { acr }) };
}

/** Who can log in, in the order of the login page: the README's two first. */
export const LOGINS: readonly Login[] = [
  login(
    'dupont-paul',
    'Paul Dupont',
    'Le cas de départ : un couple, trois enfants mineurs, quotient 2550 ; a déménagé, l’impôt a encore l’ancienne adresse',
    'Where to start: a couple, three minor children, quotient 2550; moved, the tax office still has the old address',
  ),
  login(
    'dupont-angela',
    'Angela Dupont, née Durand',
    'N’a rien autorisé : tout ce que demande un service est refusé, le portail montre tout',
    'Has authorised nothing: all a service asks is refused, the portal shows everything',
  ),
  login(
    'commode-cindy',
    'Cindy Armoire, née Commode',
    'Cinq enfants, dossier MSA, autorisation de la crèche retirée',
    'Five children, MSA file, consent for the crèche withdrawn',
  ),
  login(
    'delalalalande-emmanuel',
    'Emmanuel Delalalalande',
    'Autorisation de la crèche expirée ; « 75107 PARIS », un code INSEE à la place du code postal',
    'Consent for the crèche expired; “75107 PARIS”, an INSEE code where the postcode should be',
  ),
  login(
    'giraud-anne',
    'Anne Giraud',
    'Autorisation partielle : la crèche ne lit que le quotient ; une fille majeure encore au dossier',
    'Partial consent: the crèche reads the quotient only; a grown-up daughter still in the file',
  ),
  login(
    'trois-dupre-melissandre',
    'Melissandre Dubois, née Trois-Dupre',
    'Logement social, le dossier le plus large, niveau eIDAS 2 : l’acte de naissance est lisible ; un fils majeur au dossier',
    'Social housing, the widest file, eIDAS level 2: the birth certificate can be read; a grown-up son in the file',
    'eidas2',
  ),
  login(
    'placard-elsa',
    'Elsa Dubois, née Placard',
    'Veuve : le conjoint décédé est absent ; deux enfants à charge sans filiation, une ligne du dossier n’est pas une preuve',
    'Widow: the late husband is absent; two children in charge without filiation, a line of the file proves nothing',
  ),
  login(
    'simpson-marge',
    'Marge Simpson',
    'Née aux États-Unis, date de naissance connue au mois près, s’est opposée à la lecture par la cantine',
    'Born in the United States, birth date known to the month, objected to the canteen’s reading',
  ),
  login(
    'fakir-eymen',
    'Eymen Fakir',
    'Né au Maroc ; la CAF le dit de sexe féminin et le nomme « FAKOR »',
    'Born in Morocco; the CAF has another sex and calls him “FAKOR”',
  ),
  login(
    'lefebvre-alexis',
    'Alexis Lefebvre',
    'Date de naissance connue à l’année près, prénoms accentués et composés',
    'Birth date known to the year, accented and compound given names',
  ),
  login(
    'dubois-angela',
    'Angela Dubois (1962)',
    'Une autre personne a la même identité pivot : deux dossiers possibles, donc absente partout, jamais devinée',
    'Another person has the same pivot identity: two possible files, so absent everywhere, never guessed',
  ),
  login(
    'delatour-thomas',
    'Thomas Delatour',
    'Identité FranceConnect complète, inconnu de la CAF : absence, pas erreur',
    'FranceConnect’s own claims, unknown to the CAF: absence, no error',
  ),
  login(
    'martin-jean',
    'Jean Martin',
    'Étudiant, inconnu de l’impôt et de la CAF ; né à « 75002 », code qui n’est celui d’aucune commune',
    'Student, unknown to the tax office and the CAF; born in “75002”, the code of no commune',
  ),
  login(
    'dupont-jean',
    'Jean Dupont (1980)',
    'Le seul avis d’impôt des données réelles (SVAIR) : dates françaises, chaînes vides, une personne à charge que nul autre ne connaît',
    'The only tax notice of the real data (SVAIR): French dates, empty strings, a dependant nobody else knows',
  ),
  login(
    'dubois-angela-1988',
    'Angela Dubois (1988)',
    'Crèche : paramètres de la participation familiale, pas de quotient, « 75002 » sans ville',
    'Crèche: parameters of the childcare contribution, no quotient, “75002” without a town',
  ),
  login(
    'cnaf-georges-1975',
    'Georges Martin, né Cnaf (1975)',
    'Date de naissance illisible « 200&-04-23 » au dossier, adresse au nom d’une autre',
    'Unreadable birth date “200&-04-23” in the file, address in someone else’s name',
  ),
  login(
    'cnaf-georges',
    'Georges Martin, né Cnaf (2002)',
    'Homonyme du précédent, que la date de naissance distingue',
    'Namesake of the one above, told apart by the birth date',
  ),
  login(
    'huche-anne-laure',
    'Anne-Laure Mercier, née Huche',
    'Couple sans enfant, stationnement ; prénom composé du conjoint sans trait d’union ; niveau eIDAS 3',
    'Couple without children, parking; husband’s compound name without hyphen; eIDAS level 3',
    'eidas3',
  ),
  login(
    'martin-pierre-chalons',
    'Pierre Martin (Châlons)',
    'Dossier MSA, quotient 200, un fils majeur ; la MSA inverse deux chiffres de sa date de naissance',
    'MSA file, quotient 200, a grown-up son; the MSA swapped two digits of his birth date',
  ),
  login(
    'martin-pierre',
    'Pierre Martin (Marseille)',
    'Veuf, trois enfants dont un majeur ; venu de Bordeaux, ce que l’impôt ignore',
    'Widower, three children, one grown up; came from Bordeaux, which the tax office does not know',
  ),
  login(
    'bernanrd-julien',
    'Julien Bernanrd',
    'Père séparé : une fille sans autorité parentale ; un fils a 18 ans le 8 juin de cette année',
    'Separated father: one daughter without parental authority; a son turns 18 on 8 June of this year',
  ),
  login(
    'rocher-sandrine',
    'Sandrine Rocher',
    'Sous ordonnance de protection : l’état civil la tient pour absente, elle et sa fille',
    'Under a protection order: civil status keeps her and her daughter absent',
  ),
  login(
    'dupont-sophie',
    'Sophie Dupont',
    'Seule avec quatre enfants : la crèche lit le plus jeune parce qu’elle l’a permis, l’aînée, de 16 ou 17 ans, par son propre accord, les deux autres pas',
    'Alone with four children: the crèche reads the youngest by her word, the eldest, of 16 or 17, by the girl’s own, and not the two between',
  ),
  login(
    'lerouge-justine',
    'Justine Martin, née Lerouge',
    'Seconde allocataire : même dossier, même avis que son mari',
    'Second beneficiary: same file, same notice as her husband',
  ),
  login(
    'boucher-corentin',
    'Corentin Boucher',
    'Né dans une commune déléguée ; jumelles de 15 ou 16 ans, tréma et accents',
    'Born in a delegated commune; twin girls of 15 or 16, diaeresis and accents',
  ),
  login(
    'roussel-camille-f',
    'Camille Roussel (madame)',
    'Pacsée à une personne de mêmes nom et prénom : le sexe et un jour les distinguent',
    'In a civil partnership with someone of the same names: sex and one day tell them apart',
  ),
  login(
    'gautier-emilie',
    'Émilie Gautier',
    'Mariée à une femme, deux mères par filiation ; sa femme laisse l’office de l’habitat lire son revenu',
    'Married to a woman, two mothers by filiation; her wife lets the housing office read her income',
  ),
  login(
    'dupont-marie',
    'Marie Dupont',
    'Pacsée, née à La Réunion ; adresse à six lignes avec lieu-dit',
    'Civil partnership, born on Réunion; six-line address with a locality',
  ),
  login(
    'lefebvre-jean-pierre',
    'Jean-Pierre Lefebvre',
    'Père d’un enfant de moins de trois ans, paramètres de crèche',
    'Father of a child under three, childcare parameters',
  ),
  login(
    'cuillere-paul',
    'Paul Cuillere',
    'Jeune adulte qui vit seul, trois petits revenus',
    'Young adult on his own, three small incomes',
  ),
];

/** `sandbox/identity/personas.json` */
export function personas(france: France): readonly object[] {
  return LOGINS.map(({ person: id, names, acr, goodFor }) => {
    const pivot = pivotOf(getPerson(france, id));
    const home = france.households.find(({ adults }) => adults.some((adult) => adult.id === id))!;
    return {
      id,
      names,
      claims: { ...pivot, email: `${id}@example.org` },
      household: home.id,
      goodFor,
      acr: acr ?? 'eidas1',
    };
  });
}
