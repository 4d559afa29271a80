import { inBothLanguages } from '../../i18n/language.ts';

export const accountTexts = inBothLanguages(
  {
    title: 'Emporter ou effacer',
    lead: 'Le hub ne garde pas vos données : il les lit chez les administrations au moment de la demande. Il garde ce qui vous permet de vérifier.',
    take: 'Tout emporter',
    takeLead:
      'Un fichier avec vos autorisations et leurs reçus, vos déménagements, le journal entier, et ce que les administrations répondent à l’instant.',
    takeAction: 'Télécharger mes données (JSON)',
    kept: 'Ce que le hub garde, et pourquoi',
    keptItems: [
      {
        what: 'Vos autorisations et leurs reçus',
        how: 'La preuve de ce que vous avez décidé : elle doit être conservée (RGPD, articles 7, 1 et 17, 3, e).',
      },
      {
        what: 'Le journal des consultations',
        how: 'Sans aucune valeur ; il sert à vérifier qui a lu quoi, et ne se réécrit pas.',
      },
      {
        what: 'Vos déclarations de déménagement',
        how: 'Pour que vous suiviez chaque destinataire ; une déclaration s’annule jusqu’à la veille.',
      },
      { what: 'Votre session', how: '30 minutes, en mémoire. Elle s’efface quand vous vous déconnectez.' },
    ],
    erase: 'Tout arrêter',
    eraseLead:
      'Le hub n’a aucune copie de vos données à effacer. Ce qui peut cesser cesse : toutes vos autorisations prennent fin, et vous vous opposez à chaque lecture annoncée. Les preuves restent, parce que la loi le demande.',
    sure: 'Je veux que plus aucun service ne lise mes données par ce hub',
    sureMore: 'Des démarches en cours peuvent s’arrêter. Vous pourrez autoriser de nouveau, service par service.',
    eraseAction: 'Tout arrêter maintenant',
    errorTitle: 'Une confirmation manque',
    errorSure: 'Cochez la case pour confirmer.',
    done: 'Plus aucun service ne lit vos données',
    doneLead: 'La lecture suivante sera refusée, pour chacun d’eux.',
  },
  {
    title: 'Take along or erase',
    lead: 'The hub does not keep your data: it reads them from the administrations when they are asked for. It keeps what lets you check.',
    take: 'Take everything along',
    takeLead:
      'One file with your authorisations and their receipts, your moves, the whole log, and what the administrations answer at this moment.',
    takeAction: 'Download my data (JSON)',
    kept: 'What the hub keeps, and why',
    keptItems: [
      {
        what: 'Your authorisations and their receipts',
        how: 'The proof of what you decided: it has to be kept (GDPR, articles 7(1) and 17(3)(e)).',
      },
      { what: 'The access log', how: 'Without any value; it is there to check who read what, and is never rewritten.' },
      {
        what: 'Your declarations of a move',
        how: 'For you to follow each recipient; a declaration can be cancelled until the day before.',
      },
      { what: 'Your session', how: '30 minutes, in memory. It is erased when you sign out.' },
    ],
    erase: 'Stop everything',
    eraseLead:
      'The hub has no copy of your data to erase. What can stop stops: all your authorisations end, and you object to every reading that was announced. The proofs remain, because the law asks for them.',
    sure: 'I want no service to read my data through this hub any more',
    sureMore: 'Procedures under way may stop. You will be able to authorise again, service by service.',
    eraseAction: 'Stop everything now',
    errorTitle: 'A confirmation is missing',
    errorSure: 'Tick the box to confirm.',
    done: 'No service reads your data any more',
    doneLead: 'The next reading will be refused, for each of them.',
  },
);
