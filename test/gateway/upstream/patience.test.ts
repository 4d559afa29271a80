import { describe, expect, test } from '@jest/globals';
import type { AgencyId } from '../../../gateway/platform/ids.ts';
import { json, openAgency, openRawAgency } from './hostileAgency.ts';
import { ask, BODY, connectTo, FAMILY, faultOf, GOOD, opened, useSetting } from './setting.ts';

useSetting();

describe('a read is asked again', () => {
  test.each([502, 503, 504])('after status %i, until it is answered', async (status) => {
    const agency = await openAgency((response, nth) =>
      nth < 3 ? response.writeHead(status).end() : json(response, GOOD),
    );
    const { agencies, outcomes, retries } = connectTo(agency);
    expect(await ask(agencies)).toBe(GOOD);
    expect([outcomes, retries()]).toEqual([['ANSWERED'], 2]);
  });

  test('but a mutation never is', async () => {
    const agency = await openAgency((response) => response.writeHead(503).end());
    const { agencies } = connectTo(agency);
    await faultOf(ask(agencies, 'mutation'));
    expect(agency.requests).toHaveLength(1);
    const broken = await openRawAgency((socket) => socket.destroy());
    await faultOf(ask(connectTo(broken).agencies, 'mutation'));
    expect(broken.requests).toHaveLength(1);
  });

  test('within its time, not beyond', async () => {
    const agency = await openAgency((response, nth) => {
      if (nth === 1) response.writeHead(503).end();
    });
    const { agencies } = connectTo(agency, {}, 150);
    const startedAt = performance.now();
    await faultOf(ask(agencies));
    expect(performance.now() - startedAt).toBeLessThan(900);
  });

  test('within a budget: an agency in trouble is not asked thrice for each question', async () => {
    // Success in between keeps the circuit closed.
    const agency = await openAgency((response, nth) =>
      nth % 2 === 0 ? response.writeHead(503).end() : json(response, GOOD),
    );
    const { agencies, retries } = connectTo(agency);
    for (let nth = 0; nth < 100; nth += 1) await ask(agencies).catch(() => undefined);
    expect(retries()).toBeLessThanOrEqual(20);
    expect(retries()).toBeGreaterThanOrEqual(10);
  });
});

describe('the circuit', () => {
  test('opens after failures in a row, sends nothing, probes with one, and closes on its success', async () => {
    let monotonicMs = 0;
    let isDown = true;
    const agency = await openAgency((response) => (isDown ? response.writeHead(429).end() : json(response, GOOD)));
    const { agencies, outcomes } = connectTo(agency, { monotonicMs: () => monotonicMs });
    for (let nth = 0; nth < 5; nth += 1) await faultOf(ask(agencies));
    expect(agency.requests).toHaveLength(5);

    expect(await faultOf(ask(agencies))).toMatchObject({ kind: 'UNAVAILABLE', retryAfterSeconds: 1 });
    expect(agency.requests).toHaveLength(5);
    expect(outcomes.at(-1)).toBe('CIRCUIT_OPEN');

    monotonicMs = 1000;
    await Promise.all([faultOf(ask(agencies)), faultOf(ask(agencies)), faultOf(ask(agencies))]);
    expect(agency.requests).toHaveLength(6);
    expect(await faultOf(ask(agencies))).toMatchObject({ retryAfterSeconds: 2 });

    monotonicMs = 3000;
    isDown = false;
    expect(await ask(agencies)).toBe(GOOD);
    expect(await ask(agencies)).toBe(GOOD);
  });

  test('of one agency is not that of another', async () => {
    const down = await openAgency((response) => response.writeHead(429).end());
    const up = await openAgency((response) => json(response, GOOD));
    opened.push(down);
    const { agencies } = connectTo(up, {
      http: { [FAMILY]: { url: up.url, timeoutMs: 1000 }, income: { url: down.url, timeoutMs: 1000 } },
    });
    const signal = new AbortController().signal;
    for (let nth = 0; nth < 6; nth += 1)
      await faultOf(agencies.send('income' as AgencyId, BODY, { kind: 'query', signal }));
    expect(await ask(agencies)).toBe(GOOD);
  });

  test('takes clients that leave for nothing', async () => {
    const agency = await openAgency((response, nth) => {
      if (nth > 10) json(response, GOOD);
    });
    const { agencies, outcomes } = connectTo(agency);
    for (let nth = 0; nth < 10; nth += 1) {
      const client = new AbortController();
      const asked = faultOf(ask(agencies, 'query', client.signal));
      setTimeout(() => client.abort(), 10);
      await asked;
    }
    expect(new Set(outcomes)).toEqual(new Set(['CLIENT_LEFT']));
    expect(await ask(agencies)).toBe(GOOD);
  });
});
