import { html, type Html } from '../pages/html.ts';
import { both, page } from '../pages/layout.ts';
import type { SandboxAgent } from './agentDirectory.ts';

export interface AgentLoginPage {
  /** Where the form is posted. */
  readonly action: string;
  readonly agents: readonly SandboxAgent[];
  /** The request's `login_hint`: that agent is marked. */
  readonly hint: string | undefined;
  /** The form came back with an agent who does not exist here. */
  readonly mistaken: boolean;
}

export function agentLoginPage({ action, agents, hint, mistaken }: AgentLoginPage): string {
  return page(
    'Se connecter comme agent',
    html`<h1>${both('Pour quelle administration ?', 'For which administration?')}</h1>
      ${mistaken ? MISTAKEN : undefined}
      <p>
        ${both(
          'Cette page joue le rôle de ProConnect. Les agents sont inventés ; il n’y a pas de mot de passe.',
          'This page stands in for ProConnect. The agents are invented; there is no password.',
        )}
      </p>
      <form method="post" action="${action}" id="login">
        <ul class="cards">
          ${agents.map((agent) => card(agent, agent.uid === hint))}
        </ul>
        <p class="actions">
          <button class="quiet" name="cancel" value="yes">${both('Annuler', 'Cancel')}</button>
        </p>
      </form>`,
  );
}

const MISTAKEN = html`<p class="error" role="alert">
  ${both('Choisissez un des agents proposés.', 'Choose one of the agents offered.')}
</p>`;

function card(
  { uid, given_name, usual_name, organisation, siret, roles, goodFor }: SandboxAgent,
  hinted: boolean,
): Html {
  return html`<li class="card${hinted ? ' hinted' : ''}">
    <h2>${given_name} ${usual_name}</h2>
    <p class="meta">${organisation} · SIRET ${siret}</p>
    <p class="meta"><code>${uid}</code> · ${roles.join(', ')}</p>
    <p>${both(goodFor.fr, goodFor.en)}</p>
    <button name="agent" value="${uid}">
      ${both('Continuer', 'Continue')} <span class="hidden">: ${given_name} ${usual_name}</span>
    </button>
  </li>`;
}
