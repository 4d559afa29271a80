import { ACR_LEVELS, isAcr, type Acr } from '../../../schema/acr.ts';
import type { Persona } from '../directory.ts';
import { html, type Html } from './html.ts';
import { both, page } from './layout.ts';

export interface LoginPage {
  /** Where the form is posted. */
  readonly action: string;
  readonly serviceName: string;
  readonly personas: readonly Persona[];
  /** The request's `acr_values`, as it came; levels not known are passed over. */
  readonly acrValues: string | undefined;
  /** The request's `login_hint`: that persona stands first. */
  readonly hint: string | undefined;
  /** The form came back with a persona or a level that does not exist here. */
  readonly mistaken: boolean;
}

/** The levels a request leaves open: those it names, or all. */
export function offeredLevels(acrValues: string | undefined): readonly Acr[] {
  const named = (acrValues ?? '').split(' ').filter(isAcr);
  return named.length > 0 ? ACR_LEVELS.filter((level) => named.includes(level)) : ACR_LEVELS;
}

const LEVEL_LABELS: Readonly<Record<Acr, { fr: string; en: string }>> = {
  eidas1: { fr: 'faible (eidas1)', en: 'low' },
  eidas2: { fr: 'substantiel (eidas2)', en: 'substantial' },
  eidas3: { fr: 'élevé (eidas3)', en: 'high' },
};

export function loginPage({ action, serviceName, personas, acrValues, hint, mistaken }: LoginPage): string {
  const levels = offeredLevels(acrValues);
  const hinted = personas.find((persona) => persona.id === hint);
  const usual = hinted?.acr ?? levels[0]!;
  const checked = levels.includes(usual) ? usual : levels[0]!;
  const ordered = hinted ? [hinted, ...personas.filter((persona) => persona !== hinted)] : personas;
  return page(
    'Se connecter',
    html`<h1>${both('Qui voulez-vous être ?', 'Who do you want to be?')}</h1>
      ${mistaken ? MISTAKEN : undefined}
      <p>
        Vous vous connectez pour <strong>${serviceName}</strong>. Il n’y a pas de mot de passe.
        <span lang="en" class="en block"
          >You are signing in for <strong>${serviceName}</strong>. There is no password.</span
        >
      </p>
      <form method="post" action="${action}" id="login">
        <fieldset>
          <legend>${both('Niveau de garantie', 'Level of assurance')}</legend>
          <div class="levels">${levels.map((level) => levelChoice(level, level === checked))}</div>
        </fieldset>
        <ul class="cards">
          ${ordered.map((persona) => card(persona, persona === hinted))}
        </ul>
        <p class="actions">
          <button class="quiet" name="cancel" value="yes">${both('Annuler', 'Cancel')}</button>
        </p>
      </form>`,
  );
}

const MISTAKEN = html`<p class="error" role="alert">
  ${both('Choisissez une des personnes et un des niveaux proposés.', 'Choose one of the people and levels offered.')}
</p>`;

function levelChoice(level: Acr, checked: boolean): Html {
  const { fr, en } = LEVEL_LABELS[level];
  const input = checked
    ? html`<input type="radio" name="acr" value="${level}" checked />`
    : html`<input type="radio" name="acr" value="${level}" />`;
  return html`<label>${input} <span>${both(fr, en)}</span></label>`;
}

function card({ id, names, household, goodFor }: Persona, hinted: boolean): Html {
  return html`<li class="card${hinted ? ' hinted' : ''}">
    <h2>${names}</h2>
    <p class="meta"><code>${id}</code> · foyer ${household}</p>
    <p>${both(goodFor.fr, goodFor.en)}</p>
    <button name="persona" value="${id}">
      ${both('Continuer', 'Continue')} <span class="hidden">: ${names}</span>
    </button>
  </li>`;
}
