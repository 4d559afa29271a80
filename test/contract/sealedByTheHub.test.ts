import { createPrivateKey } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { describe, expect, it } from '@jest/globals';
import { createGrantSealer } from '../../gateway/platform/seal.ts';
import { withGrant } from '../../schema/grant.ts';
import { MET_PERSON_INFO_PREFIX, MET_PERSON_PREFIX } from '../../schema/metPerson.ts';
import { createAgencyKeys, generateAgencyKey } from '../../subgraphs/kit/agencyKeys.ts';
import { deriveDayKey, digestOf, type EcJwk } from '../../subgraphs/kit/grantKeys.ts';
import { fixedHubKeys } from '../../subgraphs/kit/hubKeys.ts';
import { createGrantOpener } from '../../subgraphs/kit/openGrant.ts';
import { aGrant, aSubject, headOf } from '../../subgraphs/kit/testing/testGrant.ts';

/** The hub seals with node:crypto, agencies open with jose: two implementations of schema/grant.ts that have to agree. */
describe('a grant sealed by the hub', () => {
  const clock = () => Date.parse('2026-06-15T10:00:00Z');
  const hubKey = generateAgencyKey();
  const { d: _private, ...hubPublic } = hubKey;
  const agencyKey = generateAgencyKey();
  const ownKeys = createAgencyKeys([agencyKey]);
  const seal = createGrantSealer({
    exchangeKeys: [
      {
        privateKey: createPrivateKey({ key: { ...hubKey }, format: 'jwk' }),
        publicJwk: hubPublic,
        usedFromSeconds: 0,
      },
    ],
  });
  const open = createGrantOpener({ agency: 'income', ownKeys, hubKeys: fixedHubKeys([hubPublic]), clock });

  const head = headOf({ query: '{ me { id } }', variables: { nom: 'Noël Œuvré' } });
  const grant = {
    ...aGrant('income', clock(), { subjects: [aSubject({ scopes: ['dgfip_rfr'] })] }),
    digest: digestOf(head),
  };

  it('is opened by the agency it was made for, as it was', async () => {
    const opened = await open(withGrant(head, seal(ownKeys.publicJwks.keys[0]!, grant)));
    expect(opened).toMatchObject({ grant, head });
  });

  it('comes back with persons met in the answer sealed so that the hub alone opens them', async () => {
    const again = { ...grant, jti: `${grant.jti}2` };
    const opened = await open(withGrant(head, seal(ownKeys.publicJwks.keys[0]!, again)));
    if (opened.refused !== undefined) throw new Error(opened.refused);
    const identity = { family_name: 'TESTEUR', given_name: 'Noé', birthdate: '2015' };
    const id = await opened.sealMet({ identity, role: 'CHILD_PROVEN' });
    expect(id.startsWith(MET_PERSON_PREFIX)).toBe(true);
    const key = (hub: EcJwk) => deriveDayKey(hub, agencyKey, '2026-06-15', `${MET_PERSON_INFO_PREFIX}income`);
    const { plaintext } = await compactDecrypt(id.slice(MET_PERSON_PREFIX.length), key(hubKey));
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual({
      iss: 'income',
      aud: 'hub',
      grant: again.jti,
      identity,
      role: 'CHILD_PROVEN',
    });
    await expect(compactDecrypt(id.slice(MET_PERSON_PREFIX.length), key(generateAgencyKey()))).rejects.toThrow();
  });
});
