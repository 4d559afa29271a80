import { describe, expect, test } from '@jest/globals';
import { OperationTypeNode } from 'graphql';
import { createDecide, type DecidePowers } from '../../../gateway/request/decide/decide.ts';
import { explain } from '../../../gateway/request/decide/explain.ts';
import { isRejected, rejectRefused, rejectWhole } from '../../../gateway/request/decide/rejectWhole.ts';
import { createUnderstand } from '../../../gateway/request/understand/understand.ts';
import { HubError } from '../../../gateway/platform/errors.ts';
import type { AgencyId, SubjectKey } from '../../../gateway/platform/ids.ts';
import type { Caller, Decided, Fetched, Graph, Received, ReplyFault } from '../../../gateway/request/exchange.ts';
import { A_DAY_IN_2026, decided, fault } from '../../support/testDecision.ts';
import { testGraph } from '../../support/testGraph.ts';
import { aCaller, anIdentifiedRequest, scopeSet, type CallerChanges } from '../../support/testRequest.ts';
import { openConsentsOf } from '../../support/openConsents.ts';

const SDL = `
  type Query { me: Citizen @authenticated }
  type Citizen @key(fields: "id") @subject {
    id: ID!
    a: Int @requiresScopes(scopes: [["sa"]])
    b: Int @requiresScopes(scopes: [["sb"]])
    c: Int @policy(policies: [["p"]])
    act: Int @requiresScopes(scopes: [["etatcivil_acte_naissance"]])
    income(year: Int): Int @requiresScopes(scopes: [["sa"]]) @scopeByYear(argument: "year")
  }
`;
const graph = testGraph({ hub: SDL });

interface Setting extends CallerChanges {
  readonly consents?: readonly string[];
}

/** The same set for the same scopes, as the ledger hands them out. */
const internedSets = new Map<string, ReadonlySet<string>>();
function interned(scopes: readonly string[]): ReadonlySet<string> {
  const key = [...scopes].sort().join(' ');
  if (!internedSets.has(key)) internedSets.set(key, scopeSet(scopes));
  return internedSets.get(key)!;
}

/** One hub: steps that remember, asked several times. */
function aHub(powers: Partial<DecidePowers> = {}, served: () => Graph = () => graph) {
  const understand = createUnderstand({ graph: served, introspection: 'everyone' });
  let open: ReadonlySet<string> = new Set();
  const decide = createDecide({
    openConsents: () => openConsentsOf(open),
    clock: A_DAY_IN_2026,
    ...powers,
  });
  return {
    askAs(caller: Caller, query: string, consents: readonly string[]): Decided {
      open = interned(consents);
      return decide(understand(anIdentifiedRequest(query, caller))) as Decided;
    },
    ask(query: string, { consents: given, ...changes }: Setting = {}, request: Partial<Received> = {}): Decided {
      const caller = aCaller(changes);
      open = scopeSet(given ?? changes.token ?? []);
      return decide(understand(anIdentifiedRequest(query, caller, request))) as Decided;
    },
  };
}

const verdictsOf = ({ judgement }: Decided): string =>
  judgement.verdicts.map((verdict) => (verdict.allowed ? 'yes' : verdict.reason)).join(' ');

