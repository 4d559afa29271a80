import { setTimeout } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { HubError } from '../../../gateway/platform/errors.ts';
import type { Judgement } from '../../../gateway/request/exchange.ts';
import { createEngine, type Engine } from '../../../gateway/request/fetch/engine.ts';
import { createPlanningBudget } from '../../../gateway/request/fetch/planningBudget.ts';
import { createPlanner } from '../../../gateway/request/fetch/plan/planner.ts';
import {
  createPlanningThread,
  startPlanningWorker,
  type PlanningThread,
} from '../../../gateway/request/fetch/plan/planningThread.ts';
import { createPlans } from '../../../gateway/request/fetch/plan/plans.ts';
import { allowAny, federate } from '../../engine/federation.ts';

const federation = federate([
  {
    name: 'zoo',
    typeDefs: 'type Query { cats: [Cat] } type Cat @key(fields: "id") { id: ID! name: String friends: [Cat] }',
    resolvers: { Query: { cats: () => [{ id: 1, name: 'Tom' }] } },
  },
  {
    name: 'vet',
    typeDefs: 'type Cat @key(fields: "id") { id: ID! weight: Int }',
    resolvers: { Cat: { weight: () => 4 } },
  },
]);
const { graph } = federation;
const signal = new AbortController().signal;

async function run(engine: Engine, query: string): Promise<unknown> {
  const program = await engine.prepare(graph, allowAny(graph, query));
  const { data } = await engine.run(program, { variables: {}, signal, send: federation.send });
  return JSON.parse(data);
}

describe('the planning thread', () => {
  let thread: PlanningThread;
  beforeAll(() => {
    thread = createPlanningThread();
  });
  afterAll(() => thread.close());

  it('plans as the planner here does', async () => {
    const here = createPlanner(graph.planningSdl);
    for (const query of ['{ cats { name weight } }', '{ cats { id friends { weight } } }']) {
      const document = parse(query);
      const asText = (plan: unknown): unknown =>
        JSON.parse(
          JSON.stringify(plan, (key, value: unknown) => (key === 'operationDocumentNode' ? undefined : value)),
        );
      expect(await thread.plan(graph, document)).toEqual(asText(here.plan(document)));
    }
  });

  it('says what can’t be planned, and goes on', async () => {
    await expect(thread.plan(graph, parse('{ dogs }'))).rejects.toThrow('dogs');
    expect((await thread.plan(graph, parse('{ cats { id } }'))).node?.kind).toBe('Fetch');
  });

  it('gives up on a planning that takes too long, and serves the next ones', async () => {
    const hurried = createPlanningThread({ limitMs: 1 });
    const refused = await hurried.plan(graph, parse('{ cats { weight } }')).catch((fault: unknown) => fault);
    expect(refused).toMatchObject({
      code: 'HUB_OPERATION_TOO_COMPLEX',
      extensions: { limit: 'planningMs', limitValue: 1 },
    });
    hurried.close();
  });

  it('refuses whoever comes when too many wait', async () => {
    const asked = Array.from({ length: 250 }, () => thread.plan(graph, parse('{ cats { id } }')));
    const settled = await Promise.allSettled(asked);
    const refused = settled.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(49);
    expect(refused[0]).toMatchObject({
      reason: { code: 'HUB_OPERATION_BUDGET_EXCEEDED', extensions: { retryAfterSeconds: 1 } },
    });
  });

  it('ends when it has nothing to do, and begins anew with the next operation', async () => {
    let ended = 0;
    const startWorker = (): Worker => startPlanningWorker().once('exit', () => (ended += 1));
    const brief = createPlanningThread({ idleMs: 1, startWorker });
    for (let at = 1; at <= 2; at++) {
      expect((await brief.plan(graph, parse('{ cats { id } }'))).node?.kind).toBe('Fetch');
      for (let waited = 0; ended < at && waited < 100; waited++) await setTimeout(20);
      expect(ended).toBe(at);
    }
    brief.close();
  });

  it('lets nobody wait for a thread that is closed', async () => {
    const closed = createPlanningThread();
    const asked = [1, 2].map(() => closed.plan(graph, parse('{ cats { id } }')));
    closed.close();
    for (const one of await Promise.allSettled(asked)) expect(one).toMatchObject({ reason: { code: 'HUB_NOT_READY' } });
  });

  it('serves an engine whose operations are heavy', async () => {
    const heavy = Array.from({ length: 300 }, (_, at) => `a${at}: id`).join(' ');
    const asked: string[] = [];
    const counting: PlanningThread = {
      plan: (...given) => {
        asked.push('thread');
        return thread.plan(...given);
      },
      close: () => undefined,
    };
    const engine = createEngine({ cacheBytes: 10_000_000, plans: createPlans({ thread: counting }) });
    expect(await run(engine, '{ cats { name weight } }')).toEqual({ cats: [{ name: 'Tom', weight: 4 }] });
    expect(asked).toEqual([]);
    const query = `{ cats { weight ${heavy} } }`;
    const all = await Promise.all([run(engine, query), run(engine, query), run(engine, query)]);
    expect((all[0] as { cats: { weight: number }[] }).cats[0]?.weight).toBe(4);
    expect(all[1]).toEqual(all[0]);
    // Three at once, one plan.
    expect(asked).toEqual(['thread']);
  });
});

