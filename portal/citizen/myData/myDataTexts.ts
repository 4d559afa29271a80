import { inBothLanguages } from '../../i18n/language.ts';

export const myDataTexts = inBothLanguages(
  {
    title: 'Mes données',
    lead: 'Ce que chaque administration sait de vous, lu chez elle à l’instant. Rien n’en est conservé ici.',
    disagreeTitle: (count: number) =>
      count === 1 ? 'Un désaccord entre administrations' : `${count} désaccords entre administrations`,
    disagreeLead:
      'Elles n’ont pas écrit la même chose. Vous savez mieux que personne qui a raison : la correction se demande chez qui tient l’information.',
    topics: {
      address: 'Adresse',
      birthName: 'Nom de naissance',
      usageName: 'Nom d’usage',
      givenNames: 'Prénoms',
      birthDate: 'Date de naissance',
    },
    correctAt: (holder: string) => `Corriger auprès de : ${holder}`,
    moved: 'J’ai déménagé : le dire une fois à toutes',
    heldBy: (source: string) => `Tenu par ${source}`,
    asOf: (day: string) => `état au ${day}`,
    incomeYear: (year: number) => `Revenus de ${year}`,
    nothing: 'Cette administration n’a rien d’inscrit à votre sujet.',
    silent:
      'Cette administration ne répond pas pour le moment. Vos données n’ont pas changé : réessayez dans quelques minutes.',
    strongerTitle: 'Certaines lignes demandent une connexion plus sûre',
    stronger: 'Se connecter au niveau substantiel',
    freshness: 'Fraîcheur',
    contact: 'Contact',
  },
  {
    title: 'My data',
    lead: 'What each administration knows of you, read from it this very moment. None of it is kept here.',
    disagreeTitle: (count: number) =>
      count === 1 ? 'Administrations disagree on one thing' : `Administrations disagree on ${count} things`,
    disagreeLead: 'They did not write down the same. You alone know who is right: ask whoever holds it to correct it.',
    topics: {
      address: 'Address',
      birthName: 'Birth name',
      usageName: 'Usage name',
      givenNames: 'Given names',
      birthDate: 'Birth date',
    },
    correctAt: (holder: string) => `Correct it at: ${holder}`,
    moved: 'I have moved: say it once to all of them',
    heldBy: (source: string) => `Held by ${source}`,
    asOf: (day: string) => `as of ${day}`,
    incomeYear: (year: number) => `Income of ${year}`,
    nothing: 'This administration has nothing on file about you.',
    silent:
      'This administration does not answer at the moment. Your data have not changed: try again in a few minutes.',
    strongerTitle: 'Some lines need a stronger sign-in',
    stronger: 'Sign in at the substantial level',
    freshness: 'Freshness',
    contact: 'Contact',
  },
);
