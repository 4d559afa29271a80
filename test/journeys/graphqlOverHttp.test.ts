import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startUnprotectedGateway, type Gateway } from '../../gateway/main.ts';
import { loadConfig } from '../../gateway/platform/config.ts';
import { createLog } from '../../gateway/platform/log.ts';
import { auditGraphqlOverHttp } from '../support/audit.ts';
import { startHub, type RunningHub } from '../support/runningHub.ts';

/* Package graphql-http's audit of GraphQL over HTTP, run against what is really served. */

let hub: RunningHub;
let unprotected: Gateway;
const dataDir = mkdtempSync(join(tmpdir(), 'trait-dunion-audit-'));

beforeAll(async () => {
  hub = await startHub();
  const typeDefs = parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { ping: String }`);
  const { supergraphSdl } = composeServices([{ name: 'a', url: 'http://127.0.0.1:9/graphql', typeDefs }]);
  unprotected = await startUnprotectedGateway({
    config: loadConfig({ HUB_ENV: 'test', HUB_GATEWAY_PORT: '0', HUB_DATA_DIR: dataDir }),
    supergraphSdl: supergraphSdl!,
    log: createLog({ level: 'silent' }),
  });
}, 60_000);
afterAll(async () => {
  await hub?.close();
  await unprotected?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A GET that a page of another site could cause is refused, whatever the audit would like. */
const PREFLIGHT = { 'hub-preflight': '1' };
/** Since 1 January 2025 the specification has `application/graphql-response+json` for whoever says nothing of it; the audit is older. */
const OLDER_THAN_2025 = [
  /^47DE SHOULD accept \*\/\* and use application\/json/,
  /^80D8 SHOULD assume application\/json/,
];
const unmet = (shoulds: readonly string[]): readonly string[] =>
  shoulds.filter((should) => !OLDER_THAN_2025.some((known) => known.test(should)));

test('the protected graph, asked with a token, fails no MUST, and no SHOULD of today', async () => {
  const token = await hub.token({ persona: 'dupont-paul', service: 'canteen' });
  const findings = await auditGraphqlOverHttp(hub.url, { ...PREFLIGHT, authorization: `Bearer ${token}` });
  expect(findings.musts).toEqual([]);
  expect(unmet(findings.shoulds)).toEqual([]);
  expect(findings.passed).toBeGreaterThan(50);
});

test('the unprotected graph fails no MUST, and no SHOULD of today', async () => {
  const findings = await auditGraphqlOverHttp(unprotected.url, PREFLIGHT);
  expect(findings.musts).toEqual([]);
  expect(unmet(findings.shoulds)).toEqual([]);
  expect(findings.passed).toBeGreaterThan(50);
});

test('the unprotected graph asks nobody for a token, and listens on this machine alone', async () => {
  expect(new URL(unprotected.url).hostname).toBe('127.0.0.1');
  const response = await fetch(unprotected.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
});
