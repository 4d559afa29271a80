import { beforeAll, describe, expect, it } from '@jest/globals';
import { HubError } from '../../../gateway/platform/errors.ts';
import type { RequestId } from '../../../gateway/platform/ids.ts';
import type { Received } from '../../../gateway/request/exchange.ts';
import { createEngine } from '../../../gateway/request/fetch/engine.ts';
import { createUnderstand } from '../../../gateway/request/understand/understand.ts';
import { createUnprotectedWay } from '../../../gateway/request/unprotected.ts';
import { federate } from '../federation.ts';
import { createPlansHere } from '../plansHere.ts';
import { abstractTypeScenarios } from './abstractTypes.ts';
import { callScenarios } from './calls.ts';
import { interfaceObjectScenarios } from './interfaceObjects.ts';
import { interfaceScenarios } from './interfaces.ts';
import { parentScenarios } from './parents.ts';
import { requireChainScenarios } from './requireChains.ts';
import { requireFragmentScenarios } from './requireFragments.ts';
import { requireScenarios } from './requires.ts';
import { rootScenarios } from './roots.ts';
import type { AuditCase, Scenario } from './scenario.ts';
import { simpleScenarios } from './simple.ts';
import { unionScenarios } from './unions.ts';
import { variousScenarios } from './various.ts';

const scenarios: readonly Scenario[] = [
  ...unionScenarios,
  ...requireScenarios,
  ...requireChainScenarios,
  ...interfaceScenarios,
  ...interfaceObjectScenarios,
  ...variousScenarios,
  ...callScenarios,
  ...abstractTypeScenarios,
  ...parentScenarios,
  ...requireFragmentScenarios,
  ...rootScenarios,
  ...simpleScenarios,
];

/** The way of `npm run gateway -- --unprotected`, with agencies in this process instead of HTTP. */
function serve(scenario: Scenario): (one: AuditCase) => Promise<unknown> {
  const { graph, send } = federate(scenario.agencies());
  const answer = createUnprotectedWay({
    graph,
    send,
    understand: createUnderstand({ graph: () => graph, introspection: 'everyone' }),
    engine: createEngine({ cacheBytes: 10_000_000, plans: createPlansHere() }),
  });
  return async ({ query, variables = {} }) => {
    const { body } = await answer(received(query, variables)).catch(refused);
    const { data = null, errors = [] } = JSON.parse(body) as { data?: unknown; errors?: readonly unknown[] };
    return { data, errors: errors.length > 0 };
  };
}

/** What is refused before anything is asked has errors and no data. */
function refused(error: unknown): { body: string } {
  if (!(error instanceof HubError)) throw error;
  return { body: JSON.stringify({ errors: [{ code: error.code }] }) };
}

function received(query: string, variables: Received['variables']): Received {
  return {
    requestId: 'audit' as RequestId,
    receivedAtMs: 0,
    method: 'POST',
    query,
    operationName: undefined,
    variables,
    token: undefined,
    purposeHeader: undefined,
    mode: 'partial',
    language: 'en',
    operator: false,
    responseType: 'application/json',
    signal: new AbortController().signal as unknown as Received['signal'],
  };
}

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
  let ask: ReturnType<typeof serve>;
  beforeAll(() => {
    ask = serve(scenario);
  });

  it.each(scenario.cases.map((one) => [one.query.replace(/\s+/g, ' ').trim(), one] as const))(
    '%s',
    async (_query, one) => {
      const { data, errors = false } = one.expected;
      expect(await ask(one)).toEqual({ data: data ?? null, errors });
    },
  );
});
