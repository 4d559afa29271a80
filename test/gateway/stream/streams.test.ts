import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient } from 'graphql-sse';
import { startHub, type RunningHub } from '../../support/runningHub.ts';
import { follow, pause, readStream } from '../../support/streams.ts';

const AT_PORTAL = { persona: 'dupont-angela', service: 'portal' } as const;
const AT_CRECHE = { persona: 'dupont-angela', service: 'creche' } as const;
const CONSENTS = 'subscription { consentChanged { status service { clientId } scopes { name } } }';
const CHANGES = 'subscription { subjectChanged { open { name } changed { name } } }';
const GIVE = 'mutation ($input: GiveConsentInput!) { giveConsent(input: $input) { consent { id } } }';
const WITHDRAW = 'mutation ($id: ID!) { withdrawConsent(id: $id) { consent { status } } }';

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({ settings: { HUB_STREAM_HEARTBEAT_MS: '300', HUB_STREAM_INTERVAL_MS: '50' } });
}, 60_000);
afterAll(() => hub.close());

async function give(scopes: readonly string[] = ['cnaf_quotient_familial']): Promise<string> {
  const expiresAt = new Date(Date.now() + 365 * 86_400_000).toISOString();
  const input = { clientId: 'creche', purpose: 'creche-place', scopes, expiresAt };
  const { data } = await hub.ask({ query: GIVE, variables: { input } }, AT_PORTAL);
  return (data as { giveConsent: { consent: { id: string } } }).giveConsent.consent.id;
}

const withdraw = (id: string) => hub.ask({ query: WITHDRAW, variables: { id } }, AT_PORTAL);

describe('consentChanged', () => {
  test('tells the present state first, then each change and that alone', async () => {
    const stream = await follow(hub, CONSENTS, AT_PORTAL);
    expect(stream.status).toBe(200);
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.headers.get('cache-control')).toBe('no-store');
    const before = await hub.ask('{ me { consents { status service { clientId } scopes { name } } } }', AT_PORTAL);
    const { consents } = (before.data as { me: { consents: unknown[] } }).me;
    expect(await stream.next()).toEqual({ data: { consentChanged: consents } });

    const id = await give();
    const entry = { service: { clientId: 'creche' }, scopes: [{ name: 'cnaf_quotient_familial' }] };
    expect(await stream.next()).toEqual({ data: { consentChanged: [{ status: 'ACTIVE', ...entry }] } });
    await withdraw(id);
    expect(await stream.next()).toEqual({ data: { consentChanged: [{ status: 'WITHDRAWN', ...entry }] } });
    stream.leave();
  });

  test('is read by graphql-sse, in distinct connections mode', async () => {
    const token = await hub.token(AT_PORTAL);
    const client = createClient({ url: hub.url, headers: { authorization: `Bearer ${token}` }, retryAttempts: 0 });
    const results = client.iterate({ query: 'subscription { consentChanged { status } }' });
    const first = await results.next();
    expect(first.value).toMatchObject({ data: { consentChanged: expect.any(Array) as unknown } });
    const second = results.next();
    const id = await give();
    const { data } = (await second).value as { data: { consentChanged: { status: string }[] } };
    expect(data.consentChanged.at(-1)).toEqual({ status: 'ACTIVE' });
    await withdraw(id);
    await results.return!();
    client.dispose();
  });

  test('is nothing for a service, whose stream says so and ends', async () => {
    const stream = await follow(hub, CONSENTS, AT_CRECHE);
    const told = await stream.next();
    expect(told.data).toEqual({ consentChanged: null });
    expect(told.errors!.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
    expect(await stream.ended()).toBe(true);
  });
});

describe('subjectChanged', () => {
  test('tells what is open, and ends with a reason in the moment it is withdrawn', async () => {
    const id = await give(['cnaf_quotient_familial', 'cnaf_enfants']);
    const stream = await follow(hub, CHANGES, AT_CRECHE);
    const open = [{ name: 'cnaf_enfants' }, { name: 'cnaf_quotient_familial' }];
    expect(await stream.next()).toEqual({ data: { subjectChanged: { open, changed: open } } });

    await withdraw(id);
    const last = await stream.next();
    expect(last.data ?? null).toBeNull();
    expect(last.errors!.map(({ extensions }) => extensions)).toEqual([
      expect.objectContaining({ code: 'HUB_STREAM_RIGHTS_ENDED', reason: 'CONSENT_REQUIRED' }),
    ]);
    expect(await stream.ended()).toBe(true);
  });

  test('is nothing for a service without a live consent', async () => {
    const stream = await follow(hub, CHANGES, AT_CRECHE);
    const told = await stream.next();
    expect(told.data).toEqual({ subjectChanged: null });
    expect(told.errors!.map(({ extensions }) => extensions['code'])).toEqual(['HUB_STREAM_RIGHTS_ENDED']);
    expect(await stream.ended()).toBe(true);
  });
});

