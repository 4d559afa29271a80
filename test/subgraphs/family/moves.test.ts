import { beforeAll, describe, expect, it } from '@jest/globals';
import { MOVE_AMENDED, MOVE_CANCELLED, NO_FILE, type MoveData } from '../../../schema/declaration.ts';
import type { AgencyDatabase } from '../../../subgraphs/kit/agencyModule.ts';
import type { AgencyUnderTest } from '../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { anEvent, NEW_ADDRESS } from '../../../subgraphs/kit/testing/testDeclaration.ts';
import { about, answerOf, freshAgencyDatabase, openAgencyOfSandbox, pivot } from '../agencies.ts';

const SELECTION = 'familyFile { declaredAddressSince declaredAddress { streetLine city } quotient { value } }';
const QUOTIENT = { value: 2550 };
const BEFORE = { declaredAddressSince: null, declaredAddress: { streetLine: '1 RUE MONTORGUEIL', city: 'PARIS' } };
const AFTER = {
  declaredAddressSince: '2026-07-01',
  declaredAddress: { streetLine: '3 RUE DES LILAS', city: 'TOULOUSE' },
};

describe('a move at the family benefits fund', () => {
  let database: AgencyDatabase;
  let agency: AgencyUnderTest;

  beforeAll(async () => {
    database = await freshAgencyDatabase('family');
    agency = await openAgencyOfSandbox('family', { database });
  });

  const mover = (person: string) => ({ reference: `ref-${person}`, identity: pivot(person) });
  const ofThePair = (changes: Partial<MoveData> = {}): MoveData => ({
    declarant: mover('dupont-paul'),
    adults: [mover('dupont-angela')],
    effectiveDate: '2026-07-01',
    newAddress: NEW_ADDRESS,
    ...changes,
  });
  /** Asked of a fresh process on the same tables, at noon of that day in Paris. */
  const file = async (person: string, day: string) => {
    const clock = () => Date.parse(`${day}T10:00:00Z`);
    const fresh = await openAgencyOfSandbox('family', { database, clock });
    return (await answerOf(fresh, about(person, 'family', SELECTION)))!['familyFile'];
  };

  it('asks where the other beneficiary does not move, and changes nothing', async () => {
    const { statuses } = await agency.declare(anEvent(), ofThePair({ adults: [] }));
    expect(statuses).toMatchObject([{ status: 'NEEDS_CITIZEN' }]);
    expect(statuses[0]!.reason!.fr).toContain('si vous vivez toujours ensemble');
    expect(await file('dupont-paul', '2026-07-01')).toMatchObject(BEFORE);
  });

  it('is the file’s address from its day on, for both beneficiaries, after a fresh start that reads the fund’s answers anew', async () => {
    expect((await agency.declare(anEvent(), ofThePair())).statuses).toMatchObject([{ status: 'DONE' }]);
    expect(await file('dupont-paul', '2026-06-30')).toEqual({ ...BEFORE, quotient: QUOTIENT });
    expect(await file('dupont-paul', '2026-07-01')).toEqual({ ...AFTER, quotient: QUOTIENT });
    expect(await file('dupont-angela', '2026-07-01')).toEqual({ ...AFTER, quotient: QUOTIENT });
  });

  it('follows its amendments, also where the fund has to ask again, and is taken back by its cancellation', async () => {
    const alone = { declarant: mover('giraud-anne'), adults: [] };
    const declared = anEvent();
    const follow = (type: typeof MOVE_AMENDED | typeof MOVE_CANCELLED) => anEvent({ type, subject: declared.subject });
    await agency.declare(declared, ofThePair(alone));
    await agency.declare(follow(MOVE_AMENDED), ofThePair({ ...alone, effectiveDate: '2026-08-01' }));
    expect(await file('giraud-anne', '2026-07-15')).toMatchObject({ declaredAddressSince: null });
    expect(await file('giraud-anne', '2026-08-01')).toMatchObject({ declaredAddressSince: '2026-08-01' });
    await agency.declare(follow(MOVE_CANCELLED), {});
    expect(await file('giraud-anne', '2026-08-01')).toMatchObject({ declaredAddressSince: null });
  });

  it.each(['delatour-thomas', 'dubois-angela'])(
    'is refused for %s, whom it does not hold for certain',
    async (person) => {
      const { statuses } = await agency.declare(anEvent(), ofThePair({ declarant: mover(person), adults: [] }));
      expect(statuses).toMatchObject([{ status: 'REFUSED', reason: NO_FILE }]);
    },
  );
});
