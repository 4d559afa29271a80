import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { decodeJwt } from 'jose';
import { parse } from 'yaml';
import { isAcr, type Acr } from '../../../schema/acr.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import type { IdentityProvider } from '../../../sandbox/identity/createIdentityProvider.ts';
import { walkFlow } from '../../../sandbox/identity/walkFlow.ts';
import { aPersona, SERVICES, startIdentityProvider } from './smallFrance.ts';

/** FranceConnect's own answers, as API Particulier's test data hold them (etalab/siade, MIT). */
const FOLDER = new URL('franceConnect/', import.meta.url);

interface Introspection extends PivotIdentity {
  readonly acr: Acr;
  readonly scope: string;
}

const files = readdirSync(FOLDER).filter((file) => /\.ya?ml$/.test(file));
const answers = files.map((file) => {
  const { payload } = parse(readFileSync(new URL(file, FOLDER), 'utf8')) as { payload: string };
  return { file, introspection: (JSON.parse(payload) as { token_introspection: Introspection }).token_introspection };
});

const PIVOT = [
  'family_name',
  'given_name',
  'given_name_array',
  'gender',
  'birthdate',
  'birthplace',
  'birthcountry',
] as const;

function pivotOf(claims: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(PIVOT.map((claim) => [claim, claims[claim]]));
}

let provider: IdentityProvider;
let stop: () => Promise<void>;

beforeAll(async () => {
  const canteen = SERVICES.find(({ clientId }) => clientId === 'canteen')!;
  ({ provider, stop } = await startIdentityProvider({
    personas: answers.map(({ file, introspection }) => aPersona(file, pivotOf(introspection as never) as never)),
    services: [
      { ...canteen, scopes: [...new Set(answers.flatMap(({ introspection }) => introspection.scope.split(' ')))] },
    ],
  }));
});
afterAll(() => stop());

describe('FranceConnect’s own claims', () => {
  it('are eight answers', () => {
    expect(answers).toHaveLength(8);
  });

  it.each(answers)(
    '$file comes out with the claims, the scope and the level of the original',
    async ({ file, introspection }) => {
      const { acr, scope } = introspection;
      expect(isAcr(acr)).toBe(true);
      const { accessToken } = await walkFlow({
        issuer: provider.issuer,
        clientId: 'canteen',
        persona: file,
        scope,
        acr,
      });
      const claims = decodeJwt(accessToken);
      expect(pivotOf(claims)).toEqual(pivotOf(introspection as never));
      expect({ acr: claims['acr'], scope: claims['scope'] }).toEqual({ acr, scope });
      expect(claims.sub).toMatch(/^[0-9a-f]{64}v1$/);
    },
  );
});
