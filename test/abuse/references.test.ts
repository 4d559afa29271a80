import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHub, type RunningHub, type Visit } from '../support/runningHub.ts';

/*
 * "A person has no identifier in common" (README, How it is kept safe): what a service, another service and each agency know somebody by, shown on the
 * running hub. Paul and Angela Dupont are a couple with three children; both can log in.
 */

const PAUL: Visit = { persona: 'dupont-paul', service: 'portal' };
const ANGELA: Visit = { persona: 'dupont-angela', service: 'portal' };
const MELISSANDRE: Visit = { persona: 'trois-dupre-melissandre', service: 'housing' };
const OF_THE_FAMILY = { SELF: ['Melissandre Juliette'], CHILD_PROVEN: ['Lou', 'Henry'] };
const REFERENCE = /^[\w-]{43}$/;
const FAMILY = `{ me { id civilStatus {
  children { parentalAuthority child { id } } parents { id } union { partner { id } } } } }`;

interface Family {
  readonly me: {
    readonly id: string;
    readonly civilStatus: {
      readonly children: readonly { readonly parentalAuthority: boolean; readonly child: { readonly id: string } }[];
      readonly union: { readonly partner: { readonly id: string } | null } | null;
    };
  };
}

describe('references', () => {
  let hub: RunningHub;
  beforeAll(async () => {
    hub = await startHub();
  }, 60_000);
  afterAll(() => hub?.close(), 60_000);

  async function familyOf(visit: Visit): Promise<Family['me']> {
    const { data, errors } = await hub.ask(FAMILY, visit);
    expect(errors).toEqual([]);
    return (data as Family).me;
  }
  const childrenOf = ({ civilStatus }: Family['me']) => civilStatus.children.map(({ child }) => child.id);

  it('of children whom civil status names are the service’s own, one each, the same at every visit', async () => {
    const first = await familyOf(MELISSANDRE);
    expect(first.civilStatus.children.map(({ parentalAuthority }) => parentalAuthority)).toEqual([false, true, true]);
    const ids = [first.id, ...childrenOf(first)];
    for (const id of ids) expect(id).toMatch(REFERENCE);
    expect(new Set(ids).size).toBe(4);
    expect(childrenOf(await familyOf(MELISSANDRE))).toEqual(childrenOf(first));
  });

  it('are others for another service', async () => {
    const housing = await familyOf(MELISSANDRE);
    const portal = await familyOf({ ...MELISSANDRE, service: 'portal' });
    const all = [housing, portal].flatMap((me) => [me.id, ...childrenOf(me), me.civilStatus.union!.partner!.id]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('name one person alike, whoever of the family asks', async () => {
    const [paul, angela] = [await familyOf(PAUL), await familyOf(ANGELA)];
    expect(paul.civilStatus.union?.partner?.id).toBe(angela.id);
    expect(angela.civilStatus.union?.partner?.id).toBe(paul.id);
    expect(childrenOf(angela).toSorted()).toEqual(childrenOf(paul).toSorted());
  });

  it('of a service reach no agency, each agency knows its own, and nothing that one sealed leaves the hub', async () => {
    hub.takeRequests();
    const query = `{ me { id taxAssessment(incomeYear: 2025) { referenceTaxIncome } civilStatus { children { child {
      id civilStatus { birthName } familyFile { quotient { value } } addresses { holder }
      taxAssessment(incomeYear: 2025) { referenceTaxIncome } } } } } }`;
    const { data, text, errors } = await hub.ask(query, MELISSANDRE);
    expect(text).not.toContain('met:');
    expect(new Set(errors.map(({ extensions }) => extensions.reason))).toEqual(new Set(['SUBJECT_NOT_COVERED']));
    const { children } = (data as Family).me.civilStatus;
    const servicesOwn = [(data as Family).me.id, ...children.map(({ child }) => child.id)];
    const atAgency = new Map<string, Set<string>>();
    for (const { agency, body, grant, variables } of hub.takeRequests()) {
      const { subjects } = grant!;
      const named = (variables as { representations: readonly { id: string }[] }).representations.map(({ id }) => id);
      // Whoever is named is a subject of the grant: herself, or the two over whom she has authority. Her third child is nobody's to hear of.
      expect(subjects.map(({ reference }) => reference)).toEqual(expect.arrayContaining(named));
      for (const { role, pivot } of subjects)
        expect(OF_THE_FAMILY[role as keyof typeof OF_THE_FAMILY]).toContain(pivot.given_name);
      for (const id of servicesOwn) expect(`${agency} ${body}`).not.toContain(id);
      const known = atAgency.get(agency) ?? new Set();
      for (const { reference } of subjects) atAgency.set(agency, known.add(reference));
    }
    expect([...atAgency.keys()].toSorted()).toEqual(['address', 'civil-status', 'family', 'income']);
    const all = [...atAgency.values()].flatMap((known) => [...known]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('of one service mean nothing in another’s question, nor do an agency’s', async () => {
    const { grant } = (await familyOf(PAUL), hub.takeRequests().at(-1)!);
    const agencys = grant!.subjects[0]!.reference;
    expect(agencys).toMatch(REFERENCE);
    expect(agencys).not.toBe((await familyOf(PAUL)).id);
  });

  it('and requests: an agency knows a request by another name than the service and every other agency', async () => {
    hub.takeRequests();
    const query = '{ me { civilStatus { birthName } taxAssessment(incomeYear: 2025) { referenceTaxIncome } } }';
    const { headers } = await hub.ask(query, MELISSANDRE);
    const names = hub.takeRequests().map(({ grant }) => grant!.requestId);
    expect(names).toHaveLength(2);
    expect(new Set([...names, headers.get('hub-request-id')]).size).toBe(3);
  });
});
