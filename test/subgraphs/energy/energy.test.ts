import { beforeAll, describe, expect, it } from '@jest/globals';
import { recordId } from '../../../sandbox/seed/recordIds.ts';
import type { AgencyUnderTest } from '../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { scopesHeldBy } from '../../../subgraphs/kit/testing/testGrant.ts';
import { about, answerOf, openAgencyOfSandbox, pivot } from '../agencies.ts';

let agency: AgencyUnderTest;
beforeAll(async () => {
  agency = await openAgencyOfSandbox('energy');
});

const SELECTION = `energyContracts { source asOf supplier reference energy since until
  deliveryPoint { number address { recipient streetLine postCode city inseeCode } }
  holders { birthName givenNames } }`;

describe('energy contracts', () => {
  it('are those in force, with who holds them and where', async () => {
    const answer = await answerOf(agency, about('dupont-paul', 'energy', SELECTION));
    expect(answer).toEqual({
      energyContracts: [
        {
          source: 'Lumière des Essais',
          asOf: '2026-06-15',
          supplier: 'Lumière des Essais',
          reference: expect.stringMatching(/^LE-\d{8}$/),
          energy: 'ELECTRICITY',
          since: '2025-09-14',
          until: null,
          deliveryPoint: {
            number: expect.stringMatching(/^\d{14}$/),
            address: {
              recipient: null,
              streetLine: '1 RUE MONTORGUEIL',
              postCode: '75002',
              city: 'PARIS',
              inseeCode: null,
            },
          },
          holders: [{ birthName: 'DUPONT', givenNames: ['Paul', 'Louis'] }],
        },
      ],
    });
  });

  it('are several where there are several, and one customer holds them all', async () => {
    const answer = await answerOf(agency, about('giraud-anne', 'energy', 'energyContracts { energy }'));
    expect(answer!['energyContracts']).toHaveLength(2);
  });

  it('show another holder under the other holder’s rights alone, except to a procedure of the household', async () => {
    const asked = about('commode-cindy', 'energy', 'energyContracts { holders { birthName person { id } } }');
    const { data, errors } = await agency.ask(asked);
    const [{ energyContracts }] = (data as { _entities: [{ energyContracts: { holders: object[] }[] }] })._entities;
    expect(energyContracts[0]!.holders).toEqual([
      { birthName: 'COMMODE', person: { id: 'commode-cindy' } },
      { birthName: null, person: { id: expect.stringMatching(/^met:/) } },
    ]);
    expect(errors!.map(({ path }) => path!.at(-1))).toEqual(['birthName']);
    const both = about('commode-cindy', 'energy', 'energyContracts { holders { birthName } }', {
      met: { IN_FILE: scopesHeldBy('energy') },
    });
    expect(await answerOf(agency, both)).toMatchObject({
      energyContracts: [{ holders: [{ birthName: 'COMMODE' }, { birthName: 'ARMOIRE' }] }],
    });
  });

  it.each(['martin-jean', 'dubois-angela'])('are absent for %s', async (person) => {
    expect(await agency.ask(about(person, 'energy', SELECTION))).toEqual({ data: { _entities: [null] } });
  });

  it('are served under their own scope alone', async () => {
    const asked = about('dupont-paul', 'energy', SELECTION, { scopes: ['energie_verification_adresse'] });
    expect((await agency.ask(asked)).data).toEqual({ _entities: [{ energyContracts: null }] });
  });
});

describe('the check of an address', () => {
  const verify = (person: string, address: object, scopes = ['energie_verification_adresse']) =>
    agency.ask({
      query: 'query($address: AddressToVerify!) { verifyAddress(address: $address) }',
      variables: { address: { postCode: '75002', city: 'Paris', ...address } },
      subjects: [{ reference: person, role: 'SELF', scopes, pivot: pivot(person) }],
    });

  it.each([
    ['YES', { streetLine: '1, rue Montorgueil' }],
    ['NO', { streetLine: '2 rue Montorgueil' }],
    ['UNDETERMINED', { streetLine: 'rue Montorgueil' }],
  ])('is about the caller and says %s', async (expected, address) => {
    expect(await verify('dupont-paul', address)).toEqual({ data: { verifyAddress: expected } });
  });

  it('says nothing of somebody whom the supplier does not know', async () => {
    for (const person of ['dupont-angela', 'martin-jean', 'dubois-angela']) {
      expect(await verify(person, { streetLine: '1 RUE MONTORGUEIL' })).toEqual({ data: { verifyAddress: null } });
    }
  });

  it('asks for its scope, and for a street or a locality', async () => {
    expect((await verify('dupont-paul', { streetLine: '1 RUE MONTORGUEIL' }, ['energie_contrat'])).data).toEqual({
      verifyAddress: null,
    });
    const { errors } = await verify('dupont-paul', { streetLine: ' ' });
    expect(errors![0]!.extensions).toEqual({ code: 'HUB_AGENCY_INPUT_REFUSED', argument: 'address.streetLine' });
    expect(recordId('energy', 'dupont-paul')).not.toBe(recordId('address', 'dupont-paul'));
  });

  it('leaves no address in the log', () => {
    expect(agency.logged.join('\n')).not.toMatch(/montorgueil/i);
  });
});
