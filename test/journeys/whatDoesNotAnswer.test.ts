import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { outcomesOf, readCitizensLog } from '../support/citizensLog.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { pause } from '../support/streams.ts';
import { startHub, type HubAnswer, type RunningHub } from '../support/runningHub.ts';
import { until } from '../support/until.ts';

/* An agency that does not answer costs its own fields. A ledger or a log that does not answer costs everything. */

const PAUL = { persona: 'dupont-paul', service: 'canteen' } as const;
const YEAR = new Date().getFullYear() - 1;
const QUESTION = `{ me {
  civilStatus { birthName }
  familyFile { quotient { value } children { ageBracket } }
  taxAssessment(incomeYear: ${YEAR}) { referenceTaxIncome }
} }`;

let postgres: TestPostgres;
let hub: RunningHub;

beforeAll(async () => {
  postgres = await startPostgres();
  hub = await startHub({ databaseUrl: postgres.url, agencyTimeoutMs: 700 });
}, 60_000);
afterAll(async () => {
  await hub?.close();
  await postgres?.stop();
});
beforeEach(() => {
  hub.misbehave('family', undefined);
  hub.takeRequests();
});

/** A machine that leaves this process no turn for two seconds costs the hub its lease on the ledger: then it is asked again, as it says itself. */
async function askWithLease(): Promise<HubAnswer> {
  let answer = await hub.ask(QUESTION, PAUL);
  for (let tries = 0; tries < 5 && codes(answer)[0] === 'HUB_LEDGER_UNAVAILABLE'; tries += 1) {
    await pause(600);
    answer = await hub.ask(QUESTION, PAUL);
  }
  return answer;
}

const codes = ({ errors }: HubAnswer): readonly unknown[] => errors.map(({ extensions }) => extensions['code']);

async function lastLogOf(agency: string): Promise<readonly string[]> {
  const lines = await readCitizensLog(hub, 'dupont-paul');
  return outcomesOf(lines.find((line) => line.service.clientId === 'canteen' && line.agency.id === agency)!);
}

describe('an agency', () => {
  test.each([
    ['down', undefined],
    ['slow', 20_000],
  ])('that is %s leaves its fields null, is named, and the rest is served', async (_case, delayMs) => {
    hub.misbehave('family', (response) => {
      if (delayMs === undefined) response.destroy();
      else setTimeout(() => response.end('{}'), delayMs).unref();
    });
    const startedAtMs = performance.now();
    const answer = await askWithLease();
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
    expect([answer.status, answer.data]).toEqual([
      200,
      {
        me: {
          civilStatus: { birthName: 'DUPONT' },
          familyFile: null,
          taxAssessment: { referenceTaxIncome: 84_210 },
        },
      },
    ]);
    expect(answer.errors).toEqual([
      {
        message: 'The agency does not answer.',
        path: ['me', 'familyFile'],
        extensions: {
          code: 'HUB_AGENCY_UNAVAILABLE',
          remedy: 'Try again after extensions.retryAfterSeconds.',
          agency: 'family',
          retryAfterSeconds: expect.any(Number),
          requestId: expect.stringMatching(/^req_/),
        },
      },
    ]);
    expect(await lastLogOf('family')).toEqual(['Citizen.familyFile ERROR AGENCY_UNAVAILABLE']);
  });

  test('that keeps failing is left alone for a while, and asked again when it is back', async () => {
    hub.misbehave('family', (response) => void response.destroy());
    for (let attempt = 0; attempt < 6; attempt += 1) await askWithLease();
    hub.takeRequests();
    const answer = await askWithLease();
    expect(codes(answer)).toEqual(['HUB_AGENCY_UNAVAILABLE']);
    expect(hub.takeRequests().filter(({ agency }) => agency === 'family')).toEqual([]);
    hub.misbehave('family', undefined);
    const isWhole = async () => (await hub.ask(QUESTION, PAUL)).errors.length === 0;
    await until('the agency is asked again', isWhole, { everyMs: 200 });
  });
});

describe('the database', () => {
  const first = { persona: 'giraud-anne', service: 'creche' } as const;

  beforeAll(async () => {
    await hub.ask(QUESTION, PAUL);
    await postgres.stop();
  });

  test('that is gone leaves whoever is asked about for the first time without a ledger: nothing is served', async () => {
    const answer = await hub.ask(QUESTION, first);
    expect([answer.status, answer.data, codes(answer)]).toEqual([503, undefined, ['HUB_LEDGER_UNAVAILABLE']]);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(hub.takeRequests()).toEqual([]);
  });

  test('that is gone can keep no record, so that nothing is served to those whose consents are remembered either', async () => {
    const answer = await hub.ask(QUESTION, PAUL);
    expect([answer.status, answer.data]).toEqual([503, undefined]);
    expect(String(codes(answer)[0])).toMatch(/^HUB_(?:AUDIT|LEDGER)_UNAVAILABLE$/);
    expect(answer.text).not.toMatch(/DUPONT|2550|84210/);
  });

  test('that is gone makes a refusal no less a failure: it is never told as one', async () => {
    const answer = await hub.ask('{ me { addresses { usage } } }', PAUL);
    expect(answer.status).toBe(503);
    expect(answer.text).not.toContain('UNAUTHORIZED_FIELD_OR_TYPE');
  });

  test('that is gone shows in the hub’s health', async () => {
    expect((await fetch(new URL('/health', hub.url))).status).toBe(503);
  });
});
