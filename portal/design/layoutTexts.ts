import { inBothLanguages } from '../i18n/language.ts';

export const layoutTexts = inBothLanguages(
  {
    skip: 'Aller au contenu',
    menu: 'Menu',
    otherLanguage: 'English',
    signOut: 'Se déconnecter',
    invented: 'Bac à sable : toutes les personnes sont inventées.',
  },
  {
    skip: 'Skip to content',
    menu: 'Menu',
    otherLanguage: 'Français',
    signOut: 'Sign out',
    invented: 'Sandbox: every person is invented.',
  },
);
