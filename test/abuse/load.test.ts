import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { openIdle, sendRaw } from '../support/rawHttp.ts';
import { reapprove } from '../support/reapprove.ts';
import { startHub, type RunningHub } from '../support/runningHub.ts';
import { until } from '../support/until.ts';

/* Questions made to cost much: each is refused before it does, no agency hears of it, and the next person is served. */

const PAUL = { persona: 'dupont-paul', service: 'canteen' } as const;

let hub: RunningHub;
let token: string;

beforeAll(async () => {
  hub = await startHub({ settings: { HUB_REQUEST_TIMEOUT_MS: '1500' } });
  token = await hub.token(PAUL);
});
afterAll(() => hub.close());
beforeEach(() => void hub.takeRequests());
afterEach(async () => {
  hub.takeRequests();
  const { data } = await hub.ask('{ me { civilStatus { birthName } } }', PAUL);
  expect(data).toEqual({ me: { civilStatus: { birthName: 'DUPONT' } } });
});

const repeat = (count: number, text: (number: number) => string): string =>
  Array.from({ length: count }, (_, number) => text(number)).join(' ');

function nested(levels: number, inside: (level: number) => string = (level) => `...F${level + 1} ...F${level + 1}`) {
  const fragments = repeat(levels, (level) => `fragment F${level} on Citizen { ${inside(level)} }`);
  return `{ me { ...F0 } } ${fragments} fragment F${levels} on Citizen { id }`;
}

describe('an operation', () => {
  test.each<[string, string]>([
    ['of nested fragments, 20 levels that double', nested(20)],
    [
      'of nested fragments with directives',
      nested(16, (n) => `...F${n + 1} @include(if: true) ...F${n + 1} @skip(if: false)`),
    ],
    ['of a fragment that spreads itself', '{ me { ...A } } fragment A on Citizen { id ...A }'],
    [
      'of two fragments that spread each other',
      '{ me { ...A } } fragment A on Citizen { ...B } fragment B on Citizen { ...A }',
    ],
    [
      'of huge fragments that nobody uses',
      `{ me { id } } ${repeat(300, (n) => `fragment U${n} on Citizen { id id id }`)}`,
    ],
    ['of 3,000 inline fragments in each other', `{ me { ${'... { '.repeat(3000)} id ${'} '.repeat(3000)} } }`],
    ['of 5,000 aliases', `{ me { ${repeat(5000, (n) => `a${n}: id`)} } }`],
    ['of one field 5,000 times', `{ me { ${repeat(5000, () => 'id')} } }`],
    ['of 5,000 directives', `{ me { id ${repeat(5000, () => '@include(if: true)')} } }`],
    [
      'of introspection within introspection',
      `{ __schema { types { fields { ${'type { ofType { '.repeat(12)} name ${'} } '.repeat(12)} } } } }`,
    ],
    ['of 2,000 variables', `query (${repeat(2000, (n) => `$v${n}: Int`)}) { me { id } }`],
    ['of a list value of 30,000 numbers', `{ me { taxAssessment(incomeYear: [${'1,'.repeat(30_000)}]) { source } } }`],
  ])('%s is refused before it is planned', async (_case, query) => {
    const startedAtMs = performance.now();
    const { status, errors } = await hub.ask(query, { token });
    expect([status, String(errors[0]!.extensions['code'])]).toEqual([400, expect.stringMatching(/^HUB_OPERATION_/)]);
    expect(hub.takeRequests()).toEqual([]);
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
  });

  test('of which most is commas and comments is read to the end, and served', async () => {
    const { status, data } = await hub.ask(`{ me { ${','.repeat(60_000)} #${'x'.repeat(30_000)}\n id } }`, { token });
    expect([status, Object.keys((data as { me: object }).me)]).toEqual([200, ['id']]);
  });

  test('may not ask for more of a list than a page holds', async () => {
    const portal = { persona: 'dupont-paul', service: 'portal' } as const;
    const { data, errors } = await hub.ask('{ me { accessLog(first: 1000000) { nodes { id } } } }', portal);
    const nodes = (data as { me: { accessLog: { nodes: unknown[] } | null } } | undefined)?.me.accessLog?.nodes ?? [];
    expect(nodes.length).toBeLessThanOrEqual(100);
    for (const { extensions } of errors) expect(String(extensions['code'])).toMatch(/^HUB_/);
  });
});

