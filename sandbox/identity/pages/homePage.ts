import type { PublicAgents } from '../agents/agentDirectory.ts';
import type { PublicDirectory } from '../directory.ts';
import { html } from './html.ts';
import { both, page } from './layout.ts';

/** `GET /`: who lives in the sandbox, and where a program finds the same. */
export function homePage({ issuer, personas, services, agentIssuer, agents }: PublicDirectory & PublicAgents): string {
  return page(
    'Fournisseur d’identité',
    html`<h1>${both('Fournisseur d’identité du bac à sable', 'The sandbox’s identity provider')}</h1>
      <p>
        ${both(
          'Il joue le rôle de FranceConnect pour essayer le hub, et celui de ProConnect pour les agents.',
          'It stands in for FranceConnect, to try the hub, and for ProConnect, for agents.',
        )}
      </p>
      <ul>
        <li><a href="/directory.json">directory.json</a></li>
        <li><a href="${issuer}/.well-known/openid-configuration">openid-configuration</a></li>
        <li><a href="${issuer}/jwks">jwks</a></li>
        <li>
          <a href="${agentIssuer}/.well-known/openid-configuration">openid-configuration</a>
          (agents)
        </li>
      </ul>
      <h2>Services</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Services">
        <table>
          <thead>
            <tr>
              <th scope="col">client_id</th>
              <th scope="col">${both('Nom', 'Name')}</th>
              <th scope="col">SIRET</th>
              <th scope="col">${both('Finalités', 'Purposes')}</th>
              <th scope="col">${both('Base légale', 'Legal basis')}</th>
            </tr>
          </thead>
          <tbody>
            ${services.map(
              (service) =>
                html`<tr>
                  <th scope="row"><code>${service.clientId}</code></th>
                  <td>${service.name}</td>
                  <td>${service.siret}</td>
                  <td><code>${service.purposes.join(', ')}</code></td>
                  <td><code>${service.legalBasis}</code></td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <h2>${both('Personnes', 'People')}</h2>
      <ul class="cards">
        ${personas.map(
          ({ id, names, household, goodFor }) =>
            html`<li class="card">
              <h3>${names}</h3>
              <p class="meta"><code>${id}</code> · foyer ${household}</p>
              <p>${both(goodFor.fr, goodFor.en)}</p>
            </li>`,
        )}
      </ul>
      <h2>Agents</h2>
      <ul class="cards">
        ${agents.map(
          ({ uid, given_name, usual_name, organisation, roles, goodFor }) =>
            html`<li class="card">
              <h3>${given_name} ${usual_name}</h3>
              <p class="meta"><code>${uid}</code> · ${organisation} · ${roles.join(', ')}</p>
              <p>${both(goodFor.fr, goodFor.en)}</p>
            </li>`,
        )}
      </ul>`,
  );
}
