import { beforeAll, describe, expect, it } from '@jest/globals';
import { MOVE_AMENDED, MOVE_CANCELLED, NO_FILE, type MoveData } from '../../../schema/declaration.ts';
import type { AgencyDatabase } from '../../../subgraphs/kit/agencyModule.ts';
import type { AgencyUnderTest } from '../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { anEvent, NEW_ADDRESS } from '../../../subgraphs/kit/testing/testDeclaration.ts';
import { NOBODY } from '../../../subgraphs/kit/testing/testGrant.ts';
import { about, answerOf, freshAgencyDatabase, openAgencyOfSandbox, pivot } from '../agencies.ts';

const SELECTION = 'addresses { holder declaredOn address { additionalInfo streetLine city country } }';
const BEFORE = { holder: 'Service en ligne de changement de coordonnées', declaredOn: '2025-09-14' };
const AFTER = {
  holder: 'Trait d’Union, déclaration unique',
  declaredOn: '2026-06-15',
  address: { additionalInfo: 'APPARTEMENT 7', streetLine: '3 RUE DES LILAS', city: 'TOULOUSE', country: 'FRANCE' },
};

describe('a move at the address register', () => {
  let database: AgencyDatabase;
  let agency: AgencyUnderTest;

  beforeAll(async () => {
    database = await freshAgencyDatabase('address');
    agency = await openAgencyOfSandbox('address', { database });
  });

  const move = (person: string, changes: Partial<MoveData> = {}): MoveData => ({
    declarant: { reference: `ref-${person}`, identity: pivot(person) },
    effectiveDate: '2026-06-15',
    newAddress: NEW_ADDRESS,
    ...changes,
  });
  /** Asked of a fresh process on the same tables, at noon of that day in Paris. */
  const addresses = async (person: string, day = '2026-06-15') => {
    const clock = () => Date.parse(`${day}T10:00:00Z`);
    const fresh = await openAgencyOfSandbox('address', { database, clock });
    return (await answerOf(fresh, about(person, 'address', SELECTION)))?.['addresses'];
  };

  it('is in force for everybody who moves, and for nobody else, after a fresh start', async () => {
    const event = anEvent();
    const others = {
      adults: [{ reference: 'ref-angela', identity: pivot('dupont-angela') }],
      children: [{ reference: 'ref-pierre', identity: pivot('dupont-pierre') }],
    };
    expect(await agency.declare(event, move('dupont-paul', others))).toEqual({
      status: 200,
      statuses: [{ event: event.id, status: 'DONE', at: '2026-06-15T10:00:00.000Z' }],
    });
    for (const person of ['dupont-paul', 'dupont-angela', 'dupont-pierre']) {
      expect(await addresses(person)).toEqual([AFTER]);
    }
    expect(await addresses('dupont-henry')).toMatchObject([BEFORE]);
  });

  it('counts from the day of the move and not before', async () => {
    await agency.declare(anEvent(), move('commode-cindy', { effectiveDate: '2026-07-01' }));
    expect(await addresses('commode-cindy', '2026-06-30')).toMatchObject([BEFORE]);
    expect(await addresses('commode-cindy', '2026-07-01')).toEqual([AFTER]);
  });

  it('is replaced by its amendment and taken back by its cancellation', async () => {
    const declared = anEvent();
    const amended = anEvent({ type: MOVE_AMENDED, subject: declared.subject });
    const cancelled = anEvent({ type: MOVE_CANCELLED, subject: declared.subject });
    await agency.declare(declared, move('martin-pierre', { effectiveDate: '2026-07-01' }));
    await agency.declare(amended, move('martin-pierre', { effectiveDate: '2026-08-01' }));
    expect(await addresses('martin-pierre', '2026-07-15')).toMatchObject([BEFORE]);
    expect(await addresses('martin-pierre', '2026-08-01')).toEqual([AFTER]);
    expect((await agency.declare(cancelled, {})).statuses).toMatchObject([{ status: 'DONE' }]);
    expect(await addresses('martin-pierre', '2026-08-01')).toMatchObject([BEFORE]);
  });

  it('of two from the same day is the one said last, in whatever order they arrive', async () => {
    const [first, second] = [anEvent(), anEvent()];
    const elsewhere = { ...NEW_ADDRESS, city: 'LYON' };
    await agency.declare(second, move('giraud-anne'));
    await agency.declare(first, move('giraud-anne', { newAddress: elsewhere }));
    expect(await addresses('giraud-anne')).toEqual([AFTER]);
  });

  it('enters somebody whom the register does not hold, once', async () => {
    const data = move('dupont-paul', { declarant: { reference: 'ref-nobody', identity: NOBODY } });
    await agency.declare(anEvent(), data);
    await agency.declare(anEvent(), data);
    const asked = about('dupont-paul', 'address', SELECTION);
    const nobody = { ...asked, subjects: [{ ...asked.subjects![0]!, pivot: NOBODY }] };
    expect(await answerOf(agency, nobody)).toEqual({ addresses: [AFTER] });
  });

  it('is refused for one of two people with the same identity, and asks where another one of the move is', async () => {
    const event = anEvent();
    expect((await agency.declare(event, move('dubois-angela'))).statuses).toMatchObject([
      { status: 'REFUSED', reason: NO_FILE },
    ]);
    const twice = { children: [{ reference: 'ref-angela', identity: pivot('dubois-angela') }] };
    expect((await agency.declare(anEvent(), move('simpson-marge', twice))).statuses).toMatchObject([
      { status: 'NEEDS_CITIZEN' },
    ]);
    expect(await addresses('simpson-marge')).toEqual([AFTER]);
  });
});
