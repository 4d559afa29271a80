import { inBothLanguages } from '../../i18n/language.ts';

export const erasureTexts = inBothLanguages(
  {
    title: 'Effacer ce que le hub garde de moi',
    lead: 'Le hub n’a aucune copie de ce que les administrations savent de vous. Ce qu’il garde lui-même s’efface, sauf ce que la loi lui demande de garder.',
    goes: 'Ce qui sera effacé',
    goesMoves: (count: number) =>
      [
        'Les noms, les adresses et les réponses reçues dans les déménagements terminés ou annulés, les vôtres comme ceux où figure votre nom. ',
        count === 0 ? 'Il n’y en a pas pour l’instant.' : count === 1 ? 'Il y en a un.' : `Il y en a ${count}.`,
      ].join(''),
    goesNotes: 'Les notes que des services ont jointes à leurs demandes, une fois celles-ci refusées ou terminées.',
    stays: 'Ce qui reste, et pourquoi',
    underWay: (count: number) => (count === 1 ? 'Un déménagement en cours' : `${count} déménagements en cours`),
    underWayWhy:
      'Un destinataire n’a pas fini, quelqu’un doit encore répondre, ou le jour n’est pas passé. L’effacement vient de lui-même après un temps sans rien de nouveau, ou ici, une fois que c’est terminé ou annulé.',
    staysItems: [
      {
        what: 'Vos autorisations en cours',
        why: 'Elles disent ce que vous permettez maintenant. « Tout arrêter » y met fin.',
      },
      {
        what: 'La trace de vos autorisations passées',
        why: 'La preuve de ce que vous avez accepté ou refusé (RGPD, articles 7, 1 et 17, 3, e), pendant cinq ans : le temps de la prescription (Code civil, article 2224).',
      },
      {
        what: 'Le journal de qui a lu vos données',
        why: 'Sans aucune valeur ; pendant trois ans au moins, pour que vous et l’autorité de contrôle puissiez vérifier (RGPD, articles 5, 2 et 17, 3, b).',
      },
      {
        what: 'Votre session',
        why: 'Votre identité y est scellée, trente minutes au plus ; elle s’efface avec la session.',
      },
    ],
    confirm: 'Confirmer',
    sure: 'Je veux que le hub efface tout cela',
    sureMore: 'Personne ne pourra le retrouver, vous non plus. Emportez d’abord ce que vous voulez garder.',
    action: 'Effacer définitivement',
    leave: 'Ne rien effacer',
    back: 'Emporter, effacer, arrêter',
    errorTitle: 'Une confirmation manque',
    errorSure: 'Cochez la case pour confirmer.',
    done: 'C’est effacé',
    nothing: 'Rien n’était à effacer',
    nothingLead: 'Le hub ne garde de vous que ce qui suit.',
    until: (day: string) => `Jusqu’au ${day}.`,
  },
  {
    title: 'Erase what the hub keeps about me',
    lead: 'The hub has no copy of what administrations know of you. What it keeps itself is erased, but for what the law has it keep.',
    goes: 'What will be erased',
    goesMoves: (count: number) =>
      [
        'Names, addresses and the answers received in moves that are over or cancelled, your own and those in which you are named. ',
        count === 0 ? 'There is none at the moment.' : count === 1 ? 'There is one.' : `There are ${count}.`,
      ].join(''),
    goesNotes: 'Notes that services put beside their requests, once these were declined or have ended.',
    stays: 'What stays, and why',
    underWay: (count: number) => (count === 1 ? 'A move under way' : `${count} moves under way`),
    underWayWhy:
      'A recipient has not finished, somebody has yet to answer, or the day has not passed. Erasure comes by itself after a time without anything new, or here, once it is over or cancelled.',
    staysItems: [
      { what: 'Your authorisations in force', why: 'They say what you allow now. “Stop everything” ends them.' },
      {
        what: 'The record of your past authorisations',
        why: 'The proof of what you accepted or declined (GDPR, articles 7(1) and 17(3)(e)), for five years: as long as a claim can be brought (French Civil Code, article 2224).',
      },
      {
        what: 'The log of who read your data',
        why: 'Without any value; for three years at least, so that you and the supervisory authority can check (GDPR, articles 5(2) and 17(3)(b)).',
      },
      {
        what: 'Your session',
        why: 'Your identity is sealed in it, for thirty minutes at most; it goes with the session.',
      },
    ],
    confirm: 'Confirm',
    sure: 'I want the hub to erase all of that',
    sureMore: 'Nobody will be able to find it again, nor will you. First take along what you want to keep.',
    action: 'Erase for good',
    leave: 'Erase nothing',
    back: 'Take along, erase, stop',
    errorTitle: 'A confirmation is missing',
    errorSure: 'Tick the box to confirm.',
    done: 'It is erased',
    nothing: 'There was nothing to erase',
    nothingLead: 'What follows is all that the hub keeps about you.',
    until: (day: string) => `Until ${day}.`,
  },
);
