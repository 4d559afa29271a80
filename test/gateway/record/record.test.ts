import { describe, expect, test } from '@jest/globals';
import { HubError } from '../../../gateway/platform/errors.ts';
import type { AgencyId, SubjectKey } from '../../../gateway/platform/ids.ts';
import type { AccessEntry } from '../../../gateway/registers/access/accessRecord.ts';
import { isRejected, rejectWhole } from '../../../gateway/request/decide/rejectWhole.ts';
import type { Decided, FieldTrace, Masked } from '../../../gateway/request/exchange.ts';
import { createRecord } from '../../../gateway/request/record/record.ts';
import { decided } from '../../support/testDecision.ts';
import { testGraph } from '../../support/testGraph.ts';

const PAUL = 'a'.repeat(30) as SubjectKey;
const ANGELA = 'b'.repeat(30) as SubjectKey;
const GRAPH = testGraph({
  hub: 'type Query { me: Citizen @authenticated } type Citizen @key(fields: "id") @subject { id: ID! }',
  income: `type Citizen @key(fields: "id") @subject { id: ID! income: Income @requiresScopes(scopes: [["dgfip_rfr"]]) }
    type Income { amount: Int year: Int }`,
  'civil-status': `type Citizen @key(fields: "id") @subject { id: ID! name: String @requiresScopes(scopes: [["family_name"]]) }`,
});
const QUERY = '{ me { __typename id first: income { amount year } second: income { amount } name } }';

function aDecision(token = ['dgfip_rfr', 'family_name']): Decided {
  return decided({ graph: GRAPH, query: QUERY, token, request: { receivedAtMs: Date.UTC(2026, 10, 23, 12) } });
}

/** Traces by coordinate, in the order of the operation's fields. */
function traced(
  decision: Decided,
  coordinate: string,
  outcomes: readonly FieldTrace['outcome'][],
  subject = PAUL,
): FieldTrace[] {
  const fields = decision.judgement.operation.fields.filter((field) => field.coordinate === coordinate);
  return outcomes.map((outcome, position) => {
    const { index } = fields[position % fields.length]!;
    const reason = outcome === 'ABSENT' ? ({ reason: 'NOT_AVAILABLE' } as const) : {};
    return { index, subject, agency: decision.judgement.agencies[index]!, outcome, ...reason };
  });
}

async function recorded(decision: Decided, traces: readonly FieldTrace[]) {
  const appended: (readonly AccessEntry[])[] = [];
  const record = createRecord({ append: (entries) => Promise.resolve(void appended.push(entries)) });
  const masked: Masked = { ...decision, data: 'null', faults: [], errors: [], traces };
  const { recordedCount } = await record(masked);
  return { appended, recordedCount };
}

