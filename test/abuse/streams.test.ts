import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { startHub, type RunningHub } from '../support/runningHub.ts';
import { type FollowedStream, follow, pause } from '../support/streams.ts';

/* Streams opened to cost much, or to get by what holds for questions. */

const ANGELA = { persona: 'dupont-angela', service: 'portal' } as const;
const PAUL = { persona: 'dupont-paul', service: 'portal' } as const;
const CONSENTS = 'subscription { consentChanged { status } }';
const MAX_OF_ANGELA = 3;

const codeOf = ({ told }: FollowedStream): unknown => told.at(-1)?.errors?.[0]?.extensions['code'];

describe('a stream', () => {
  let hub: RunningHub;
  let token: string;
  beforeAll(async () => {
    const limits = { HUB_MAX_STREAMS_PER_CALLER: String(MAX_OF_ANGELA), HUB_MAX_STREAMS: '5' };
    hub = await startHub({ settings: { ...limits, HUB_STREAM_SLOW_READER_MS: '300', HUB_STREAM_INTERVAL_MS: '0' } });
    token = await hub.token(ANGELA);
  }, 60_000);
  afterAll(() => hub.close());

  const subscribe = (query: string, headers = {}) => follow(hub, query, { token }, headers);

  async function refusal(response: Response): Promise<readonly unknown[]> {
    const { errors } = (await response.json()) as { errors: { extensions: { code: string; limit?: string } }[] };
    return [response.status, errors[0]!.extensions.code, errors[0]!.extensions.limit];
  }

  const ask = (by: string, init: RequestInit = {}) =>
    fetch(hub.url, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization: `Bearer ${by}` },
      body: JSON.stringify({ query: CONSENTS }),
      ...init,
    });

  test('is one of few that a citizen may follow at a time, and of so many on this node; one that is left makes room', async () => {
    const open = await Promise.all(Array.from({ length: MAX_OF_ANGELA }, () => subscribe(CONSENTS)));
    for (const stream of open) await stream.next();
    expect(await refusal(await ask(token))).toEqual([429, 'HUB_STREAM_TOO_MANY', 'streamsPerCaller']);

    const others = await Promise.all([follow(hub, CONSENTS, PAUL), follow(hub, CONSENTS, PAUL)]);
    for (const stream of others) await stream.next();
    const refused = await ask(await hub.token(PAUL));
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect(await refusal(refused)).toEqual([429, 'HUB_STREAM_TOO_MANY', 'streams']);

    for (const stream of [...open, ...others]) stream.leave();
    await pause(50);
    const again = await Promise.all(Array.from({ length: MAX_OF_ANGELA }, () => subscribe(CONSENTS)));
    for (const stream of again) expect(await stream.next()).toHaveProperty('data.consentChanged');
    for (const stream of again) stream.leave();
    await pause(50);
  });

  test.each([
    ['too deep', `subscription { consentChanged { service { ${'... { '.repeat(3000)} name ${'} '.repeat(3000)} } } }`],
    [
      'with too many aliases',
      `subscription { consentChanged { ${Array.from({ length: 60 }, (_, n) => `a${n}: id`).join(' ')} } }`,
    ],
    ['with too many directives', `subscription { consentChanged { ${'id @skip(if: false) '.repeat(60)} } }`],
    [
      'of doubling fragments',
      `subscription { consentChanged { ...F0 } } ${Array.from({ length: 20 }, (_, n) => `fragment F${n} on Consent { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F20 on Consent { id }`,
    ],
  ])('%s is refused by the limits of any operation', async (_what, query) => {
    const stream = await subscribe(query);
    expect(await stream.ended()).toBe(true);
    expect(codeOf(stream)).toMatch(/^HUB_OPERATION_(TOO_COMPLEX|SYNTAX)$/);
  });

  test.each([
    ['of two roots', 'subscription { consentChanged { id } subjectChanged { open { name } } }'],
    [
      'of two roots in fragments',
      'subscription { ...A ...B } fragment A on Subscription { consentChanged { id } } fragment B on Subscription { subjectChanged { open { name } } }',
    ],
    ['of one root twice', 'subscription { a: consentChanged { id } b: consentChanged { id } }'],
    ['of introspection', 'subscription { __schema { types { name } } }'],
    [
      'of a root that may be absent',
      'subscription ($yes: Boolean = true) { consentChanged @include(if: $yes) { id } }',
    ],
    ['of what agencies answer', 'subscription { me { civilStatus { birthName } } }'],
  ])('%s is no operation', async (_what, query) => {
    const stream = await subscribe(query);
    expect(await stream.ended()).toBe(true);
    expect(codeOf(stream)).toBe('HUB_OPERATION_INVALID');
    expect(hub.takeRequests()).toEqual([]);
  });

  test('obeys Hub-Mode: reject, and shows verdicts to operators alone', async () => {
    const rejected = await follow(hub, CONSENTS, { ...ANGELA, service: 'creche' }, { 'hub-mode': 'reject' });
    expect(await rejected.ended()).toBe(true);
    expect([rejected.told.at(-1)!.data, codeOf(rejected)]).toEqual([null, 'HUB_OPERATION_REJECTED']);
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json', 'hub-mode': 'dry-run' };
    const dryRun = await ask(token, { headers: { ...headers, authorization: `Bearer ${token}` } });
    expect((await refusal(dryRun)).slice(0, 2)).toEqual([400, 'HUB_REQUEST_MODE_UNKNOWN']);
  });

  test.each(['PUT', 'DELETE', 'PATCH'])(
    'cannot be reserved or ended by %s, as in single connection mode',
    async (method) => {
      const headers = { authorization: `Bearer ${token}` };
      expect((await fetch(hub.url, { method, headers })).status).toBe(405);
    },
  );

  test('tells nobody of anybody else', async () => {
    const pauls = await follow(hub, 'subscription { consentChanged { id } }', PAUL);
    await pauls.next();
    const { length } = pauls.told;
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const input = { clientId: 'creche', purpose: 'creche-place', scopes: ['cnaf_enfants'], expiresAt };
    const query = 'mutation ($input: GiveConsentInput!) { giveConsent(input: $input) { consent { id } } }';
    expect((await hub.ask({ query, variables: { input } }, ANGELA)).errors).toEqual([]);
    await pause(300);
    expect(pauls.told).toHaveLength(length);
    pauls.leave();
  });

  test('that is not read is hung up on, while others are told', async () => {
    // Aliases make an event heavy enough to fill what the kernel takes for a client.
    const fields = Array.from({ length: 50 }, (_, n) => `r${n}: receipt`).join(' ');
    const query = `subscription { consentChanged { ${fields} } }`;
    const head = `POST /graphql HTTP/1.1\r\nhost: hub\r\naccept: text/event-stream\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\n`;
    const body = JSON.stringify({ query });
    const { port } = new URL(hub.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`);
    socket.pause();
    const reader = await follow(hub, CONSENTS, { token });
    await reader.next();

    const give = 'mutation ($input: GiveConsentInput!) { giveConsent(input: $input) { consent { id } } }';
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const input = { clientId: 'creche', purpose: 'creche-place', scopes: ['cnaf_enfants'], expiresAt };
    for (let n = 0; n < 40; n += 1) await hub.ask({ query: give, variables: { input } }, ANGELA);
    await pause(1000);
    const told = reader.told.length;
    expect(told).toBeGreaterThan(1);
    // What was hung up on shows when it is read at last: the connection is reset or ends without `complete`.
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('utf8')));
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await gone;
    expect(text).not.toContain('event: complete');
    reader.leave();
  });
});

