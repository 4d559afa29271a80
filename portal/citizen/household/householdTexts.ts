import { inBothLanguages } from '../../i18n/language.ts';

export const householdTexts = inBothLanguages(
  {
    title: 'Mon foyer',
    lead: 'Ceux que l’état civil vous rattache, et qui décide pour qui. Un dossier de la CAF ou de l’impôt ne prouve aucun lien.',
    children: 'Mes enfants',
    noChildren: 'L’état civil ne vous connaît pas d’enfant.',
    child: 'Un enfant',
    born: 'Date de naissance',
    youDecide: 'vous décidez',
    notYou: 'vous ne décidez pas',
    decides: 'Vous décidez de ses données, par l’autorité parentale que l’état civil établit.',
    together:
      'Vous décidez de ses données ; à son âge, votre enfant peut aussi autoriser un service en ligne, et un désaccord vaut refus.',
    turns18: (day: string) =>
      `Le ${day}, jour de ses 18 ans, vos autorisations pour cet enfant prennent fin d’elles-mêmes.`,
    without:
      'Majeur, ou sans autorité parentale de votre part : ses données ne s’ouvrent que par sa propre décision, dans sa propre session.',
    partner: 'Mon conjoint',
    noPartner: 'L’état civil ne vous connaît ni mariage ni PACS en cours.',
    yourPartner: 'Votre conjoint',
    union: 'Lien',
    since: 'Depuis le',
    invite: 'Inviter votre conjoint à répondre',
    inviteLead:
      'Quand un formulaire demande ses données, la demande apparaît dans sa session, jamais dans la vôtre. Transmettez-lui cette adresse : elle ne contient rien de personnel.',
  },
  {
    title: 'My household',
    lead: 'Those whom civil status relates to you, and who decides for whom. A family benefits or tax file proves no relation.',
    children: 'My children',
    noChildren: 'Civil status knows of no child of yours.',
    child: 'A child',
    born: 'Birth date',
    youDecide: 'you decide',
    notYou: 'you do not decide',
    decides: 'You decide about their data, by the parental authority that civil status establishes.',
    together:
      'You decide about their data; at this age your child may authorise an online service too, and disagreement counts as refusal.',
    turns18: (day: string) => `On ${day}, their 18th birthday, your authorisations for this child end by themselves.`,
    without:
      'Of age, or without your parental authority: their data open by their own decision alone, in their own session.',
    partner: 'My spouse',
    noPartner: 'Civil status knows of no marriage or civil partnership of yours.',
    yourPartner: 'Your spouse',
    union: 'Relation',
    since: 'Since',
    invite: 'Invite your spouse to answer',
    inviteLead:
      'When a form asks for their data, the request appears in their session, never in yours. Hand them this address: it holds nothing personal.',
  },
);