describe('the record step', () => {
  test('writes one entry per subject and agency, all in one append', async () => {
    const decision = aDecision();
    const { appended, recordedCount } = await recorded(decision, [
      ...traced(decision, 'Income.amount', ['DELIVERED']),
      ...traced(decision, 'Citizen.name', ['DELIVERED']),
      ...traced(decision, 'Income.amount', ['REFUSED'], ANGELA),
    ]);

    expect(appended).toHaveLength(1);
    expect(recordedCount).toBe(3);
    expect(appended[0]!.map(({ subject, agency, role }) => [subject, agency, role])).toEqual([
      [PAUL, 'income', 'SELF'],
      [PAUL, 'civil-status', 'SELF'],
      [ANGELA, 'income', 'OTHER'],
    ]);
    expect(appended[0]![0]).toMatchObject({
      requestId: 'req_test',
      at: '2026-11-23T12:00:00.000Z',
      actor: PAUL,
      clientId: 'canteen',
      purpose: 'canteen-pricing',
      habilitationId: 'hab-1',
      legalBasis: 'INFORMATION_L114_8',
      acr: 'eidas2',
    });
  });

  test('names a field by its coordinate once, whatever aliases and positions it had', async () => {
    const decision = aDecision();
    const { appended } = await recorded(decision, traced(decision, 'Income.amount', ['DELIVERED', 'DELIVERED']));
    expect(appended[0]![0]!.fields).toEqual([
      { coordinate: 'Income.amount', scope: 'dgfip_rfr', outcome: 'DELIVERED' },
    ]);
  });

  test.each([
    [['ABSENT', 'DELIVERED'], 'DELIVERED'],
    [['MASKED', 'REFUSED'], 'MASKED'],
    [['ERROR', 'REFUSED'], 'REFUSED'],
    [['ABSENT', 'ERROR'], 'ERROR'],
    [['DELIVERED', 'MASKED'], 'DELIVERED'],
  ] as const)('of several positions (%j) counts %s', async (outcomes, expected) => {
    const decision = aDecision();
    for (const order of [outcomes, [...outcomes].reverse()]) {
      const { appended } = await recorded(decision, traced(decision, 'Income.amount', order));
      expect(appended[0]![0]!.fields.map((field) => field.outcome)).toEqual([expected]);
    }
  });

  test('keeps one list of fields for requests that went alike, and never mixes subjects or outcomes up', async () => {
    const decision = aDecision();
    const first = await recorded(decision, traced(decision, 'Income.amount', ['DELIVERED']));
    const alike = await recorded(decision, traced(decision, 'Income.amount', ['DELIVERED'], ANGELA));
    const other = await recorded(decision, traced(decision, 'Income.amount', ['ABSENT']));

    expect(alike.appended[0]![0]!.fields).toBe(first.appended[0]![0]!.fields);
    expect(alike.appended[0]![0]).toMatchObject({ subject: ANGELA, role: 'OTHER' });
    expect(other.appended[0]![0]!.fields).toMatchObject([{ outcome: 'ABSENT', reason: 'NOT_AVAILABLE' }]);
  });

  test('writes nothing of the door to the caller, unless it was shut', async () => {
    const decision = aDecision();
    const opened = [...traced(decision, 'Query.me', ['DELIVERED']), ...traced(decision, 'Citizen.name', ['DELIVERED'])];
    expect((await recorded(decision, opened)).appended[0]!.map(({ agency }) => agency)).toEqual(['civil-status']);
    expect((await recorded(decision, traced(decision, 'Query.me', ['DELIVERED']))).appended).toEqual([]);
    expect((await recorded(decision, traced(decision, 'Query.me', ['REFUSED']))).recordedCount).toBe(1);
  });

  test('sums up a long list of people one by one', async () => {
    const decision = aDecision();
    const people = Array.from({ length: 300 }, (_, number) => number.toString(16).padStart(30, '0') as SubjectKey);
    const traces = people.flatMap((person) => traced(decision, 'Income.amount', ['DELIVERED'], person));
    const { appended } = await recorded(decision, traces);
    expect(appended[0]!.map((entry) => entry.subject)).toEqual(people);
  });

  test('leaves out type names', async () => {
    const decision = aDecision();
    const { index } = decision.judgement.operation.fields.find((field) => field.fieldName === '__typename')!;
    const trace: FieldTrace = { index, subject: PAUL, agency: 'hub' as AgencyId, outcome: 'DELIVERED' };
    expect(await recorded(decision, [trace])).toEqual({ appended: [], recordedCount: 0 });
  });

  test('records a request of which everything was refused', async () => {
    const rejected = decided({ graph: GRAPH, query: QUERY, token: [], request: { mode: 'reject' } });
    expect(isRejected(rejected)).toBe(true);
    const { appended } = await recorded(rejected, rejectWhole(rejected).traces);
    const fields = appended[0]!.flatMap((entry) => entry.fields);
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.every((field) => field.outcome === 'REFUSED' && field.reason === 'SCOPE_NOT_IN_TOKEN')).toBe(true);
  });

  test('no record, no reply: rejects as the log does', async () => {
    const decision = aDecision();
    const record = createRecord({ append: () => Promise.reject(new HubError('HUB_AUDIT_UNAVAILABLE')) });
    const traces = traced(decision, 'Income.amount', ['DELIVERED']);
    const masked: Masked = { ...decision, data: '{}', faults: [], errors: [], traces };
    await expect(record(masked)).rejects.toMatchObject({ code: 'HUB_AUDIT_UNAVAILABLE' });
  });

  test('holds back the reply until the log has answered', async () => {
    const decision = aDecision();
    let durable = () => {};
    const record = createRecord({ append: () => new Promise((resolve) => (durable = resolve)) });
    const traces = traced(decision, 'Income.amount', ['DELIVERED']);
    let replied = false;
    const reply = record({ ...decision, data: '{}', faults: [], errors: [], traces }).then(() => (replied = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(replied).toBe(false);
    durable();
    await reply;
    expect(replied).toBe(true);
  });
});
