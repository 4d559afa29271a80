import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { afterEach, describe, expect, it } from '@jest/globals';
import { generateAgencyKey, loadAgencyKeys, rotateAgencyKey } from '../../../subgraphs/kit/agencyKeys.ts';
import { deriveDayKey, shortThumbprint } from '../../../subgraphs/kit/grantKeys.ts';
import { createRemoteHubKeys } from '../../../subgraphs/kit/hubKeys.ts';
import { createNonces } from '../../../subgraphs/kit/nonces.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function tempFile(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'kit-keys-'));
  cleanups.push(() => rm(dir, { recursive: true }));
  return join(dir, 'keys', 'agency-example.jwks.json');
}

describe("the agency's own keys", () => {
  it('are made at the first start, readable by the owner alone, and found again at the next', async () => {
    const file = await tempFile();
    const first = await loadAgencyKeys(file);
    const again = await loadAgencyKeys(file);
    expect(again.publicJwks).toEqual(first.publicJwks);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(first.publicJwks)).not.toContain('"d"');
  });

  it('are the same for two processes that start at once', async () => {
    const file = await tempFile();
    const [first, second] = await Promise.all([loadAgencyKeys(file), loadAgencyKeys(file)]);
    expect(second.publicJwks).toEqual(first.publicJwks);
  });

  it('that another process rotated are known as soon as they are named', async () => {
    const file = await tempFile();
    const [publishing, other] = [await loadAgencyKeys(file), await loadAgencyKeys(file)];
    const [old] = publishing.publicJwks.keys;
    const fresh = await rotateAgencyKey(file);
    expect(publishing.publicJwks.keys.map(({ kid }) => kid)).toEqual([fresh, old!.kid]);
    expect(other.find(fresh)).toBeDefined();
    expect(other.find(old!.kid)).toBeDefined();
    expect(other.find('unknown')).toBeUndefined();
  });

  it('fail with a clear error when the file is damaged, and leave it as it is', async () => {
    const file = await tempFile();
    await loadAgencyKeys(file);
    await writeFile(file, '{"keys":[]}');
    await expect(loadAgencyKeys(file)).rejects.toThrow('must be {"keys": [...]} of private EC P-256 JWKs');
    expect(await readFile(file, 'utf8')).toBe('{"keys":[]}');
  });

  it('are rotated without a restart: the new one is published first, the one before lives out, older ones are gone', async () => {
    const file = await tempFile();
    const keys = await loadAgencyKeys(file);
    const kids = () => keys.publicJwks.keys.map(({ kid }) => kid);
    const [first] = kids();
    const second = await rotateAgencyKey(file);
    expect(kids()).toEqual([second, first]);
    expect(keys.find(second)).toBeDefined();
    expect(keys.find(first!)).toBeDefined();
    const third = await rotateAgencyKey(file);
    expect(kids()).toEqual([third, second]);
    expect(keys.find(first!)).toBeUndefined();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('stay at hand when the file is gone or damaged for a moment', async () => {
    const file = await tempFile();
    const keys = await loadAgencyKeys(file);
    const before = keys.publicJwks;
    await writeFile(file, 'nonsense');
    expect(keys.publicJwks).toEqual(before);
    await rm(file);
    expect(keys.publicJwks).toEqual(before);
  });

  it('are named as RFC 7638 names them', async () => {
    const key = generateAgencyKey();
    expect(shortThumbprint(key)).toBe((await calculateJwkThumbprint({ ...key })).slice(0, 16));
  });

  it('give both sides the same secret, another one each day and for each agency', () => {
    const [hub, agency] = [generateAgencyKey(), generateAgencyKey()];
    const key = (ours: typeof hub, theirs: typeof hub, day: string, info: string) =>
      deriveDayKey(ours, theirs, day, info).export().toString('hex');
    const ofHub = key(hub, agency, '2026-06-15', 'income');
    expect(key(agency, hub, '2026-06-15', 'income')).toBe(ofHub);
    expect(key(hub, agency, '2026-06-16', 'income')).not.toBe(ofHub);
    expect(key(hub, agency, '2026-06-15', 'family')).not.toBe(ofHub);
  });
});

describe("the hub's keys", () => {
  async function hubAt(keys: () => object, options: { nowMs: number; status?: number }) {
    let fetches = 0;
    const server = createServer((_request, response) => {
      fetches += 1;
      response.writeHead(options.status ?? 200).end(JSON.stringify(keys()));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`;
    return { hubKeys: createRemoteHubKeys({ url, clock: () => options.nowMs }), fetches: () => fetches };
  }

  it('are fetched once for many grants', async () => {
    const key = generateAgencyKey();
    const { hubKeys, fetches } = await hubAt(() => ({ keys: [key] }), { nowMs: 0 });
    const found = await Promise.all(Array.from({ length: 20 }, () => hubKeys.find(shortThumbprint(key))));
    expect(found.every((it) => it?.x === key.x)).toBe(true);
    expect(fetches()).toBe(1);
  });

  it('are fetched again for an unknown one, at most once in ten seconds', async () => {
    const [old, fresh] = [generateAgencyKey(), generateAgencyKey()];
    const keys = [old];
    const options = { nowMs: 0 };
    const { hubKeys, fetches } = await hubAt(() => ({ keys }), options);
    await hubKeys.find(shortThumbprint(old));
    for (let i = 0; i < 50; i += 1) expect(await hubKeys.find(`unknown-${i}`)).toBeUndefined();
    expect(fetches()).toBe(1);
    keys.push(fresh);
    options.nowMs = 10_000;
    expect((await hubKeys.find(shortThumbprint(fresh)))?.x).toBe(fresh.x);
    expect(fetches()).toBe(2);
  });

  it('go out of use within ten minutes of being withdrawn', async () => {
    const key = generateAgencyKey();
    let keys = [key];
    const options = { nowMs: 0 };
    const { hubKeys } = await hubAt(() => ({ keys }), options);
    expect(await hubKeys.find(shortThumbprint(key))).toBeDefined();
    keys = [];
    options.nowMs = 600_001;
    expect(await hubKeys.find(shortThumbprint(key))).toBeUndefined();
  });

  it('that sign agree on nothing', async () => {
    const key = { ...generateAgencyKey(), use: 'sig' };
    const { hubKeys } = await hubAt(() => ({ keys: [key] }), { nowMs: 0 });
    expect(await hubKeys.find(shortThumbprint(key))).toBeUndefined();
  });

  it('that cannot be had are a failure, not an unknown key', async () => {
    const { hubKeys } = await hubAt(() => ({ keys: [] }), { nowMs: 0, status: 500 });
    await expect(hubKeys.find('any')).rejects.toThrow("the hub's keys");
    await expect(hubKeys.find('any')).rejects.toThrow("the hub's keys cannot be had");
  });
});

describe('nonces', () => {
  it('are accepted once for as long as they could come back, then forgotten', () => {
    let nowMs = 0;
    const nonces = createNonces(() => nowMs, 40_000);
    expect([nonces.accept('a'), nonces.accept('a')]).toEqual([true, false]);
    nowMs = 39_999;
    expect(nonces.accept('a')).toBe(false);
    nowMs = 79_999;
    expect(nonces.accept('a')).toBe(false);
    nowMs = 160_000;
    expect(nonces.accept('a')).toBe(true);
  });

  it('are refused when there is no room to remember them', () => {
    const nonces = createNonces(() => 0, 40_000, 2);
    expect(['a', 'b', 'c'].map((nonce) => nonces.accept(nonce))).toEqual([true, true, false]);
  });
});
