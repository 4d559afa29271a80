import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHub, type RunningHub } from '../support/runningHub.ts';

/* A library wants to know that somebody lives where they say, and nothing else. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
}, 60_000);
afterAll(async () => hub?.close(), 60_000);

const verify = (persona: string, address: object, service = 'library') =>
  hub.ask(
    {
      query: 'query ($address: AddressToVerify!) { verifyAddress(address: $address) }',
      variables: { address: { postCode: '75002', city: 'Paris', ...address } },
    },
    { persona, service },
  );

test('Paul gives his address at the library: his energy supplier says yes, and the library reads no address', async () => {
  hub.takeRequests();
  expect((await verify('dupont-paul', { streetLine: '1, rue Montorgueil' })).data).toEqual({ verifyAddress: 'YES' });
  const [asked, ...others] = hub.takeRequests();
  expect(others).toEqual([]);
  expect(asked).toMatchObject({ agency: 'energy' });
  expect(asked!.grant!.subjects.map(({ role, scopes }) => [role, scopes])).toEqual([
    ['SELF', ['energie_verification_adresse']],
  ]);
  expect((await verify('dupont-paul', { streetLine: '2 rue Montorgueil' })).data).toEqual({ verifyAddress: 'NO' });
  expect((await verify('dupont-paul', { streetLine: 'rue Montorgueil' })).data).toEqual({
    verifyAddress: 'UNDETERMINED',
  });

  const { data } = await hub.ask('{ me { energyContracts { deliveryPoint { address { city } } } } }', {
    persona: 'dupont-paul',
    service: 'library',
  });
  expect(data).toEqual({ me: { energyContracts: null } });
});

test('Angela has not agreed: the supplier is not asked, and she is told how she could', async () => {
  hub.takeRequests();
  const { data, errors } = await verify('dupont-angela', { streetLine: '1 rue Montorgueil' });
  expect(data).toEqual({ verifyAddress: null });
  expect(errors[0]!.extensions).toMatchObject({
    code: 'UNAUTHORIZED_FIELD_OR_TYPE',
    missingScopes: [['energie_verification_adresse']],
  });
  expect(hub.takeRequests()).toEqual([]);
});

test('an address without a street or a locality is refused, and nothing of it is repeated', async () => {
  const { errors, text } = await verify('dupont-paul', { city: 'Villeneuve-Introuvable' });
  expect(errors[0]!.extensions).toMatchObject({ code: 'HUB_AGENCY_INPUT_REFUSED' });
  expect(text).not.toContain('Introuvable');
});

test('Paul sees his own contract on the portal, and who asked what about his address, without the address', async () => {
  const portal = { persona: 'dupont-paul', service: 'portal' };
  const contracts = await hub.ask('{ me { energyContracts { since holders { birthName person { id } } } } }', portal);
  expect(contracts.data).toMatchObject({ me: { energyContracts: [{ holders: [{ birthName: 'DUPONT' }] }] } });
  const log = await hub.ask(
    '{ me { accessLog(first: 50) { nodes { service { clientId } agency { id } fields { coordinate outcome } } } } }',
    portal,
  );
  const { nodes } = (log.data as { me: { accessLog: { nodes: { service: { clientId: string } }[] } } }).me.accessLog;
  const ofLibrary = nodes.filter(({ service }) => service.clientId === 'library');
  expect(ofLibrary).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        agency: { id: 'energy' },
        fields: [{ coordinate: 'Query.verifyAddress', outcome: 'DELIVERED' }],
      }),
    ]),
  );
  expect(log.text).not.toMatch(/montorgueil/i);
  expect(hub.logged()).not.toMatch(/montorgueil/i);
});
