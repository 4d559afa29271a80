import { inBothLanguages } from '../../i18n/language.ts';

export const homeTexts = inBothLanguages(
  {
    welcome: 'Vos données, avec votre accord',
    lead: 'Les administrations se transmettent ce qu’elles savent déjà de vous, champ par champ. Ici, vous voyez qui lit quoi, et vous l’arrêtez quand vous voulez.',
    signIn: 'Se connecter avec FranceConnect',
    points: [
      'Voir ce que chaque administration sait de vous, et depuis quand.',
      'Accepter ou refuser ce qu’un service demande, ligne par ligne.',
      'Lire le journal : qui a consulté vos données, quand et pourquoi.',
    ],
    hello: (name: string) => `Bonjour ${name}`,
  },
  {
    welcome: 'Your data, with your say',
    lead: 'Administrations pass on what they already know of you, field by field. Here you see who reads what, and you stop it when you like.',
    signIn: 'Sign in with FranceConnect',
    points: [
      'See what each administration knows of you, and since when.',
      'Accept or refuse what a service asks for, line by line.',
      'Read the log: who looked at your data, when and why.',
    ],
    hello: (name: string) => `Hello ${name}`,
  },
);
