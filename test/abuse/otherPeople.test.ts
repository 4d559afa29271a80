import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startHub, type HubAnswer, type RunningHub } from '../support/runningHub.ts';

/* People whom a question meets on its way: who they are to the caller opens nothing of theirs. */

const MELISSANDRE = { persona: 'trois-dupre-melissandre', service: 'housing' } as const;
const FAMILY = /"(?:DUBOIS|Paul|Pierre|Lou|Henry)"/i;

let hub: RunningHub;

beforeAll(async () => {
  hub = await startHub();
}, 60_000);
afterAll(() => hub.close());
beforeEach(() => void hub.takeRequests());

const reasons = ({ errors }: HubAnswer): readonly unknown[] => [
  ...new Set(errors.map(({ extensions }) => extensions['reason'])),
];

test('children and partner are met by number and reference, and nothing of theirs is asked of any agency', async () => {
  const answer = await hub.ask(
    `{ me { civilStatus {
      children { parentalAuthority child { id civilStatus { birthName } addresses { usage } familyFile { holder } } }
      union { kind partner { id civilStatus { givenNames } taxAssessment(incomeYear: ${new Date().getFullYear() - 1}) { referenceTaxIncome } } }
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
  expect(civilStatus.children.length).toBe(3);
  const met = [...civilStatus.children.map(({ child }) => child), civilStatus.union.partner];
  expect(met.map((person) => person.civilStatus)).toEqual([null, null, null, null]);
  expect(new Set(met.map(({ id }) => id)).size).toBe(4);
  expect(answer.text).not.toMatch(FAMILY);
  expect(reasons(answer)).toEqual(['SUBJECT_NOT_COVERED']);
  const requests = hub.takeRequests();
  expect(requests.map(({ agency }) => agency)).toEqual(['civil-status']);
  expect(requests[0]!.query).not.toMatch(/birthName|givenNames|referenceTaxIncome|usage|holder/);
  expect(requests[0]!.grant!.subjects.map(({ role, pivot }) => [role, pivot.family_name])).toEqual([
    ['SELF', 'TROIS-DUPRE'],
  ]);
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

test('a line of the family file is not a person: whoever it names is not asked about anywhere', async () => {
  const answer = await hub.ask(
    '{ me { familyFile { children { person { id civilStatus { birthName } } } } } }',
    MELISSANDRE,
  );
  expect(answer.text).not.toMatch(FAMILY);
  for (const { grant } of hub.takeRequests()) expect(grant!.subjects.map(({ role }) => role)).toEqual(['SELF']);
});