describe('a body', () => {
  const json = () => ({ 'content-type': 'application/json', authorization: `Bearer ${token}` });
  const question = JSON.stringify({ query: '{ me { id } }' });

  test('of 60 megabytes is refused as it arrives', async () => {
    const answer = await sendRaw(hub.url, { headers: json(), body: Buffer.alloc(60_000_000, 0x20) });
    expect(answer?.status).toBe(413);
    expect(answer!.text).toContain('HUB_REQUEST_TOO_LARGE');
  });

  test('of 60 megabytes without a length, in pieces, too', async () => {
    const headers = { ...json(), 'transfer-encoding': 'chunked' };
    expect((await sendRaw(hub.url, { headers, body: Buffer.alloc(60_000_000, 0x20) }))?.status).toBe(413);
  });

  test('that is packed is not unpacked', async () => {
    const body = gzipSync(Buffer.alloc(10_000_000, 0x20));
    const answer = await sendRaw(hub.url, { headers: { ...json(), 'content-encoding': 'gzip' }, body });
    expect(answer?.status).toBe(415);
  });

  test.each(['utf-32', 'utf-16', 'latin1', 'x-unknown', '"', 'utf-8; charset=utf-16'])(
    'in the charset %s is refused',
    async (charset) => {
      const headers = { ...json(), 'content-type': `application/json; charset=${charset}` };
      const answer = await sendRaw(hub.url, { headers, body: question });
      expect([400, 415]).toContain(answer?.status);
      expect(answer!.text).toContain('HUB_REQUEST_');
    },
  );

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
  ])('of type %s, which a page of another site could send, is refused', async (type) => {
    const answer = await sendRaw(hub.url, { headers: { ...json(), 'content-type': type }, body: question });
    expect(answer?.status).toBe(415);
  });

  test.each([
    ['keys twice', '{"query":"{ me { id } }","query":"{ me { addresses { usage } } }"}'],
    ['a list as query', '{"query":["{ me { id } }"]}'],
    ['a number as query', '{"query":5}'],
    ['no query', '{}'],
    ['null', 'null'],
    ['a text', '"{ me { id } }"'],
    ['variables that are a list', '{"query":"{ me { id } }","variables":[1]}'],
    ['a name that is a number', '{"query":"{ me { id } }","operationName":1}'],
    ['half of it', '{"query":"{ me'],
    ['nothing', ''],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    [
      'variables nested 5,000 deep',
      `{"query":"{ me { id } }","variables":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
    ],
  ])('that holds %s is refused in our words', async (_case, body) => {
    const answer = await sendRaw(hub.url, { headers: json(), body });
    expect([answer?.status, answer?.text]).toEqual([400, expect.stringContaining('HUB_REQUEST_')]);
    expect(hub.takeRequests()).toEqual([]);
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS'])('by %s is refused', async (method) => {
    const answer = await sendRaw(hub.url, { method, headers: json() });
    expect(answer?.status).toBe(405);
  });

  test('asked for by a page of another site with GET is refused, and a write by GET always', async () => {
    const ask = (query: string, headers: Record<string, string>) =>
      sendRaw(`${hub.url}?query=${encodeURIComponent(query)}`, {
        method: 'GET',
        headers: { authorization: `Bearer ${token}`, ...headers },
      });
    expect((await ask('{ me { id } }', {}))?.status).toBe(403);
    expect((await ask('{ me { id } }', { 'content-type': 'text/plain' }))?.status).toBe(403);
    expect((await ask('{ me { id } }', { 'hub-preflight': '1' }))?.status).toBe(200);
    const write = await ask('mutation { withdrawConsent(id: "x") { receipt } }', { 'hub-preflight': '1' });
    expect([write?.status, write?.headers.allow]).toEqual([405, 'POST']);
  });
});

describe('a connection', () => {
  test('with 60 kB of headers is refused', async () => {
    const headers = {
      'content-type': 'application/json',
      ...Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`x-${n}`, 'x'.repeat(1000)])),
    };
    const answer = await sendRaw(hub.url, { headers, body: '{}' });
    expect([400, 413, 431]).toContain(answer?.status ?? 431);
  });

  test('on which a request dribbles in is ended in time', async () => {
    const { hostname, port } = new URL(hub.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{',
    );
    const drip = setInterval(() => socket.write(' '), 100);
    const startedAtMs = performance.now();
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    expect(performance.now() - startedAtMs).toBeLessThan(6000);
    expect(said).toMatch(/^HTTP\/1\.1 408|^$/);
  });

  test('of which 500 say nothing keeps nobody from being served', async () => {
    const close = await openIdle(hub.url, 500);
    const { status } = await hub.ask('{ me { id } }', { token });
    close();
    expect(status).toBe(200);
  });

  test('that the client leaves ends what agencies are still asked', async () => {
    let left: Promise<void> | undefined;
    const asked = new Promise<void>((resolve) => {
      hub.misbehave('family', (response) => {
        left = new Promise((gone) => response.once('close', gone));
        resolve();
      });
    });
    const controller = new AbortController();
    const answer = fetch(hub.url, {
      method: 'POST',
      signal: controller.signal,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ me { familyFile { quotient { value } } } }' }),
    }).catch((error: Error) => error.name);
    await asked;
    const startedAtMs = performance.now();
    controller.abort();
    await left;
    hub.misbehave('family', undefined);
    // The agency's own deadline is 3 s.
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
    expect(await answer).toBe('AbortError');
  });
});

describe('a service that calls more often than it was approved for', () => {
  const HUCHE = { persona: 'huche-anne-laure', service: 'parking' } as const;
  const QUERY = '{ me { addresses { address { city } } } }';

  const FILE = {
    justifications: {},
    legalText: 'CRPA',
    legalUrl: 'https://law.example',
    dpoContact: 'dpo@town.example',
  };

  test('is told when to come again, whoever asks by it, by a query or a stream, and no agency hears of it', async () => {
    expect((await hub.ask(QUERY, HUCHE)).status).toBe(200);
    await reapprove(hub.database, 'hab-parking-1', () => ({ file: { ...FILE, callsPerMinute: 1 } }));
    await until('the volume is used up', async () => (await hub.ask(QUERY, HUCHE)).status === 429);
    hub.takeRequests();
    const refused = await hub.ask(QUERY, { persona: 'delatour-thomas', service: 'parking' });
    expect(refused.status).toBe(429);
    expect(refused.errors[0]!.extensions).toMatchObject({
      code: 'HUB_HABILITATION_VOLUME_EXCEEDED',
      ...{ limit: 'callsPerMinute', limitValue: 1 },
    });
    expect(refused.errors[0]!.message).toContain('calls a minute');
    const waitSeconds = Number(refused.headers.get('retry-after'));
    expect(waitSeconds).toBe(refused.errors[0]!.extensions['retryAfterSeconds']);
    expect(waitSeconds).toBeGreaterThan(30);
    const stream = await hub.ask('subscription { subjectChanged { changed { name } } }', HUCHE, {
      accept: 'text/event-stream',
    });
    expect([stream.status, stream.text]).toEqual([429, expect.stringContaining('VOLUME_EXCEEDED')]);
    expect(hub.takeRequests()).toEqual([]);
  });
});
