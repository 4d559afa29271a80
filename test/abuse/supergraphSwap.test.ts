import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAgencyPortal } from '../../portal/agency/createAgencyPortal.ts';
import { startHub, type HubAnswer, type RunningHub } from '../support/runningHub.ts';

/*
 * The supergraph is a file, and whoever writes it says where citizens' data is asked for. What a running hub does not take, and that nobody
 * notices when it takes one.
 */

const PAUL = { persona: 'dupont-paul', service: 'canteen' } as const;
const NAMES = '{ me { civilStatus { birthName } } }';
const QUOTIENT = '{ me { familyFile { quotient { value } } } }';

let hub: RunningHub;
let sdl: string;

beforeAll(async () => {
  sdl = await readFile(join(import.meta.dirname, '../../schema/composed/supergraph.graphql'), 'utf8');
  // A busy machine is no agency that hangs.
  hub = await startHub({ agencyTimeoutMs: 30_000 });
}, 60_000);
afterAll(() => hub.close());

/** The supergraph in service, with one field fewer. */
function withoutBirthName(text: string): string {
  const shorter = text.replace(/\n {2}"""[^"]*"""\n {2}birthName: String @requiresScopes[^\n]*/, '');
  expect(shorter).not.toBe(text);
  return shorter;
}

const fieldsOf = (type: string): Promise<string[]> =>
  hub
    .ask(`{ __type(name: "${type}") { fields { name } } }`, PAUL)
    .then(({ data }) => (data as { __type: { fields: { name: string }[] } }).__type.fields.map(({ name }) => name));

test.each<[string, (text: string) => string, RegExp]>([
  ['that is no SDL', (text) => text.slice(0, text.length / 2), /Syntax Error|Unterminated|Expected/],
  ['that is empty', () => '', /Syntax Error/],
  [
    'whose rules were lost on the way',
    (text) => text.replace(/\s@requiresScopes\(scopes: \[\["family_name"\]\]\)/g, ''),
    /expected every rule of the one in service to stand, got none for .*CivilStatus\.birthName/,
  ],
  [
    'whose rules are bound to nothing: they only look like rules',
    (text) => text.replace('https://specs.apollo.dev/requiresScopes/v0.1', 'https://example.org/requiresScopes/v0.1'),
    /requiresScopes/,
  ],
  [
    'that puts a new agency at a host nobody allowed',
    (text) =>
      text
        .replace(
          '  FAMILY @join__graph',
          '  EVIL @join__graph(name: "evil", url: "https://evil.example/graphql")\n  FAMILY @join__graph',
        )
        .replace('type CivilStatus\n', 'type CivilStatus\n  @join__type(graph: EVIL)\n'),
    /expected evil where it is, or at a host of HUB_SUBGRAPH_HOSTS, got evil\.example/,
  ],
])('a supergraph %s is refused, and the old one stays', async (_what, change, problem) => {
  await expect(hub.replaceSupergraph(change(sdl))).rejects.toThrow(problem);
  const { data, errors } = await hub.ask(NAMES, PAUL);
  expect(errors).toEqual([]);
  expect(data).toMatchObject({ me: { civilStatus: { birthName: 'DUPONT' } } });
});

test('a request that has begun ends on its own graph, while new ones come to the next', async () => {
  let letGo = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    hub.misbehave('civil-status', async (response, request) => {
      hub.misbehave('civil-status', undefined);
      resolve();
      await new Promise<void>((go) => (letGo = go));
      // The field is not asked of the agency again: what came late is what was asked on the old graph.
      expect(request.query).toContain('birthName');
      response.setHeader('content-type', 'application/json');
      response.end('{"data":{"_entities":[null]}}');
    });
  });
  const begun = hub.ask(NAMES, PAUL);
  await asked;
  await hub.replaceSupergraph(withoutBirthName(sdl));
  expect((await hub.ask(NAMES, PAUL)).errors[0]?.extensions['code']).toBe('HUB_OPERATION_INVALID');
  expect(await fieldsOf('CivilStatus')).not.toContain('birthName');
  letGo();
  expect(await begun).toMatchObject({ status: 200, errors: [], data: { me: { civilStatus: null } } });
  await hub.replaceSupergraph(sdl);
  expect(await fieldsOf('CivilStatus')).toContain('birthName');
});

test('under traffic nobody notices: every reply is whole, before, during and after', async () => {
  const token = await hub.token(PAUL);
  const before = await Promise.all([NAMES, QUOTIENT].map((query) => hub.ask(query, { token })));
  let isOver = false;
  const replies: { readonly query: string; readonly answer: HubAnswer }[] = [];
  const visitor = async (query: string): Promise<void> => {
    while (!isOver) replies.push({ query, answer: await hub.ask(query, { token }) });
  };
  const visitors = [NAMES, QUOTIENT].map(visitor);
  for (const comment of ['# another\n', '']) await hub.replaceSupergraph(comment + sdl);
  isOver = true;
  await Promise.all(visitors);
  expect(replies.length).toBeGreaterThan(10);
  for (const { query, answer } of replies) {
    const same = before[query === NAMES ? 0 : 1]!;
    expect({ status: answer.status, data: answer.data, errors: answer.errors }).toEqual({
      status: 200,
      data: same.data,
      errors: [],
    });
  }
  expect(hub.logged()).toContain('supergraph taken');
}, 60_000);

test('a field published a minute ago is there in the catalogue, with no restart and no redeployment of its pages', async () => {
  let now = Date.now();
  const pages = await createAgencyPortal({
    ...{ origin: 'http://127.0.0.1:4031', graphUrl: hub.url, clock: () => now, onFault: () => undefined },
    agents: { issuer: 'https://agents.example', clientId: 'x', clientSecret: 'x' },
  });
  const shown = async (path: string) => (await pages(new Request(`http://127.0.0.1:4031${path}`))).text();
  expect(await shown('/fields/CivilStatus.favouriteColour')).toContain('n’est pas dans le graphe');
  const published = sdl.replace(
    /(\n {2}birthName: String )(@requiresScopes[^\n]*)/,
    (line, _name, rule: string) =>
      `${line}\n\n  "Colour they like best (couleur préférée)."\n  favouriteColour: String ${rule}`,
  );
  await hub.replaceSupergraph(published);
  now += 60_000;
  expect(await shown('/?q=couleur%20pr%C3%A9feree')).toContain('href="/fields/CivilStatus.favouriteColour"');
  const page = await shown('/fields/CivilStatus.favouriteColour');
  for (const words of ['État civil', 'family_name', 'Colour they like best']) expect(page).toContain(words);
  await hub.replaceSupergraph(sdl);
});
