import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createIdentityProvider,
  type IdentityProvider,
  type IdentityProviderOptions,
} from '../../../sandbox/identity/createIdentityProvider.ts';
import { walkFlow, type FlowRequest, type FlowResult } from '../../../sandbox/identity/walkFlow.ts';
import type { Persona, SandboxService } from '../../../sandbox/identity/directory.ts';

/** A directory of the seed's shape, with what the provider's tests need and nothing more. */
export const PERSONAS: readonly Persona[] = [
  aPersona('dupont-paul', {
    family_name: 'DUPONT',
    given_name: 'Paul',
    given_name_array: ['Paul'],
    birthdate: '1985-03-12',
    gender: 'male',
    birthplace: '75111',
    birthcountry: '99100',
  }),
  aPersona('dupont-angela', {
    family_name: 'MARTIN',
    given_name: 'Angela Rose',
    given_name_array: ['Angela', 'Rose'],
    preferred_username: 'DUPONT',
    email: 'angela@example.org',
    birthdate: '1987-08-24',
    gender: 'female',
    birthplace: '69123',
    birthcountry: '99100',
  }),
  aPersona('presumed-year', {
    family_name: 'DIALLO',
    given_name: 'Aïssatou',
    given_name_array: ['Aïssatou'],
    birthdate: '1960-00-00',
    gender: 'female',
    birthplace: '',
    birthcountry: '99341',
  }),
  aPersona('special-names', {
    family_name: "D'AŸ-L’ŒUVRE <b>",
    given_name: 'Zoë Šárka "Nùñez"',
    given_name_array: ['Zoë', 'Šárka', '"Nùñez"'],
    birthdate: '1990-02',
    gender: 'female',
    birthplace: '2A004',
    birthcountry: '99100',
  }),
];

export const TOWN = '99900000000011';
export const NURSERY = '99900000000029';

export const SERVICES: readonly SandboxService[] = [
  aService('canteen', TOWN, ['canteen-pricing'], 'INFORMATION_L114_8'),
  aService('parking', TOWN, ['parking-permit'], 'INFORMATION_L114_8'),
  aService('creche', NURSERY, ['creche-place'], 'CONSENT_RGPD_6_1_A'),
  aService('housing', '99900000000037', ['housing-file', 'my-data'], 'INFORMATION_L114_8'),
];

export function aPersona(id: string, claims: Persona['claims']): Persona {
  const names = `${claims.given_name} ${claims.preferred_username ?? claims.family_name}`;
  return { id, names, claims, household: 'test', goodFor: { fr: 'les tests', en: 'tests' }, acr: 'eidas1' };
}

function aService(
  clientId: string,
  siret: string,
  purposes: readonly string[],
  legalBasis: SandboxService['legalBasis'],
): SandboxService {
  const scopes = ['identite_pivot', 'cnaf_quotient_familial', 'dgfip_rfr'];
  return { clientId, name: `Service ${clientId}`, siret, purposes, scopes, legalBasis, redirectUris: [] };
}

/** Signs in for a service, with its secret, as `walkFlow` does it. */
export function walk(
  provider: IdentityProvider,
  request: Pick<FlowRequest, 'clientId' | 'persona' | 'scope'> & Partial<FlowRequest>,
): Promise<FlowResult> {
  return walkFlow({
    issuer: provider.issuer,
    clientSecret: provider.clientSecrets[request.clientId]!,
    ...request,
  });
}

export const AUDIENCE = 'https://hub.test.example';

/** A provider on a free port, with its own keys; `stop` ends it and removes them. */
export async function startIdentityProvider(
  options: Partial<IdentityProviderOptions> = {},
): Promise<{ provider: IdentityProvider; stop: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'td-identity-'));
  const provider = createIdentityProvider({
    port: 0,
    host: '127.0.0.1',
    dataDir,
    personas: PERSONAS,
    services: SERVICES,
    audience: AUDIENCE,
    ...options,
  });
  await provider.listen();
  return {
    provider,
    stop: async () => {
      await provider.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