describe('a stream', () => {
  test('ends with its token, and says so', async () => {
    const soon = Math.floor(Date.now() / 1000) + 2;
    const stream = await follow(hub, CONSENTS, { ...AT_PORTAL, claims: { exp: soon } });
    await stream.next();
    const last = await stream.next();
    expect(last.errors!.map(({ extensions }) => extensions['code'])).toEqual(['HUB_TOKEN_EXPIRED']);
    expect(await stream.ended()).toBe(true);
    expect(Date.now()).toBeGreaterThanOrEqual(soon * 1000);
  });

  test('without events is kept by comments', async () => {
    const stream = await follow(hub, CONSENTS, AT_PORTAL);
    await stream.next();
    const { length } = stream.told;
    await pause(1000);
    expect(stream.comments()).toBeGreaterThanOrEqual(3);
    expect(stream.told).toHaveLength(length);
    stream.leave();
  });

  test('tells in one event what happens at once', async () => {
    const stream = await follow(hub, CONSENTS, AT_PORTAL);
    await stream.next();
    const ids = await Promise.all(Array.from({ length: 8 }, () => give()));
    await pause(500);
    expect(stream.told.length).toBeLessThan(1 + ids.length);
    const last = stream.told.at(-1)!.data as { consentChanged: { status: string }[] };
    expect(last.consentChanged.filter(({ status }) => status === 'ACTIVE')).toHaveLength(8);
    for (const id of ids) await withdraw(id);
    stream.leave();
  });

  test('leaves an access record for each event, under a request id of its own', async () => {
    const records = async () => {
      const query = '{ me { accessLog(first: 100) { nodes { id fields { coordinate outcome } } } } }';
      const { data } = await hub.ask(query, AT_PORTAL);
      const nodes = (data as { me: { accessLog: { nodes: { fields: { coordinate: string }[] }[] } } }).me.accessLog
        .nodes;
      return nodes.filter(({ fields }) =>
        fields.some(({ coordinate }) => coordinate === 'Subscription.subjectChanged'),
      );
    };
    const before = await records();
    const id = await give();
    const stream = await follow(hub, CHANGES, AT_CRECHE);
    await stream.next();
    await give(['cnaf_enfants']).then(() => stream.next());
    expect(await records()).toHaveLength(before.length + 2);
    stream.leave();
    await withdraw(id);
  });
});

describe('a request for events', () => {
  test('gets a query answered in one event', async () => {
    const stream = await follow(hub, '{ me { __typename } }', AT_PORTAL);
    expect(await stream.next()).toEqual({ data: { me: { __typename: 'Citizen' } } });
    expect(await stream.ended()).toBe(true);
  });

  test('reads in the stream what is wrong with its operation', async () => {
    const stream = await follow(hub, 'subscription { noSuchField }', AT_PORTAL);
    expect((await stream.next()).errors![0]!.extensions['code']).toBe('HUB_OPERATION_INVALID');
    expect(await stream.ended()).toBe(true);
  });

  test('without a token is refused before any stream', async () => {
    const answer = await fetch(hub.url, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ query: CONSENTS }),
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'application/json; charset=utf-8']);
    expect(await answer.text()).toContain('HUB_TOKEN_MISSING');
  });

  test('may come by GET, never from a page of another site', async () => {
    const url = `${hub.url}?query=${encodeURIComponent(CONSENTS)}`;
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${await hub.token(AT_PORTAL)}` };
    expect((await fetch(url, { headers })).status).toBe(403);
    const stream = await readStream(url, { headers: { ...headers, 'hub-preflight': '1' } });
    expect(await stream.next()).toHaveProperty('data.consentChanged');
    stream.leave();
  });

  test('runs the operation that it names', async () => {
    const query = `subscription A { subjectChanged { open { name } } } subscription B { consentChanged { status } }`;
    const stream = await follow(hub, { query, operationName: 'B' }, AT_PORTAL);
    expect(await stream.next()).toHaveProperty('data.consentChanged');
    stream.leave();
    const unnamed = await follow(hub, { query }, AT_PORTAL);
    expect((await unnamed.next()).errors![0]!.extensions['code']).toBe('HUB_OPERATION_NAME_UNKNOWN');
  });

  test('is what a subscription needs', async () => {
    const answer = await hub.ask(CONSENTS, AT_PORTAL);
    expect([answer.status, answer.errors[0]!.extensions['code']]).toEqual([406, 'HUB_OPERATION_STREAM_ONLY']);
  });
});
