import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canteenPrice } from '../../portal/frontend-kit/canteenPrice.ts';
import { AskConsent } from '../../portal/frontend-kit/generated.ts';
import { createHubClient, missingConsents } from '../../portal/frontend-kit/hubClient.ts';
import { CLIENT_SECRETS_FILE } from '../../sandbox/identity/clientSecrets.ts';
import { walkFlow } from '../../sandbox/identity/walkFlow.ts';
import { sandboxClientSecret } from '../../gateway/session/sandboxClients.ts';
import { frontendKitTypes } from '../../scripts/docs/frontendKitTypes.ts';
import { aDataDir, startedSandbox, type StartedSandbox } from '../support/startedSandbox.ts';

const dataDir = aDataDir();
let sandbox: StartedSandbox;
beforeAll(async () => (sandbox = await startedSandbox(dataDir.path)));
afterAll(async () => {
  await sandbox.end('SIGTERM');
  dataDir.remove();
});

const clientOf = (service: string) =>
  createHubClient(new URL(sandbox.ready.gateway).origin, service, sandboxClientSecret(service));

async function priceFor(persona: string, service: string, purpose: string) {
  const file = join(dataDir.path, 'sandbox', CLIENT_SECRETS_FILE);
  const secrets = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const { accessToken } = await walkFlow({
    issuer: `${sandbox.ready.sandbox}/api/v2`,
    clientId: service,
    clientSecret: secrets[service]!,
    persona,
    scope: 'identite_pivot cnaf_quotient_familial',
  });
  const hub = clientOf(service);
  return canteenPrice(hub, await hub.exchange(accessToken, purpose));
}

it('computes a price, or offers the one link at which the person can open what is missing', async () => {
  expect(await priceFor('dupont-paul', 'canteen', 'canteen-pricing')).toEqual({ kind: 'price', centsPerMeal: 430 });
  const asked = await priceFor('dupont-angela', 'creche', 'creche-place');
  expect(asked).toEqual({ kind: 'ask', links: [expect.stringContaining('/consents/new?service=creche')] });
});

it('asks for consent by a link, with its own token', async () => {
  const hub = clientOf('creche');
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const returnUrl = 'http://127.0.0.1:4020/creche/retour';
  const input = { purpose: 'creche-place', scopes: ['cnaf_quotient_familial'], until, returnUrl };
  const { data } = await hub.ask(AskConsent, { input }, await hub.ownToken());
  expect(data?.requestConsent.consentUrl).toMatch(/\/consents\/con_[\w-]{22}$/);
});

it('names each link once', () => {
  const error = (reason: string, consentUrl?: string) => ({
    message: '',
    extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason, ...(consentUrl && { consentUrl }) },
  });
  const errors = [error('CONSENT_REQUIRED', 'a'), error('CONSENT_REQUIRED', 'a'), error('ACR_TOO_LOW', 'b')];
  expect(missingConsents(errors)).toEqual(['a']);
});

it('its types are those of the public schema (npm run frontend-kit)', async () => {
  expect(readFileSync('portal/frontend-kit/generated.ts', 'utf8')).toBe(await frontendKitTypes(process.cwd()));
});