describe('where operations are planned', () => {
  it('is the thread for whatever is as heavy as what took longer than it looked', async () => {
    let nowMs = 0;
    const asked: string[] = [];
    const thread: PlanningThread = {
      plan: () => {
        asked.push('thread');
        return Promise.resolve({ kind: 'QueryPlan' });
      },
      close: () => undefined,
    };
    // Every planning here takes 40 ms by this clock.
    const plans = createPlans({ thread, monotonicMs: () => (nowMs += 40) });
    const document = parse('{ cats { id } }');
    expect(plans.plan(graph, document, 100)).not.toBeInstanceOf(Promise);
    await plans.plan(graph, document, 90);
    expect(asked).toEqual(['thread']);
    expect(plans.plan(graph, document, 10)).not.toBeInstanceOf(Promise);
  });

  it('leaves an operation that failed to be planned to be tried again', async () => {
    let isBroken = true;
    const thread: PlanningThread = {
      plan: (_graph, document) =>
        isBroken
          ? Promise.reject(new HubError('HUB_INTERNAL'))
          : Promise.resolve(createPlanner(graph.planningSdl).plan(document)),
      close: () => undefined,
    };
    const plans = createPlans({ thread });
    plans.adopt(graph);
    const engine = createEngine({ cacheBytes: 1_000_000, plans });
    await expect(run(engine, '{ cats { name } }')).rejects.toMatchObject({ code: 'HUB_INTERNAL' });
    isBroken = false;
    expect(await run(engine, '{ cats { name } }')).toEqual({ cats: [{ name: 'Tom' }] });
  });
});

describe('a graph that is to be served next', () => {
  it('has the most used operations ready: whoever asks them waits for no plan', async () => {
    const next = { ...graph, version: 'next' };
    const thread = createPlanningThread();
    const engine = createEngine({ cacheBytes: 10_000_000, plans: createPlans({ thread }) });
    const queries = ['{ cats { name } }', '{ cats { weight } }', '{ cats { gone: name } }'];
    for (const query of queries) await run(engine, query);
    const onNext = (query: string): Judgement => ({ ...allowAny(next, query) });
    await engine.adopt(next, ({ operation }) => {
      const query = queries.find((one) => allowAny(graph, one).operation.hash === operation.hash)!;
      return query.includes('gone') ? undefined : onNext(query);
    });
    expect(engine.prepare(next, onNext(queries[0]!))).not.toBeInstanceOf(Promise);
    expect(engine.prepare(next, onNext(queries[1]!))).not.toBeInstanceOf(Promise);
    // What was not ready is planned in the thread: this one serves others meanwhile.
    expect(engine.prepare(next, onNext(queries[2]!))).toBeInstanceOf(Promise);
    await engine.prepare(next, onNext(queries[2]!));
    engine.close();
  });

  it('takes the place of the one in service though an operation can’t be planned on it', async () => {
    const next = { ...graph, version: 'next', planningSdl: graph.planningSdl.replace(/name: String/, 'title: String') };
    const engine = createEngine({ cacheBytes: 10_000_000 });
    await run(engine, '{ cats { name } }');
    await engine.adopt(next, (before) => ({ ...before, narrowedHash: `next ${before.narrowedHash}` }));
    engine.close();
  });
});

describe('a caller’s planning budget', () => {
  it('is charged for new operations alone', async () => {
    const engine = createEngine({ cacheBytes: 1_000_000 });
    let charged = 0;
    const charge = (): void => void (charged += 1);
    for (const query of ['{ cats { id } }', '{ cats { name } }', '{ cats { id } }', '{ cats { name } }']) {
      await engine.prepare(graph, allowAny(graph, query), charge);
    }
    expect(charged).toBe(2);
  });

  it('keeps from planning whoever has used it up, until it fills again, and nobody else', () => {
    let nowMs = 1_000_000;
    const charge = createPlanningBudget({ perMinute: 6, clock: () => nowMs });
    for (let at = 0; at < 6; at++) charge('canteen p1');
    const refusal = (payer: string): unknown => {
      try {
        charge(payer);
      } catch (fault) {
        return fault;
      }
      return undefined;
    };
    expect(refusal('canteen p1')).toMatchObject({
      code: 'HUB_OPERATION_BUDGET_EXCEEDED',
      extensions: { retryAfterSeconds: 10 },
    });
    expect(refusal('canteen p2')).toBeUndefined();
    nowMs += 9_999;
    expect(refusal('canteen p1')).toMatchObject({ extensions: { retryAfterSeconds: 1 } });
    nowMs += 2;
    expect(refusal('canteen p1')).toBeUndefined();
    // An hour is no more than a minute's worth.
    nowMs += 3_600_000;
    for (let at = 0; at < 6; at++) expect(refusal('canteen p1')).toBeUndefined();
    expect(refusal('canteen p1')).toBeDefined();
  });
});
