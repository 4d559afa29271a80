import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createAgencyKeys } from '../../../gateway/platform/agencyKeys.ts';
import type { AgencyId } from '../../../gateway/platform/ids.ts';
import { createLog } from '../../../gateway/platform/log.ts';

const FAMILY = 'family' as AgencyId;
const log = createLog({ level: 'silent' });
const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const aKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });

/** An agency whose published keys a test changes. */
async function publishing(keys: unknown[]) {
  let reads = 0;
  const server = createServer((_request, response) => {
    reads += 1;
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const agencyKeys = createAgencyKeys({ urls: new Map([[FAMILY, url]]), log });
  closers.push(
    () => agencyKeys.close(),
    () => server.close(),
    () => server.closeAllConnections(),
  );
  await agencyKeys.refreshAll();
  return { agencyKeys, keys, reads: () => reads };
}

test('the newest of an agency’s keys is used, the same object until there is another', async () => {
  const [fresh, old] = [aKey(), aKey()];
  const { agencyKeys } = await publishing([fresh, old]);
  const found = agencyKeys.find(FAMILY);
  expect(found?.x).toBe(fresh.x);
  await agencyKeys.refreshAll();
  expect(agencyKeys.find(FAMILY)).toBe(found);
});

test('a key that an agency has changed is there after one reading, for which everybody waits', async () => {
  const { agencyKeys, keys, reads } = await publishing([aKey()]);
  const fresh = aKey();
  keys.unshift(fresh);
  const found = await Promise.all(Array.from({ length: 50 }, () => agencyKeys.reread(FAMILY)));
  expect(new Set(found.map((key) => key?.x))).toEqual(new Set([fresh.x]));
  expect(reads()).toBe(2);
});

test('an agency that refuses everything is not asked for its keys more than four times a second', async () => {
  const { agencyKeys, reads } = await publishing([aKey()]);
  const startedAtMs = performance.now();
  for (let time = 0; time < 4; time += 1) await agencyKeys.reread(FAMILY);
  // The clock of timers may fire a millisecond early.
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(4 * 249);
  expect(reads()).toBe(5);
});

test('a reading that fails leaves the key that was known', async () => {
  const { agencyKeys, keys } = await publishing([aKey()]);
  const known = agencyKeys.find(FAMILY);
  keys.splice(0);
  expect(await agencyKeys.reread(FAMILY)).toBe(known);
});

test('an agency without an address has no key', async () => {
  const { agencyKeys } = await publishing([aKey()]);
  expect(await agencyKeys.reread('unknown' as AgencyId)).toBeUndefined();
});
