import type { Language } from '../../i18n/language.ts';
import { inBothLanguages } from '../../i18n/language.ts';
import { html, type Html } from '../../web/html.ts';
import type { AskedFact } from './askFacts.ts';

const words = inBothLanguages(
  {
    absent: 'rien d’inscrit',
    tooWeak: 'visible après une connexion plus sûre',
    silent: 'l’administration ne répond pas pour le moment',
    refused: 'non communiqué',
  },
  {
    absent: 'nothing on file',
    tooWeak: 'shown after a stronger sign-in',
    silent: 'the administration does not answer at the moment',
    refused: 'not disclosed',
  },
);

/** A fact's value as a page shows it, or why there is none. */
export function factValue({ told }: AskedFact, language: Language): Html {
  const texts = words(language);
  switch (told.kind) {
    case 'known':
      return told.lines.length === 1
        ? html`${told.lines[0]}`
        : html`<ul role="list">
            ${told.lines.map((line) => html`<li>${line}</li>`)}
          </ul>`;
    case 'absent':
      return html`<span class="soft">${texts.absent}</span>`;
    case 'missing': {
      if (told.fault.reason === 'ACR_TOO_LOW') return html`<span class="soft">${texts.tooWeak}</span>`;
      const isSilent = told.fault.code.startsWith('HUB_AGENCY');
      return html`<span class="soft">${isSilent ? texts.silent : texts.refused}</span>`;
    }
    default:
      return told satisfies never;
  }
}

/** Whether somebody who signs in at a higher level would see more. */
export function needsStrongerSession(facts: readonly AskedFact[]): boolean {
  return facts.some(({ told }) => told.kind === 'missing' && told.fault.reason === 'ACR_TOO_LOW');
}
