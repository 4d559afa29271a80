import { inBothLanguages } from '../../i18n/language.ts';

export const homeTexts = inBothLanguages(
  {
    welcome: 'Vos données, avec votre accord',
    lead: 'Les administrations se transmettent ce qu’elles savent déjà de vous, champ par champ. Ici, vous voyez qui lit quoi, et vous l’arrêtez quand vous voulez.',
    signIn: 'Se connecter avec FranceConnect',
    points: [
      { title: 'Voir', text: 'Ce que chaque administration sait de vous, et depuis quand.' },
      { title: 'Décider', text: 'Accepter ou refuser ce qu’un service demande, ligne par ligne.' },
      { title: 'Vérifier', text: 'Qui a consulté vos données, quand et pourquoi.' },
      { title: 'Dire une fois', text: 'Un déménagement déclaré une seule fois à toutes.' },
    ],
    hello: (name: string) => `Bonjour ${name}`,
    waiting: 'Ce qui vous attend',
    goOn: 'Aller plus loin',
    ways: [
      {
        href: '/my-data',
        title: 'Mes données',
        text: 'Ce que chaque administration sait de vous, et leurs désaccords.',
      },
      { href: '/authorisations', title: 'Mes autorisations', text: 'Qui peut lire quoi, et l’arrêter.' },
      { href: '/access-log', title: 'Qui a consulté', text: 'Le journal de chaque lecture.' },
      { href: '/household', title: 'Mon foyer', text: 'Vos enfants, votre conjoint, et qui décide pour qui.' },
      { href: '/moves', title: 'Je déménage', text: 'Le dire une fois, suivre chaque destinataire.' },
      { href: '/account', title: 'Emporter ou effacer', text: 'Tout ce que le hub garde à votre sujet.' },
    ],
  },
  {
    welcome: 'Your data, with your say',
    lead: 'Administrations pass on what they already know of you, field by field. Here you see who reads what, and you stop it when you like.',
    signIn: 'Sign in with FranceConnect',
    points: [
      { title: 'See', text: 'What each administration knows of you, and since when.' },
      { title: 'Decide', text: 'Accept or refuse what a service asks for, line by line.' },
      { title: 'Check', text: 'Who looked at your data, when and why.' },
      { title: 'Say it once', text: 'A move declared once, to all of them.' },
    ],
    hello: (name: string) => `Hello ${name}`,
    waiting: 'What waits for you',
    goOn: 'Go on',
    ways: [
      { href: '/my-data', title: 'My data', text: 'What each administration knows of you, and where they disagree.' },
      { href: '/authorisations', title: 'My authorisations', text: 'Who may read what, and how to stop it.' },
      { href: '/access-log', title: 'Who looked', text: 'The log of every reading.' },
      { href: '/household', title: 'My household', text: 'Your children, your spouse, and who decides for whom.' },
      { href: '/moves', title: 'I am moving', text: 'Say it once, and follow each recipient.' },
      { href: '/account', title: 'Take along or erase', text: 'All that the hub keeps about you.' },
    ],
  },
);