describe('1,000 idle streams', () => {
  test('cost little, leave questions their answers, and are all told when the hub stops', async () => {
    const count = 1000;
    const hub = await startHub({ settings: { HUB_MAX_STREAMS_PER_CALLER: String(count) } });
    const token = await hub.token(ANGELA);
    const body = JSON.stringify({ query: 'subscription { consentChanged { id } }' });
    const request = [
      'POST /graphql HTTP/1.1',
      'host: hub',
      'accept: text/event-stream',
      'content-type: application/json',
      `authorization: Bearer ${token}`,
      `content-length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
    const heapBefore = process.memoryUsage().heapUsed;
    const streams: { socket: Socket; text: string }[] = [];
    for (let done = 0; done < count; done += 50) {
      streams.push(...(await Promise.all(Array.from({ length: 50 }, () => openRaw(hub.url, request)))));
    }
    expect(streams.every(({ text }) => text.includes('event: next'))).toBe(true);
    expect((process.memoryUsage().heapUsed - heapBefore) / count).toBeLessThan(200_000);

    const startedAt = performance.now();
    expect((await hub.ask('{ me { __typename } }', PAUL)).errors).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(1000);

    const closed = Promise.all(streams.map(({ socket }) => new Promise((resolve) => socket.once('close', resolve))));
    const stoppedAt = performance.now();
    await hub.close();
    await closed;
    expect(performance.now() - stoppedAt).toBeLessThan(5000);
    expect(streams.filter(({ text }) => !/HUB_NOT_READY[\s\S]*event: complete/.test(text))).toHaveLength(0);
  }, 60_000);
});

function openRaw(url: string, request: string): Promise<{ socket: Socket; text: string }> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(request));
    const stream = { socket, text: '' };
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      stream.text += chunk.toString('utf8');
      if (stream.text.includes('event: next')) resolve(stream);
    });
  });
}
