import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startHub, type HubAnswer, type RunningHub } from '../support/runningHub.ts';

/* People whom a question meets on its way: who they are to the caller opens nothing of theirs. */

const MELISSANDRE = { persona: 'trois-dupre-melissandre', service: 'housing' } as const;

let hub: RunningHub;

beforeAll(async () => {
  hub = await startHub();
}, 60_000);
afterAll(() => hub.close());
beforeEach(() => void hub.takeRequests());

const reasons = ({ errors }: HubAnswer): readonly unknown[] => [
  ...new Set(errors.map(({ extensions }) => extensions['reason'])),
];

/** Given names of whom agencies were told in grants, the hub's own question about relatives aside. */
const toldOf = (): readonly string[] =>
  hub
    .takeRequests()
    .filter(({ grant }) => grant!.service.clientId !== 'hub')
    .flatMap(({ grant }) => grant!.subjects.map(({ pivot }) => pivot.given_name.split(' ')[0]!));

test('a grown-up child and a partner are met by number and reference, and nothing of theirs is asked of any agency', async () => {
  const answer = await hub.ask(
    `{ me { civilStatus {
      children { parentalAuthority child { id civilStatus { birthName } addresses { usage } familyFile { holder } } }
      union { kind partner { id civilStatus { birthName } taxAssessment(incomeYear: ${new Date().getFullYear() - 1}) { referenceTaxIncome } } }
    } } }`,
    MELISSANDRE,
  );
  interface Met {
    readonly id: string;
    readonly civilStatus: unknown;
  }
  const { civilStatus } = (
    answer.data as { me: { civilStatus: { children: { child: Met }[]; union: { partner: Met } } } }
  ).me;
  const met = [...civilStatus.children.map(({ child }) => child), civilStatus.union.partner];
  expect(met.map((person) => person.civilStatus)).toEqual([
    null,
    // Minors under her authority, for a purpose of the household.
    { birthName: 'DUBOIS' },
    { birthName: 'DUBOIS' },
    null,
  ]);
  expect(new Set(met.map(({ id }) => id)).size).toBe(4);
  expect(reasons(answer)).toEqual(['SUBJECT_NOT_COVERED', 'CONSENT_REQUIRED']);
  expect(new Set(toldOf())).toEqual(new Set(['Melissandre', 'Lou', 'Henry']));
});

test('a person’s reference is another one for each service, and none of the sealed hints leaves the hub', async () => {
  const query = '{ me { id civilStatus { union { partner { id } } } } }';
  const idsOf = async (service: string): Promise<readonly string[]> => {
    const { data, text } = await hub.ask(query, { ...MELISSANDRE, service });
    expect(text).not.toContain('met:');
    const { me } = data as { me: { id: string; civilStatus: { union: { partner: { id: string } } } } };
    return [me.id, me.civilStatus.union.partner.id];
  };
  const [housing, portal] = await Promise.all([idsOf('housing'), idsOf('portal')]);
  expect(new Set([...housing!, ...portal!]).size).toBe(4);
  expect([...housing!, ...portal!].every((id) => id.length <= 43)).toBe(true);
  expect(await idsOf('housing')).toEqual(housing);
});

test('the other declarant is read in the caller’s own file, where the law and not a consent is the ground', async () => {
  const year = new Date().getFullYear() - 1;
  const query = `{ me { taxAssessment(incomeYear: ${year}) { declarant2 { birthName } } familyFile { beneficiaries { birthName } } } }`;
  const { data, errors } = await hub.ask(query, MELISSANDRE);
  expect(errors).toEqual([]);
  expect(data).toEqual({
    me: {
      taxAssessment: { declarant2: { birthName: 'DUBOIS' } },
      familyFile: { beneficiaries: [{ birthName: 'TROIS-DUPRE' }, { birthName: 'DUBOIS' }] },
    },
  });
});

test('a line of the family file names whom civil status has proven to be hers, and nobody else is asked about', async () => {
  const answer = await hub.ask(
    '{ me { familyFile { children { person { id civilStatus { birthName } } } } } }',
    MELISSANDRE,
  );
  expect((answer.data as { me: { familyFile: unknown } }).me.familyFile).toEqual({
    children: [null, { birthName: 'DUBOIS' }, { birthName: 'DUBOIS' }].map((civilStatus) => ({
      person: { id: expect.any(String), civilStatus },
    })),
  });
  expect(new Set(toldOf())).toEqual(new Set(['Melissandre', 'Lou', 'Henry']));
});
