import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { catalogueRoute } from '../../../gateway/main/catalogueRoute.ts';
import { loadGraph } from '../../../gateway/platform/graph/loadGraph.ts';
import type { AgencyId } from '../../../gateway/platform/ids.ts';
import { discoverAgencies } from '../../../subgraphs/kit/agencyFolder.ts';

const sdl = readFileSync('schema/composed/supergraph.graphql', 'utf8');
const graph = loadGraph(sdl);
interface Shown {
  readonly fields: readonly { readonly coordinate: string; readonly traps: readonly unknown[]; policies: unknown }[];
  readonly health: Readonly<Record<string, { readonly status: string; readonly checkedAt: string }>>;
}

async function aRoute() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const up = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const state = { graph, nowMs: 1_000_000 };
  const manifests = (await discoverAgencies('subgraphs')).map(({ manifest }) => manifest);
  const urls = new Map([
    ['family' as AgencyId, up],
    ['income' as AgencyId, 'http://127.0.0.1:1/graphql'],
  ]);
  const route = catalogueRoute({ graph: () => state.graph, manifests, urls: () => urls, clock: () => state.nowMs });
  const read = async () => JSON.parse((await route({ stopping: false } as never)).body) as Shown;
  return { read, state, asked, close: () => server.close() };
}

test('tells of every field, with its traps, and of how the agencies are', async () => {
  const { read, asked, state, close } = await aRoute();
  const shown = await read();
  const quotient = shown.fields.find(({ coordinate }) => coordinate === 'FamilyFile.quotient')!;
  expect(quotient.traps.length).toBeGreaterThan(0);
  const drafting = shown.fields.find(({ coordinate }) => coordinate === 'Mutation.draftHabilitation')!;
  expect(drafting.policies).toEqual([['agent:requester']]);
  expect(shown.health).toEqual({
    family: { status: 'ok', checkedAt: new Date(state.nowMs).toISOString() },
    income: { status: 'unavailable', checkedAt: new Date(state.nowMs).toISOString() },
  });
  await read();
  state.nowMs += 11_000;
  await read();
  expect(asked).toEqual(['/health', '/health']);
  close();
});

test('tells of a field that was published a moment ago', async () => {
  const { read, state, close } = await aRoute();
  const named = 'CivilStatus.birthName';
  state.graph = loadGraph(sdl.replace(/\bbirthName: String/g, 'bornAs: String'));
  const coordinates = (await read()).fields.map(({ coordinate }) => coordinate);
  expect(coordinates).toContain('CivilStatus.bornAs');
  expect(coordinates).not.toContain(named);
  close();
});
