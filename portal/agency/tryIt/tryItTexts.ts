import { inBothLanguages } from '../../i18n/language.ts';

export const tryItTexts = inBothLanguages(
  {
    title: 'Essayer',
    lead: 'Posez une question au graphe pour une personne inventée, à travers un service du bac à sable. Le jeton reste sur notre serveur : votre navigateur ne le voit pas.',
    as: (person: string) => `Vous êtes ${person}.`,
    choose: 'Choisissez pour quel service, puis qui vous êtes',
    another: 'Changer de personne ou de service',
    query: 'La requête',
    run: 'Exécuter',
    answer: 'La réponse',
    graphiql: 'Ouvrir dans GraphiQL',
    signInFirst: 'Choisissez d’abord une personne : la requête attend.',
  },
  {
    title: 'Try it',
    lead: 'Ask the graph as an invented person, through a service of the sandbox. The token stays on our server: your browser never sees it.',
    as: (person: string) => `You are ${person}.`,
    choose: 'Choose for which service, then who you are',
    another: 'Change the person or the service',
    query: 'The query',
    run: 'Run it',
    answer: 'The answer',
    graphiql: 'Open it in GraphiQL',
    signInFirst: 'Choose a person first: the query waits.',
  },
);
