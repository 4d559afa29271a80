import { describe, expect, test } from '@jest/globals';
import type { AgencyId } from '../../../gateway/platform/ids.ts';
import { createAgencies } from '../../../gateway/request/fetch/upstream/agencies.ts';
import { json, openAgency } from './hostileAgency.ts';
import { ask, BODY, connectTo, FAMILY, faultOf, GOOD, opened, useSetting } from './setting.ts';

useSetting();

describe('an agency that answers', () => {
  test('is asked in JSON, with nothing of the client and no encoding, and heard as text', async () => {
    const agency = await openAgency((response) => json(response, GOOD));
    const { agencies, outcomes } = connectTo(agency);
    expect(await ask(agencies)).toBe(GOOD);
    expect(agency.requests[0]!.body).toBe(BODY);
    expect(Object.keys(agency.requests[0]!.headers).sort()).toEqual([
      'accept',
      'connection',
      'content-length',
      'content-type',
      'host',
    ]);
    expect(outcomes).toEqual(['ANSWERED']);
  });

  test('is heard whole when it speaks in pieces that cut characters', async () => {
    const agency = await openAgency((response) => {
      response.writeHead(200, { 'content-type': 'application/graphql-response+json; charset=utf-8' });
      const bytes = Buffer.from(GOOD);
      const cut = bytes.indexOf(0xc3) + 1;
      response.write(bytes.subarray(0, cut));
      setTimeout(() => response.end(bytes.subarray(cut)), 20);
    });
    expect(await ask(connectTo(agency).agencies)).toBe(GOOD);
  });

  test('is asked many things at once over kept connections', async () => {
    const agency = await openAgency((response) => json(response, GOOD));
    const { agencies } = connectTo(agency, { connections: 4 });
    await Promise.all(Array.from({ length: 100 }, () => ask(agencies)));
    expect(agency.requests).toHaveLength(100);
    expect(agency.openSockets()).toBeLessThanOrEqual(4);
  });
});

describe('a client that leaves', () => {
  test('frees the agency at once', async () => {
    const agency = await openAgency(() => {});
    const { agencies, logged } = connectTo(agency, {}, 10_000);
    const client = new AbortController();
    const asked = faultOf(ask(agencies, 'query', client.signal));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(agency.closedSockets()).toBe(0);
    client.abort();
    await asked;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(agency.closedSockets()).toBe(1);
    expect(logged).toEqual([]);
  });

  test('before anything was sent, asks nothing', async () => {
    const agency = await openAgency((response) => json(response, GOOD));
    const { agencies } = connectTo(agency);
    await faultOf(ask(agencies, 'query', AbortSignal.abort()));
    expect(agency.requests).toEqual([]);
  });

  test('while its question waits for a connection, asks nothing', async () => {
    const agency = await openAgency((response, nth) => {
      setTimeout(() => json(response, GOOD), nth === 1 ? 100 : 0);
    });
    const { agencies } = connectTo(agency, { connections: 1 });
    const first = ask(agencies);
    const client = new AbortController();
    const waiting = faultOf(ask(agencies, 'query', client.signal));
    client.abort();
    await waiting;
    expect(await first).toBe(GOOD);
    expect(await ask(agencies)).toBe(GOOD);
    expect(agency.requests).toHaveLength(2);
  });
});

describe('an agency in this process', () => {
  const HUB = 'hub' as AgencyId;
  const inProcess = (answer: (body: string) => Promise<string>) => {
    const logged: object[] = [];
    const agencies = createAgencies({
      http: {},
      inProcess: { [HUB]: answer },
      inProcessTimeoutMs: 50,
      log: { warn: (facts) => logged.push(facts), error: (facts) => logged.push({ ...facts, level: 'error' }) },
    });
    opened.push(agencies);
    const send = (signal = new AbortController().signal) => agencies.send(HUB, BODY, { kind: 'query', signal });
    return { send, logged };
  };

  test('is asked through the same port', async () => {
    expect(await inProcess((body) => Promise.resolve(`{"data":${JSON.stringify({ body })}}`)).send()).toContain(
      'me { name }',
    );
  });

  test('that throws is unavailable, and its words stay in the log’s own kind', async () => {
    const { send, logged } = inProcess(() => Promise.reject(new RangeError('DUPONT')));
    const fault = await faultOf(send());
    expect([fault.kind, fault.message]).toEqual(['UNAVAILABLE', 'exception RangeError']);
    expect(JSON.stringify(logged)).toBe(
      '[{"agency":"hub","kind":"UNAVAILABLE","detail":"exception RangeError","level":"error"}]',
    );
  });

  test('is not waited for beyond its time', async () => {
    const fault = await faultOf(inProcess(() => new Promise(() => {})).send());
    expect([fault.kind, fault.message]).toEqual(['UNAVAILABLE', 'no answer within 50 ms']);
  });

  test('is not waited for when the client leaves', async () => {
    const client = new AbortController();
    const asked = faultOf(inProcess(() => new Promise(() => {})).send(client.signal));
    client.abort();
    await asked;
  });
});

test.each(['ftp://127.0.0.1/graphql', 'graphql', '//127.0.0.1', 'http://user:secret@127.0.0.1/', 'file:///etc/passwd'])(
  'an agency can’t be configured at %s',
  (url) => {
    expect(() => createAgencies({ http: { [FAMILY]: { url, timeoutMs: 1000 } } })).toThrow(TypeError);
  },
);
