import { describe, expect, it } from '@jest/globals';
import { createEngine } from '../../../gateway/request/fetch/engine.ts';
import { createReferenceEngine } from '../../../gateway/request/fetch/reference.ts';
import type { AgencySend } from '../../../gateway/request/fetch/agencyPort.ts';
import { allowAny, federate } from '../../engine/federation.ts';

const federation = federate([
  { name: 'a', typeDefs: 'type Query { x: Int y: Int }', resolvers: { Query: { x: () => 1, y: () => 2 } } },
]);
const { graph } = federation;
const signal = new AbortController().signal;

describe('the engine', () => {
  it('makes a program once per narrowed hash, and another one for another verdict on the same document', async () => {
    const engine = createEngine({ cacheBytes: 1_000_000 });
    const all = allowAny(graph, '{ x y }');
    const narrowed = allowAny(graph, '{ x }').narrowed;
    const some = {
      ...all,
      narrowed,
      narrowedHash: 'another',
      verdicts: [all.verdicts[0]!, { allowed: false, reason: 'NO_RULE', missingScopes: [], subject: 'SELF' } as const],
    };
    const programs = await Promise.all(
      [all, all, some, { ...all }].map((judgement) => engine.prepare(graph, judgement)),
    );
    expect(programs[1]).toBe(programs[0]);
    expect(programs[3]).toBe(programs[0]);
    federation.asked.length = 0;
    const replies = await Promise.all(
      [programs[0]!, programs[2]!].map((program) =>
        engine.run(program, { variables: {}, signal, send: federation.send }),
      ),
    );
    expect(replies.map(({ data }) => data)).toEqual(['{"x":1,"y":2}', '{"x":1,"y":null}']);
    expect(federation.asked.map(({ body }) => body.query)).toEqual(['{x y}', '{x}']);
  });

  it('tells each caller their own reason, though they share a program', async () => {
    const engine = createEngine({ cacheBytes: 1_000_000 });
    const all = allowAny(graph, '{ x }');
    const refusals = (['SCOPE_NOT_IN_TOKEN', 'CONSENT_REQUIRED'] as const).map((reason) => {
      return { allowed: false, reason, missingScopes: [[reason.toLowerCase()]], subject: 'SELF' } as const;
    });
    const send: AgencySend = () => Promise.reject(new Error('nobody may be asked'));
    const told: unknown[] = [];
    for (const refusal of refusals) {
      const judgement = { ...all, verdicts: [refusal], narrowed: undefined };
      const program = await engine.prepare(graph, judgement);
      const { faults } = await engine.run(program, { variables: {}, verdicts: judgement.verdicts, signal, send });
      told.push(...faults.map((fault) => fault.refusal));
    }
    expect(told).toEqual(refusals.map(({ allowed: _allowed, ...refusal }) => refusal));
  });

  it('forgets the oldest programs when its room is full', () => {
    const engine = createEngine({ cacheBytes: 100_000 });
    const first = engine.prepare(graph, allowAny(graph, '{ a0: x }'));
    for (let at = 1; at < 10; at++) void engine.prepare(graph, allowAny(graph, `{ a${at}: x }`));
    const last = engine.prepare(graph, allowAny(graph, '{ a9: x }'));
    expect(engine.prepare(graph, allowAny(graph, '{ a9: x }'))).toBe(last);
    expect(engine.prepare(graph, allowAny(graph, '{ a0: x }'))).not.toBe(first);
  });

  it('asks nobody when nothing is left to ask', async () => {
    const engine = createEngine({ cacheBytes: 1_000_000 });
    const all = allowAny(graph, '{ x }');
    const refused = { allowed: false, reason: 'NO_RULE', missingScopes: [], subject: 'SELF' } as const;
    const program = await engine.prepare(graph, { ...all, verdicts: [refused], narrowed: undefined });
    const send: AgencySend = () => Promise.reject(new Error('nobody may be asked'));
    await expect(engine.run(program, { variables: {}, signal, send })).resolves.toMatchObject({ data: '{"x":null}' });
  });
});

describe('the reference', () => {
  it('reports nothing to its vendor', async () => {
    const reference = await createReferenceEngine(graph);
    expect(process.env.APOLLO_TELEMETRY_DISABLED).toBe('true');
    const reply = await reference.run(allowAny(graph, '{ x }'), { variables: {}, signal, send: federation.send });
    expect(reply).toEqual({ data: '{"x":1}', faults: [], traces: [] });
    await reference.stop();
  });

  it('serves no graph with rules', async () => {
    const guarded = { ...graph, rules: { ...graph.rules, empty: false } };
    await expect(createReferenceEngine(guarded)).rejects.toThrow('without rules only');
  });
});
