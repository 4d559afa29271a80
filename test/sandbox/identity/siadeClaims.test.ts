import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { compactDecrypt, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import { parse } from 'yaml';
import type { Acr } from '../../../schema/acr.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import type { IdentityProvider } from '../../../sandbox/identity/createIdentityProvider.ts';
import type { RegisteredDataProvider } from '../../../sandbox/identity/dataProviders.ts';
import { aPersona, SERVICES, startIdentityProvider, walk } from './smallFrance.ts';

/** FranceConnect's own answers, as API Particulier's test data hold them (etalab/siade, MIT). */
const FOLDER = new URL('franceConnect/', import.meta.url);

interface Answer {
  readonly aud: string;
  readonly iat: number;
  readonly iss: string;
  readonly token_introspection: PivotIdentity & { readonly acr: Acr; readonly scope: string };
}

const files = readdirSync(FOLDER).filter((file) => /\.ya?ml$/.test(file));
const answers = files.map((file) => {
  const { payload } = parse(readFileSync(new URL(file, FOLDER), 'utf8')) as { payload: string };
  return { file, answer: JSON.parse(payload) as Answer };
});
const allScopes = [...new Set(answers.flatMap(({ answer }) => answer.token_introspection.scope.split(' ')))];

/** Claims that are another's for every token; everything else must be the original's. */
const OF_ONE_TOKEN = ['iss', 'aud', 'sub', 'jti', 'iat', 'exp'];

const key = await generateKeyPair('ECDH-ES', { extractable: true });

let provider: IdentityProvider;
let api: RegisteredDataProvider;
let stop: () => Promise<void>;

beforeAll(async () => {
  const canteen = SERVICES.find(({ clientId }) => clientId === 'canteen')!;
  ({ provider, stop } = await startIdentityProvider({
    personas: answers.map(({ file, answer }) => aPersona(file, pivotOf(answer.token_introspection))),
    services: [{ ...canteen, scopes: allScopes }],
  }));
  api = await provider.registerDataProvider({
    clientId: answers[0]!.answer.aud,
    scopes: allScopes,
    jwks: { keys: [await exportJWK(key.publicKey)] },
  });
});
afterAll(() => stop());

function pivotOf(claims: PivotIdentity): PivotIdentity {
  const { family_name, given_name, given_name_array, gender, birthdate, birthplace, birthcountry } = claims;
  return { family_name, given_name, given_name_array: given_name_array!, gender, birthdate, birthplace, birthcountry };
}

describe('FranceConnect’s own answers', () => {
  it('are eight', () => {
    expect(answers).toHaveLength(8);
  });

  it.each(answers)(
    '$file comes out of checktoken with the original’s claims, in the original’s order',
    async (original) => {
      const { acr, scope } = original.answer.token_introspection;
      const { accessToken } = await walk(provider, { clientId: 'canteen', persona: original.file, scope, acr });
      const response = await fetch(api.checktokenUri, {
        method: 'POST',
        body: new URLSearchParams({ token: accessToken, client_id: api.clientId, client_secret: api.clientSecret }),
      });
      const { plaintext } = await compactDecrypt(await response.text(), key.privateKey);
      const answer = decodeJwt(new TextDecoder().decode(plaintext)) as unknown as Answer;
      expect(shapeOf(answer)).toBe(shapeOf(original.answer));
      expect(answer.aud).toBe(original.answer.aud);
    },
  );
});

/** The answer as text, with what belongs to one token alone replaced by a value of its kind. */
function shapeOf({ token_introspection, ...outer }: Answer): string {
  const kinds = (claims: object) =>
    Object.entries(claims).map(([name, value]) => {
      if (!OF_ONE_TOKEN.includes(name)) return [name, value];
      return [name, typeof value === 'string' && value.endsWith('v1') ? 'sub' : typeof value];
    });
  return JSON.stringify([kinds(outer), kinds(token_introspection)]);
}
