import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type Provider } from 'oidc-provider';
import { findPurpose } from '../../schema/purposes.ts';
import { getService, type Directory } from './directory.ts';
import { createAuthorizationGrant } from './grants.ts';
import { knownScopes } from './identityScopes.ts';
import { consentPage } from './pages/consentPage.ts';
import { loginPage, offeredLevels } from './pages/loginPage.ts';
import { errorPage } from './pages/messagePages.ts';
import { readForm, sendHtml } from './send.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** The two pages a person sees, `GET` and `POST /interaction/:uid`; plain forms, so that they work without JavaScript. */
export function createInteractions(provider: Provider, directory: Directory) {
  const known = new Set(knownScopes(directory.services));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const interaction = await findInteraction(request, response);
    if (!interaction) return;
    const form = request.method === 'POST' ? await readForm(request) : undefined;
    if (form === 'too large') return sendHtml(response, 413, errorPage('form_too_large', undefined));
    if (form?.has('cancel')) {
      const refusal = { error: 'access_denied', error_description: 'the person cancelled' };
      return provider.interactionFinished(request, response, refusal, { mergeWithLastSubmission: false });
    }
    if (interaction.prompt.name === 'login') return login(request, response, interaction, form);
    return consent(request, response, interaction, form);
  }

  async function findInteraction(request: IncomingMessage, response: ServerResponse): Promise<Interaction | undefined> {
    try {
      return await provider.interactionDetails(request, response);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      sendHtml(response, 400, errorPage(error.error, error.error_description));
      return undefined;
    }
  }

  async function login(
    request: IncomingMessage,
    response: ServerResponse,
    interaction: Interaction,
    form: URLSearchParams | undefined,
  ): Promise<void> {
    const { client_id, acr_values, login_hint } = interaction.params as Record<string, string | undefined>;
    const persona = directory.personas.find(({ id }) => id === form?.get('persona'));
    const acr = offeredLevels(acr_values).find((level) => level === form?.get('acr'));
    if (persona && acr) {
      return provider.interactionFinished(request, response, {
        login: { accountId: persona.id, acr, remember: false },
      });
    }
    const page = loginPage({
      action: `/interaction/${interaction.uid}`,
      serviceName: getService(directory, client_id!).name,
      personas: directory.personas,
      acrValues: acr_values,
      hint: login_hint,
      mistaken: form !== undefined,
    });
    sendHtml(response, form ? 400 : 200, page, redirectOrigin(interaction));
  }

  async function consent(
    request: IncomingMessage,
    response: ServerResponse,
    interaction: Interaction,
    form: URLSearchParams | undefined,
  ): Promise<void> {
    const { client_id, scope = '' } = interaction.params as Record<string, string | undefined>;
    const service = getService(directory, client_id!);
    const agreed = service.legalBasis !== 'CONSENT_RGPD_6_1_A' || form?.get('agree') === 'yes';
    if (form && agreed) {
      const grant = await createAuthorizationGrant(provider, interaction.session!.accountId, interaction.params, known);
      return provider.interactionFinished(request, response, { consent: { grantId: grant.jti } });
    }
    const page = consentPage({
      action: `/interaction/${interaction.uid}`,
      service,
      scopes: scope.split(' ').filter((name) => known.has(name)),
      purposeLabels: service.purposes.map((name) => findPurpose(name)?.label ?? { fr: name, en: name }),
      unticked: form !== undefined,
    });
    sendHtml(response, form ? 400 : 200, page, redirectOrigin(interaction));
  }

  return handle;
}

/** Browsers hold a form's later redirects to `form-action`, so the page must name the client's origin too. */
function redirectOrigin(interaction: Interaction): string {
  return new URL(interaction.params['redirect_uri'] as string).origin;
}
