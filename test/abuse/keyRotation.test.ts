import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { createAgencyKeys as createHubsView } from '../../gateway/platform/agencyKeys.ts';
import { createAgencyRequestIds } from '../../gateway/platform/agencyRequestIds.ts';
import { openDatabase } from '../../gateway/platform/database/database.ts';
import { createRequestId, type AgencyId } from '../../gateway/platform/ids.ts';
import { openKeys } from '../../gateway/platform/keys.ts';
import { createLog } from '../../gateway/platform/log.ts';
import { createMetPersonOpener } from '../../gateway/platform/metPersons.ts';
import { createReferences } from '../../gateway/platform/references.ts';
import { createGrantSealer } from '../../gateway/platform/seal.ts';
import { createSubjectKeyOf } from '../../gateway/platform/subjectKey.ts';
import type { Decided } from '../../gateway/request/exchange.ts';
import type { Engine } from '../../gateway/request/fetch/engine.ts';
import { createFetch } from '../../gateway/request/fetch/fetch.ts';
import type { RunInput } from '../../gateway/request/fetch/run.ts';
import { createGrants } from '../../gateway/request/fetch/sealGrants.ts';
import { createAgencies } from '../../gateway/request/fetch/upstream/agencies.ts';
import { createWhoIs } from '../../gateway/request/fetch/whoIs.ts';
import { splitGrant, withGrant } from '../../schema/grant.ts';
import { ownSchema } from '../../scripts/start/agencies.ts';
import { readAgencyFolder } from '../../subgraphs/kit/agencyFolder.ts';
import {
  createAgencyKeys,
  generateAgencyKey,
  loadAgencyKeys,
  rotateAgencyKey,
  type AgencyKeys,
} from '../../subgraphs/kit/agencyKeys.ts';
import { listen } from '../../subgraphs/kit/httpServer.ts';
import { fixedHubKeys } from '../../subgraphs/kit/hubKeys.ts';
import { createKitLog } from '../../subgraphs/kit/log.ts';
import { openAgency } from '../../subgraphs/kit/openAgency.ts';
import { aCaller, aRequest } from '../support/testRequest.ts';
import { until } from '../support/until.ts';

/*
 * An agency rotates its key while eight callers at a time ask without a pause. The hub's side is its fetch step over HTTP, the agency's the kit on a real
 * agency; only the engine is left out, which has no part in it.
 */

const INCOME = 'income' as AgencyId;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rotation-'));
  closers.push(() => rm(folder, { recursive: true }));
  return folder;
}

interface Stage {
  /** Asks once as the hub does; rejects when no answer came. */
  ask(): Promise<void>;
  /** Names of the agency's keys under which it was asked. */
  readonly used: Set<string>;
  /** Lines of the agency's log that say that it refused a grant. */
  readonly refused: string[];
}

