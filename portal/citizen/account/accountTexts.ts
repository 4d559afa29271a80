import { inBothLanguages } from '../../i18n/language.ts';

export const accountTexts = inBothLanguages(
  {
    title: 'Emporter ou effacer',
    lead: 'Le hub ne garde pas vos données : il les lit chez les administrations au moment de la demande. Il garde ce qui vous permet de vérifier.',
    fileName: 'mes-donnees.json',
    take: 'Tout emporter',
    takeLead:
      'Un fichier avec tout ce que le hub garde à votre sujet : vos autorisations avec leurs reçus, les demandes reçues, vos déménagements, le journal entier, votre session ; et, à côté, ce que les administrations répondent à l’instant. Quelques secondes peuvent passer.',
    takeAction: 'Télécharger mes données (JSON)',
    erase: 'Effacer',
    eraseLead: 'Voyez d’abord ce qui s’efface, ce qui reste, pourquoi et jusqu’à quand ; vous confirmez ensuite.',
    eraseAction: 'Voir ce qui peut être effacé',
    stop: 'Tout arrêter',
    stopLead:
      'Toutes vos autorisations prennent fin, et vous vous opposez à chaque lecture annoncée. Rien n’est effacé par là : les preuves restent.',
    sure: 'Je veux que plus aucun service ne lise mes données par ce hub',
    sureMore: 'Des démarches en cours peuvent s’arrêter. Vous pourrez autoriser de nouveau, service par service.',
    stopAction: 'Tout arrêter maintenant',
    errorTitle: 'Une confirmation manque',
    errorSure: 'Cochez la case pour confirmer.',
    done: 'Plus aucun service ne lit vos données',
    doneLead: 'La lecture suivante sera refusée, pour chacun d’eux.',
  },
  {
    title: 'Take along or erase',
    lead: 'The hub does not keep your data: it reads them from the administrations when they are asked for. It keeps what lets you check.',
    fileName: 'my-data.json',
    take: 'Take everything along',
    takeLead:
      'One file with all that the hub keeps about you: your authorisations with their receipts, the requests you received, your moves, the whole log, your session; and, beside it, what the administrations answer at this moment. It may take a few seconds.',
    takeAction: 'Download my data (JSON)',
    erase: 'Erase',
    eraseLead: 'See first what is erased and what stays, why and until when; you confirm afterwards.',
    eraseAction: 'See what can be erased',
    stop: 'Stop everything',
    stopLead:
      'All your authorisations end, and you object to every reading that was announced. That erases nothing: the proofs remain.',
    sure: 'I want no service to read my data through this hub any more',
    sureMore: 'Procedures under way may stop. You will be able to authorise again, service by service.',
    stopAction: 'Stop everything now',
    errorTitle: 'A confirmation is missing',
    errorSure: 'Tick the box to confirm.',
    done: 'No service reads your data any more',
    doneLead: 'The next reading will be refused, for each of them.',
  },
);
