import { beforeAll, describe, expect, it } from '@jest/globals';
import { MOVE_AMENDED, MOVE_CANCELLED, NO_FILE, type MoveData } from '../../../schema/declaration.ts';
import type { AgencyDatabase } from '../../../subgraphs/kit/agencyModule.ts';
import type { AgencyUnderTest } from '../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { anEvent, NEW_ADDRESS, OLD_ADDRESS } from '../../../subgraphs/kit/testing/testDeclaration.ts';
import { about, answerOf, freshAgencyDatabase, openAgencyOfSandbox, pivot } from '../agencies.ts';

const SELECTION = 'energyContracts { reference since until deliveryPoint { number address { streetLine city } } }';

describe('a move at the energy supplier', () => {
  let database: AgencyDatabase;
  let agency: AgencyUnderTest;

  beforeAll(async () => {
    database = await freshAgencyDatabase('energy');
    agency = await openAgencyOfSandbox('energy', { database });
  });

  const move = (person: string, changes: Partial<MoveData> = {}): MoveData => ({
    declarant: { reference: `ref-${person}`, identity: pivot(person) },
    effectiveDate: '2026-07-01',
    oldAddress: OLD_ADDRESS,
    newAddress: NEW_ADDRESS,
    ...changes,
  });
  /** Asked of a fresh process on the same tables, at noon of that day in Paris. */
  const contracts = async (person: string, day: string) => {
    const clock = () => Date.parse(`${day}T10:00:00Z`);
    const fresh = await openAgencyOfSandbox('energy', { database, clock });
    return (await answerOf(fresh, about(person, 'energy', SELECTION)))!['energyContracts'];
  };
  const OLD = { since: '2025-09-14', deliveryPoint: { address: { streetLine: '1 RUE MONTORGUEIL', city: 'PARIS' } } };
  const NEW = {
    reference: null,
    since: '2026-07-01',
    until: null,
    deliveryPoint: { number: null, address: { streetLine: '3 RUE DES LILAS', city: 'TOULOUSE' } },
  };

  it('ends the contract at the old address on its day, opens one at the new, and follows the citizen’s second thoughts', async () => {
    const declared = anEvent();
    const { statuses } = await agency.declare(declared, move('dupont-paul'));
    expect(statuses).toEqual([{ event: declared.id, status: 'IN_PROGRESS', at: '2026-06-15T10:00:00.000Z' }]);
    expect(await contracts('dupont-paul', '2026-06-30')).toMatchObject([{ ...OLD, until: '2026-07-01' }]);
    expect(await contracts('dupont-paul', '2026-07-01')).toEqual([NEW]);

    const amended = anEvent({ type: MOVE_AMENDED, subject: declared.subject });
    await agency.declare(amended, move('dupont-paul', { effectiveDate: '2026-08-01' }));
    expect(await contracts('dupont-paul', '2026-07-31')).toMatchObject([{ ...OLD, until: '2026-08-01' }]);
    expect(await contracts('dupont-paul', '2026-08-01')).toEqual([{ ...NEW, since: '2026-08-01' }]);

    const cancelled = anEvent({ type: MOVE_CANCELLED, subject: declared.subject });
    expect((await agency.declare(cancelled, {})).statuses).toMatchObject([{ status: 'DONE' }]);
    expect(await contracts('dupont-paul', '2026-08-01')).toMatchObject([{ ...OLD, until: null }]);
  });

  it('ends every contract of the old dwelling, and is done at once where nobody is to be supplied: abroad', async () => {
    const abroad = { city: 'GENÈVE', countryCode: '99140', country: 'SUISSE' };
    const old = {
      ...OLD_ADDRESS,
      streetLine: '8, bd Jean-Jaurès',
      postCode: '13400',
      city: 'Aubagne',
      inseeCode: '13005',
    };
    const data = move('giraud-anne', { newAddress: abroad, oldAddress: old });
    expect((await agency.declare(anEvent(), data)).statuses).toMatchObject([{ status: 'DONE' }]);
    const until = { until: '2026-07-01' };
    expect(await contracts('giraud-anne', '2026-06-30')).toMatchObject([until, until]);
    expect(await contracts('giraud-anne', '2026-07-01')).toBeNull();
  });

  it.each([
    ['no contract is at the old address', 'dupont-paul', '9 RUE DE LA PAIX', '75002', 'Aucun de vos contrats'],
    ['it cannot be told whether one is', 'dupont-paul', 'RUE MONTORGUEIL', '75002', 'Aucun de vos contrats'],
    ['another holder has a say', 'commode-cindy', '20 AVENUE DE SEGUR', '75007', 'un autre titulaire'],
  ])('asks where %s, and changes nothing', async (_where, person, streetLine, postCode, words) => {
    const oldAddress = { streetLine, postCode, city: 'PARIS', countryCode: '99100', country: 'FRANCE' };
    const { statuses } = await agency.declare(anEvent(), move(person, { oldAddress }));
    expect(statuses).toMatchObject([{ status: 'NEEDS_CITIZEN' }]);
    expect(statuses[0]!.reason!.fr).toContain(words);
    expect(await contracts(person, '2026-07-01')).toMatchObject([{ until: null, since: '2025-09-14' }]);
  });

  it('is refused for somebody of whom it holds no contract for certain', async () => {
    for (const person of ['dupont-angela', 'dubois-angela']) {
      const { statuses } = await agency.declare(anEvent(), move(person));
      expect(statuses).toMatchObject([{ status: 'REFUSED', reason: NO_FILE }]);
    }
  });
});