describe('decide', () => {
  test('forgets judgements by the weight of the operations that they hold', () => {
    const hub = aHub({ cacheBytes: 200_000 });
    const caller = aCaller({ token: ['sa'] });
    const judged = (query: string) => hub.askAs(caller, query, ['sa']).judgement;
    const first = judged('{ me { a } }');
    expect(judged('{ me { a } }')).toBe(first);
    // 5 kB each; the verdicts alone, which are none of it, would have room for 160.
    for (let number = 0; number < 80; number += 1) judged(`{ me { a${number}: a } }`);
    expect(judged('{ me { a } }')).not.toBe(first);
  });

  test('hands on what it was given, with a judgement', () => {
    const result = aHub().ask('{ me { a b } }', { token: ['sa'] });
    expect(result.caller.tokenScopes).toEqual(new Set(['sa']));
    expect(result.judgement).toMatchObject({ refusedCount: 1, operation: result.operation });
    expect(result.judgement.effectiveScopes).toEqual(new Set(['sa']));
  });

  test('plans the very document of an operation of which nothing is refused', () => {
    const { judgement, operation } = aHub().ask('{ me { a } }', { token: ['sa'] });
    expect(judgement).toMatchObject({ shape: 'all', refusedCount: 0 });
    expect(judgement.narrowed).toBe(operation.document);
  });

  test('counts a refused object once, whatever was asked inside it', () => {
    const nested = testGraph({
      a: 'type Query { t: T @requiresScopes(scopes: [["x"]]) } type T { u: T v: Int w: Int @requiresScopes(scopes: [["y"]]) }',
    });
    const { judgement } = decided({ graph: nested, query: '{ t { v w u { v } } }' });
    expect(judgement.refusedCount).toBe(1);
    expect(judgement.narrowed).toBeUndefined();
    expect(new Set(judgement.verdicts).size).toBe(1);
  });

  test('waits for a ledger that has to look', async () => {
    const understand = createUnderstand({ graph: () => graph, introspection: 'operator' });
    const scopes = scopeSet(['sa']);
    const decide = createDecide({
      openConsents: () => Promise.resolve(openConsentsOf(scopes)),
      clock: A_DAY_IN_2026,
    });
    const result = await decide(understand(anIdentifiedRequest('{ me { a } }', aCaller({ token: ['sa'] }))));
    expect(result.judgement.refusedCount).toBe(0);
  });

  test('asks the ledger about the caller, for this service and this purpose', () => {
    const questions: unknown[] = [];
    const openConsents: DecidePowers['openConsents'] = (...question) => {
      questions.push(question);
      return openConsentsOf(new Set());
    };
    aHub({ openConsents }).ask('{ me { a } }', { purpose: 'parking-permit' });
    expect(questions).toEqual([['a'.repeat(30), 'canteen', 'parking-permit']]);
  });

  test('refuses when the ledger does not answer', () => {
    const openConsents = (): never => {
      throw new HubError('HUB_LEDGER_UNAVAILABLE');
    };
    expect(fault(() => aHub({ openConsents }).ask('{ me { id } }')).code).toBe('HUB_LEDGER_UNAVAILABLE');
  });
});

