import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { IdentityProvider } from '../../../sandbox/identity/createIdentityProvider.ts';
import { identityHash, pairwiseSubject } from '../../../sandbox/identity/pairwiseSubject.ts';
import { PERSONAS, startIdentityProvider, walk } from './smallFrance.ts';

let provider: IdentityProvider;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ provider, stop } = await startIdentityProvider());
});
afterAll(() => stop());

/** What one service learns at UserInfo. */
async function claimsOf(clientId: string, persona: string) {
  const { accessToken } = await walk(provider, { clientId, persona, scope: 'identite_pivot' });
  const answer = await fetch(`${provider.issuer}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });
  return decodeJwt(await answer.text());
}

describe('pairwise subjects', () => {
  it('are one per person for two clients of one SIRET, and another for another SIRET', async () => {
    const canteen = await claimsOf('canteen', 'dupont-paul');
    expect((await claimsOf('parking', 'dupont-paul')).sub).toBe(canteen.sub);
    expect((await claimsOf('housing', 'dupont-paul')).sub).not.toBe(canteen.sub);
    expect((await claimsOf('canteen', 'dupont-angela')).sub).not.toBe(canteen.sub);
  });

  it('are built as FranceConnect publishes it, over latin1 bytes', () => {
    const identity = PERSONAS.find(({ id }) => id === 'presumed-year')!.claims;
    const bytes = Buffer.from('AïssatouDIALLO1960-00-00female99341', 'latin1');
    const hash = createHash('sha256').update(bytes).digest('base64');
    expect(identityHash(identity)).toBe(hash);
    const sub = createHash('sha256').update(`99900000000011${hash}secret`).digest('hex');
    expect(pairwiseSubject('99900000000011', identity, 'secret')).toBe(`${sub}v1`);
  });

  it('count the place of birth in France alone', () => {
    const { claims } = PERSONAS[0]!;
    expect(identityHash({ ...claims, birthplace: '13055' })).not.toBe(identityHash(claims));
    const abroad = { ...claims, birthcountry: '99341' };
    expect(identityHash({ ...abroad, birthplace: '13055' })).toBe(identityHash(abroad));
  });
});

describe('claims', () => {
  it('carry presumed birth dates and births abroad as they are', async () => {
    const claims = await claimsOf('canteen', 'presumed-year');
    expect(claims).toMatchObject({ birthdate: '1960-00-00', birthplace: '', birthcountry: '99341' });
  });

  it('carry names with any character', async () => {
    const claims = await claimsOf('canteen', 'special-names');
    expect(claims).toMatchObject({
      family_name: "D'AŸ-L’ŒUVRE <b>",
      given_name_array: ['Zoë', 'Šárka', '"Nùñez"'],
      birthdate: '1990-02',
    });
  });
});