async function stage(ownKeys: AgencyKeys, refreshMs: number): Promise<Stage> {
  const database = await openDatabase({});
  closers.push(() => database.close());
  const keys = openKeys({ dataDir: await newFolder() });
  const refused: string[] = [];
  const subgraph = await openAgency(await readAgencyFolder(join(import.meta.dirname, '../../subgraphs/income')), {
    clock: Date.now,
    log: createKitLog('income', { write: (line: string) => void refused.push(line) }),
    mayLoadFixtures: true,
    database: await ownSchema(database, 'income'),
    authority: { ownKeys, hubKeys: fixedHubKeys(keys.publicJwks.keys) },
  });
  const server = await listen(subgraph, { port: 0 });
  const url = `${server.url}/graphql`;
  const log = createLog({ level: 'silent' });
  const agencyKeys = createHubsView({ urls: new Map([[INCOME, url]]), log, refreshMs });
  await agencyKeys.refreshAll();
  const agencies = createAgencies({ http: { income: { url, timeoutMs: 3000 } } });
  closers.push(
    () => server.close(),
    () => agencies.close(),
    () => agencyKeys.close(),
  );

  const references = createReferences(keys, Date.now);
  const subjectKeyOf = createSubjectKeyOf(keys);
  const used = new Set<string>();
  const person = aCaller({ token: ['dgfip_rfr'] });
  const caller = { ...person, subject: subjectKeyOf(person.pivot) };
  const id = references.referenceFor(caller.subject, 'agency:income');
  const head = JSON.stringify({
    query: 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Citizen { id } } }',
    variables: { r: [{ __typename: 'Citizen', id }] },
  }).slice(0, -1);

  const engine = {
    prepare: () => ({}),
    async run(_program: unknown, { seal, send, signal }: RunInput) {
      const text = await send(INCOME, withGrant(head, seal!(INCOME, head, [caller.subject])), {
        kind: 'query',
        signal,
      });
      // Nobody's file holds the invented caller: null without an error is the good answer.
      expect(JSON.parse(text)).toEqual({ data: { _entities: [null] } });
      return { data: '{}', faults: [], traces: [] };
    },
  } as unknown as Engine;
  const fetch = createFetch({
    engine,
    send(agency, body, options) {
      const header = splitGrant(body)!.sealedGrant.split('.')[0]!;
      const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
      used.add(kid.split('.')[1]!);
      return agencies.send(agency, body, options);
    },
    grants: createGrants({
      seal: createGrantSealer(keys),
      agencyKeys,
      carry: new Map(),
      references,
      agencyRequestIdOf: createAgencyRequestIds(keys),
      clock: Date.now,
    }),
    references,
    openMetPerson: createMetPersonOpener(keys),
    whoIs: createWhoIs(subjectKeyOf),
    log,
  });
  const judgement = { verdicts: [], effectiveScopes: new Set(['dgfip_rfr']), inFileScopes: new Set() };
  const requestId = createRequestId();
  const decided = {
    ...aRequest(''),
    requestId,
    caller,
    judgement,
    graph: {},
    coercedVariables: {},
  } as unknown as Decided;
  return { ask: async () => void (await fetch(decided)), used, refused };
}

/** Eight at a time without a pause until `work` is done; every rejection counts. `allTwice` resolves when each of the eight has been answered twice. */
async function underLoad(
  { ask }: Stage,
  work: (allTwice: () => Promise<void>) => Promise<void>,
): Promise<{ asked: number; failed: unknown[] }> {
  let going = true;
  const failed: unknown[] = [];
  const answered = Array.from({ length: 8 }, () => 0);
  const lanes = answered.map(async (_none, lane) => {
    while (going) {
      await ask().catch((fault: unknown) => failed.push(fault));
      // What fails before anything is sent would leave no other task a turn.
      if (failed.length > 0) return;
      answered[lane]! += 1;
    }
  });
  await work(() => {
    const before = [...answered];
    const isSo = () => failed.length > 0 || answered.every((count, lane) => count >= before[lane]! + 2);
    return until('each of the eight has been answered twice', isSo);
  });
  going = false;
  await Promise.all(lanes);
  return { asked: answered.reduce((sum, count) => sum + count, 0), failed };
}

test('an agency’s key rotated three times under load costs no request, and no grant is refused', async () => {
  const file = join(await newFolder(), 'agency.jwks.json');
  const hub = await stage(await loadAgencyKeys(file), 50);
  const names: string[] = [];
  const { asked, failed } = await underLoad(hub, async (allTwice) => {
    await allTwice();
    for (let time = 0; time < 3; time += 1) {
      const name = await rotateAgencyKey(file);
      names.push(name);
      await until('the new key is used', () => hub.used.has(name));
      await allTwice();
    }
  });
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(60);
  expect([...hub.used].slice(1)).toEqual(names);
  expect(hub.refused.filter((line) => line.includes('grant refused'))).toEqual([]);
});

test('a key that an agency had to throw away at once costs no request either: what was sealed to it is sealed anew', async () => {
  let current = createAgencyKeys([generateAgencyKey()]);
  const swapped: AgencyKeys = {
    find: (thumbprint) => current.find(thumbprint),
    get publicJwks() {
      return current.publicJwks;
    },
  };
  // The hub would read the keys by itself only after a minute.
  const hub = await stage(swapped, 60_000);
  const { asked, failed } = await underLoad(hub, async (allTwice) => {
    for (let time = 0; time < 3; time += 1) {
      // Whatever is under way then is sealed to the key of now: a request is sealed anew once, not twice.
      await allTwice();
      current = createAgencyKeys([generateAgencyKey()]);
    }
    await allTwice();
  });
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(60);
  expect(hub.used.size).toBe(4);
  expect(hub.refused.filter((line) => line.includes('KEY_UNKNOWN')).length).toBeGreaterThan(0);
});