describe('a remembered judgement', () => {
  const query = 'query ($y: Int) { me { a b c act income(year: $y) } }';
  const full: Setting = {
    token: ['sa', 'sb', 'etatcivil_acte_naissance', 'dgfip_annee_n_moins_1', 'dgfip_annee_n_moins_2'],
  };

  test('is the same object for equal rights, in whatever objects they come', () => {
    const hub = aHub();
    const first = hub.ask(query, full, { variables: { y: 2025 } }).judgement;
    const again = hub.ask(query, { token: full.token!.toReversed() }, { variables: { y: 2025 } }).judgement;
    expect(again).toBe(first);
  });

  test.each<[string, Setting, Partial<Received>]>([
    ["another token's scopes", { ...full, token: ['sa'] }, {}],
    ['another habilitation', { ...full, habilitation: ['sa'] }, {}],
    ['other consents', { ...full, consents: ['sa'] }, {}],
    ['another level of assurance', { ...full, acr: 'eidas1' }, {}],
    ['a stricter habilitation', { ...full, minimumAcr: 'eidas3' }, {}],
    ['another income year', full, { variables: { y: 2023 } }],
    ['no income year', full, { variables: {} }],
  ])('never answers %s, in either order', (_what, other, request) => {
    const variables = { variables: { y: 2025 } };
    for (const order of [0, 1]) {
      const hub = aHub();
      const ask = [
        () => verdictsOf(hub.ask(query, full, variables)),
        () => verdictsOf(hub.ask(query, other, { ...variables, ...request })),
      ];
      const [one, two] = order === 0 ? [ask[0]!(), ask[1]!()] : [ask[1]!(), ask[0]!()];
      const fresh = verdictsOf(aHub().ask(query, other, { ...variables, ...request }));
      expect(order === 0 ? two : one).toBe(fresh);
      expect(one).not.toBe(two);
      expect([ask[0]!(), ask[1]!()]).toEqual(order === 0 ? [one, two] : [two, one]);
    }
  });

  test('ends with the consent it stood on, whatever the token, which is the same, still says', () => {
    const hub = aHub();
    const caller = aCaller({ token: ['sa', 'sb'] });
    expect(verdictsOf(hub.askAs(caller, '{ me { a b } }', ['sa', 'sb']))).toBe('yes yes yes');
    expect(verdictsOf(hub.askAs(caller, '{ me { a b } }', ['sb']))).toBe('yes CONSENT_REQUIRED yes');
    expect(verdictsOf(hub.askAs(caller, '{ me { a b } }', ['sa', 'sb']))).toBe('yes yes yes');
  });

  test.each<[string, (caller: Caller) => Partial<Caller>, string]>([
    [
      'habilitation',
      ({ habilitation }) => ({ habilitation: { ...habilitation, version: 2, scopes: new Set() } }),
      'yes NOT_IN_HABILITATION',
    ],
    [
      'level of assurance',
      ({ habilitation }) => ({ habilitation: { ...habilitation, minimumAcr: 'eidas3' } }),
      'ACR_TOO_LOW ACR_TOO_LOW',
    ],
    ['session', () => ({ acr: 'eidas1' }), 'ACR_TOO_LOW ACR_TOO_LOW'],
    ['token', () => ({ tokenScopes: new Set() }), 'yes SCOPE_NOT_IN_TOKEN'],
  ])('is not carried over to another %s of the same caller', (_what, change, reason) => {
    const hub = aHub();
    const caller = aCaller({ token: ['sa'], minimumAcr: 'eidas2' });
    expect(verdictsOf(hub.askAs(caller, '{ me { a } }', ['sa']))).toBe('yes yes');
    expect(verdictsOf(hub.askAs({ ...caller, ...change(caller) }, '{ me { a } }', ['sa']))).toBe(reason);
  });

  test('is not shared by two legal bases of one service', () => {
    const inFile = testGraph({
      a: `
        type Query { me: Citizen @authenticated }
        type Citizen @key(fields: "id") @subject { id: ID! file: [Member] @requiresScopes(scopes: [["sa"]]) }
        type Member @subject(from: "person", inFileOf: true) { name: String person: Citizen }
      `,
    });
    const hub = aHub({}, () => inFile);
    const ask = (legalBasis: 'INFORMATION_L114_8' | 'CONSENT_RGPD_6_1_A') =>
      verdictsOf(hub.ask('{ me { file { name } } }', { token: ['sa'], legalBasis }));
    expect(ask('INFORMATION_L114_8')).toBe('yes yes yes');
    expect(ask('CONSENT_RGPD_6_1_A')).toBe('yes yes SUBJECT_NOT_COVERED');
  });

  test('is not shared by callers who meet other policies', () => {
    let met: ReadonlySet<string> = new Set(['p']);
    const hub = aHub({ metPolicies: () => met });
    const caller = aCaller();
    expect(verdictsOf(hub.askAs(caller, '{ me { c } }', []))).toBe('yes yes');
    met = new Set();
    expect(verdictsOf(hub.askAs(caller, '{ me { c } }', []))).toBe('yes POLICY_NOT_MET');
  });

  test('ends with the year in Paris', () => {
    let nowMs = Date.UTC(2026, 11, 31, 22, 59, 59);
    const hub = aHub({ clock: () => nowMs });
    const setting = { token: ['sa', 'dgfip_annee_n_moins_1'] };
    const ask = (): string => verdictsOf(hub.ask('{ me { income(year: 2025) } }', setting));
    expect(ask()).toBe('yes yes');
    nowMs += 1000;
    expect(ask()).toBe('yes SCOPE_NOT_IN_TOKEN');
  });

  test('ends with the graph', () => {
    const stricter = testGraph({ hub: SDL.replace('[["sa"]])\n    b', '[["sb"]])\n    b') });
    let served = graph;
    const hub = aHub({}, () => served);
    const before = hub.ask('{ me { a } }', { token: ['sa'] });
    served = stricter;
    const after = hub.ask('{ me { a } }', { token: ['sa'] });
    expect([verdictsOf(before), verdictsOf(after)]).toEqual(['yes yes', 'yes SCOPE_NOT_IN_TOKEN']);
  });

  test('shares its plan key with whoever may ask the same, and with nobody else', () => {
    const hub = aHub();
    const hashOf = (setting: Setting): string => hub.ask('{ me { a b } }', setting).judgement.narrowedHash;
    const onlyA = hashOf({ token: ['sa'] });
    expect(hashOf({ token: ['sa', 'sb'], consents: ['sa'] })).toBe(onlyA);
    expect(hashOf({ token: ['sa', 'sb'] })).not.toBe(onlyA);
    expect(hashOf({ token: ['sb'] })).not.toBe(onlyA);
  });

  test('has another plan key on another graph', () => {
    const other = testGraph({ hub: `${SDL} type Extra { x: Int }` });
    const [one, two] = [graph, other].map((one) => decided({ graph: one, query: '{ me { a } }', token: ['sa'] }));
    expect(one!.judgement.operation.hash).toBe(two!.judgement.operation.hash);
    expect(one!.judgement.narrowedHash).not.toBe(two!.judgement.narrowedHash);
  });
});

