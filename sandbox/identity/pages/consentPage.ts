import type { SandboxService } from '../directory.ts';
import { scopeLabel } from '../identityScopes.ts';
import { html, type Html } from './html.ts';
import { both, page } from './layout.ts';

export interface ConsentPage {
  readonly action: string;
  readonly service: SandboxService;
  /** Scopes asked for, known ones only. */
  readonly scopes: readonly string[];
  /** What the service does with it; the hub holds each token to one of them. */
  readonly purposeLabels: readonly { readonly fr: string; readonly en: string }[];
  /** The form came back without the box that consent needs. */
  readonly unticked: boolean;
}

/**
 * What the service will receive. Under the law on exchanges between administrations (CRPA L114-8) the person is informed; where
 * the legal basis is consent there is a box, not ticked beforehand (RGPD, recital 32).
 */
export function consentPage({ action, service, scopes, purposeLabels, unticked }: ConsentPage): string {
  const asks = service.legalBasis === 'CONSENT_RGPD_6_1_A';
  return page(
    'Données transmises',
    html`<h1>${both('Ce qui sera demandé pour vous', 'What will be asked about you')}</h1>
      ${unticked ? UNTICKED : undefined}
      <p>
        <strong>${service.name}</strong> – ${purposeLabels.map(({ fr }) => fr).join(', ')}.
        <span lang="en" class="en block">${purposeLabels.map(({ en }) => en).join(', ')}.</span>
      </p>
      <ul class="asked">
        ${scopes
          .map(scopeLabel)
          .filter((label) => label !== undefined)
          .map(({ fr, en }) => html`<li>${both(fr, en)}</li>`)}
      </ul>
      <p>${legalWords(service.legalBasis)}</p>
      <form method="post" action="${action}" id="consent">
        ${asks ? box(unticked) : undefined}
        <p class="actions">
          <button name="accept" value="yes">${both('Continuer', 'Continue')}</button>
          <button class="quiet" name="cancel" value="yes">${both('Annuler', 'Cancel')}</button>
        </p>
      </form>`,
  );
}

function legalWords(basis: SandboxService['legalBasis']): Html {
  if (basis === 'CONSENT_RGPD_6_1_A') return CONSENT;
  return basis === 'RIGHT_OF_ACCESS_RGPD_15' ? OWN_DATA : NOTICE;
}

const OWN_DATA = both(
  'Vous consultez vos propres données (droit d’accès, RGPD article 15).',
  'You are looking at your own data (right of access, GDPR article 15).',
);

const UNTICKED: Html = html`<p class="error" role="alert" id="unticked">
  ${both('Cochez la case pour continuer, ou annulez.', 'Tick the box to continue, or cancel.')}
</p>`;

const NOTICE = both(
  'Cette administration est fondée par la loi (CRPA L114-8) à demander ces données. Le hub n’en transmet que ce que son habilitation couvre.',
  'The law (CRPA L114-8) lets this administration ask for these data. The hub passes on only what its habilitation covers.',
);

const CONSENT = both(
  'Ces données ne sont transmises qu’avec votre accord, que vous pouvez retirer à tout moment.',
  'These data are passed on with your agreement only, which you can withdraw at any time.',
);

/** The box says by itself, to a reader of the screen, what the alert says. */
function box(unticked: boolean): Html {
  const input = unticked
    ? html`<input type="checkbox" name="agree" value="yes" aria-invalid="true" aria-describedby="unticked" />`
    : html`<input type="checkbox" name="agree" value="yes" />`;
  return html`<label class="box">
    ${input}
    <span>${both('J’accepte que ces données soient transmises.', 'I agree that these data are passed on.')}</span>
  </label>`;
}