describe('Hub-Mode', () => {
  const query = '{ me { a b } }';

  test('reject serves nothing for one refused field, names every refusal, and has them recorded', () => {
    const result = aHub().ask(query, { token: ['sb'] }, { mode: 'reject' });
    expect(isRejected(result)).toBe(true);
    const { data, faults, traces } = rejectWhole(result);
    expect(data).toBe('null');
    expect(faults).toEqual([
      { code: 'HUB_OPERATION_REJECTED', path: [] },
      {
        code: 'UNAUTHORIZED_FIELD_OR_TYPE',
        agency: 'hub',
        path: ['me', 'a'],
        refusal: { reason: 'SCOPE_NOT_IN_TOKEN', missingScopes: [['sa']], subject: 'SELF' },
      },
    ]);
    expect(traces).toMatchObject([{ index: 1, agency: 'hub', outcome: 'REFUSED', reason: 'SCOPE_NOT_IN_TOKEN' }]);
  });

  test('reject lets through an operation of which nothing is refused', () => {
    expect(isRejected(aHub().ask(query, { token: ['sa', 'sb'] }, { mode: 'reject' }))).toBe(false);
  });

  describe('reject, when who stands there shows with the answers alone', () => {
    const mine = { index: 1, subject: 'me' as SubjectKey, agency: 'hub' as AgencyId };
    const theirs = { ...mine, subject: 'child' as SubjectKey };
    const refusal: ReplyFault = {
      ...{ code: 'UNAUTHORIZED_FIELD_OR_TYPE', path: ['me', 'children', 1, 'a'] },
      refusal: { reason: 'CONSENT_REQUIRED', missingScopes: [['sa']], subject: 'CHILD' },
    };
    const failure: ReplyFault = { code: 'HUB_AGENCY_UNAVAILABLE', path: ['me', 'b'] };
    const fetched = (change: Partial<Pick<Fetched, 'mode' | 'faults'>>): Fetched => ({
      ...aHub().ask(query, { token: ['sa', 'sb'] }, { mode: 'reject' }),
      ...{ data: '{"me":{}}', faults: [failure, refusal] },
      traces: [
        { ...mine, outcome: 'DELIVERED' },
        { ...theirs, outcome: 'REFUSED', reason: 'CONSENT_REQUIRED' },
      ],
      ...change,
    });

    test('serves nothing either: one relative’s refusal is a refusal, and nothing reached the client', () => {
      const { data, faults, traces } = rejectRefused(fetched({}));
      expect(data).toBe('null');
      expect(faults).toEqual([{ code: 'HUB_OPERATION_REJECTED', path: [] }, refusal]);
      expect(traces).toEqual([{ ...theirs, outcome: 'REFUSED', reason: 'CONSENT_REQUIRED' }]);
    });

    test.each([
      ['in another mode', { mode: 'partial' as const }],
      ['when an agency has failed and nothing is refused', { faults: [failure] }],
    ])('leaves the answer as it is %s', (_when, change) => {
      const given = fetched(change);
      expect(rejectRefused(given)).toBe(given);
    });

    test('leaves the answer to a write as it is: it has been made', () => {
      const given = fetched({});
      const write: Fetched = { ...given, operation: { ...given.operation, kind: OperationTypeNode.MUTATION } };
      expect(rejectRefused(write)).toBe(write);
    });
  });

  test("dry-run is for operators and services' test clients", () => {
    const dryRun = { mode: 'dry-run' } as const;
    expect(fault(() => aHub().ask(query, {}, dryRun)).code).toBe('HUB_REQUEST_MODE_UNKNOWN');
    expect(aHub().ask(query, {}, { ...dryRun, operator: true }).judgement.refusedCount).toBe(2);

    const understand = createUnderstand({ graph: () => graph, introspection: 'operator' });
    const decide = createDecide({
      openConsents: () => openConsentsOf(new Set()),
      clock: A_DAY_IN_2026,
    });
    const caller = aCaller();
    const tester = { ...caller, service: { ...caller.service, testClient: true } };
    expect(() => decide(understand(anIdentifiedRequest(query, tester, dryRun)))).not.toThrow();
  });

  test('explain lists every verdict with its way, its agency and its reason', () => {
    expect(explain(aHub().ask('{ x: me { a b } }', { token: ['sa'] }).judgement)).toEqual([
      { path: ['x'], coordinate: 'Query.me', agency: 'hub', allowed: true },
      { path: ['x', 'a'], coordinate: 'Citizen.a', agency: 'hub', allowed: true },
      {
        path: ['x', 'b'],
        coordinate: 'Citizen.b',
        agency: 'hub',
        allowed: false,
        reason: 'SCOPE_NOT_IN_TOKEN',
        missingScopes: [['sb']],
        subject: 'SELF',
      },
    ]);
  });
});
