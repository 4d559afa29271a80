import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HubAnswer } from '../support/runningHub.ts';
import { aDataDir, startedSandbox, startSandbox, type StartedSandbox } from '../support/startedSandbox.ts';
import { until } from '../support/until.ts';

/* `npm start` as a person uses it: a process of its own, its data in a folder, tokens by the real login. */

const dataDir = aDataDir();
let sandbox: StartedSandbox;

beforeAll(async () => {
  sandbox = await startedSandbox(dataDir.path, { fromNothing: true });
});
afterAll(async () => {
  await sandbox?.end('SIGKILL');
  dataDir.remove();
});

interface LogNode {
  readonly id: string;
  readonly service: { readonly clientId: string };
  readonly agency: { readonly id: string };
}

/** All of Paul's log, page by page. */
async function readLog(token: string): Promise<readonly LogNode[]> {
  const nodes: LogNode[] = [];
  let after: string | null = null;
  do {
    const { data, text } = await sandbox.ask(
      {
        query: `query ($after: String) { me { accessLog(first: 100, after: $after) {
          nodes { id service { clientId } agency { id } } pageInfo { hasNextPage endCursor }
        } } }`,
        variables: { after },
      },
      token,
    );
    if (!data) throw new Error(text);
    const page = (
      data as { me: { accessLog: { nodes: LogNode[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } }
    ).me.accessLog;
    nodes.push(...page.nodes);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return nodes;
}

async function readConsents(token: string): Promise<readonly string[]> {
  const { data } = await sandbox.ask('{ me { consents { id } } }', token);
  return (data as { me: { consents: { id: string }[] } }).me.consents.map(({ id }) => id);
}

test('says where it answers, and what to try, all of which works as they are printed', async () => {
  const { ready } = sandbox;
  expect(Object.keys(ready.subgraphs).sort()).toEqual(['address', 'civil-status', 'energy', 'family', 'income']);
  expect((await fetch(new URL('/health', ready.gateway))).status).toBe(200);
  expect(JSON.parse(readFileSync(join(dataDir.path, 'ready.json'), 'utf8'))).toEqual(ready);

  // Each query with whose token stands before it, `$TOKEN` being the first that is printed.
  const printed = [...sandbox.said().matchAll(/--persona (\S+) --service ([a-z-]+)\)|-d '(\{.*\})'/g)];
  const queries = printed.flatMap(([, , , body], at) => {
    if (body === undefined) return [];
    const [, persona, service] = printed.slice(0, at).findLast(([, who]) => who !== undefined)!;
    return [{ persona: persona!, service: service!, query: (JSON.parse(body) as { query: string }).query }];
  });
  const ask = async (at: number, persona = queries[at]!.persona) => {
    const { query, service } = queries[at]!;
    return sandbox.ask(query, await sandbox.token(persona, service));
  };
  expect(queries.map(({ persona, service }) => `${persona} ${service}`)).toEqual([
    ...['dupont-paul canteen', 'dupont-sophie creche', 'gautier-emilie housing', 'dupont-paul portal'],
  ]);
  const subjectsOf = ({ errors }: HubAnswer) => errors.map(({ extensions }) => extensions['subject']);

  const own = await ask(0);
  expect((own.data as { me: { familyFile: unknown } }).me.familyFile).toEqual({ quotient: { value: 2550 } });
  expect(own.errors.length).toBeGreaterThan(0);
  for (const { extensions } of own.errors) expect(extensions['code']).toBe('UNAUTHORIZED_FIELD_OR_TYPE');

  const children = await ask(1);
  expect(children.data).toMatchObject({
    me: {
      familyFile: {
        children: [
          { person: { civilStatus: { givenNames: ['Louise'] } } },
          { person: { civilStatus: null } },
          { person: { civilStatus: { givenNames: ['Ines'] } } },
          { person: { civilStatus: null } },
        ],
      },
    },
  });
  expect(subjectsOf(children)).toEqual(['CHILD', 'CHILD']);

  const incomeIn = ({ data }: HubAnswer) =>
    (data as { me: { civilStatus: { union: { partner: { taxAssessment: unknown } } } } }).me.civilStatus.union.partner;
  const couple = await ask(2);
  expect([incomeIn(couple), couple.errors]).toEqual([
    { taxAssessment: { referenceTaxIncome: expect.any(Number) } },
    [],
  ]);
  const refused = await ask(2, 'dupont-paul');
  expect([incomeIn(refused), subjectsOf(refused)]).toEqual([{ taxAssessment: null }, ['SPOUSE']]);
  const { searchParams } = new URL(String(refused.errors[0]!.extensions['consentUrl']));
  expect([searchParams.get('service'), searchParams.get('subject')]).toEqual(['housing', 'SPOUSE']);

  const log = await ask(3);
  expect(log.text).toContain('TaxAssessment.referenceTaxIncome');
  expect(log.errors).toEqual([]);
});

test('shows people a page where the graph is', async () => {
  const page = await fetch(sandbox.ready.portal, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
});

test('keeps its keys to itself', () => {
  const files = readdirSync(dataDir.path, { recursive: true, withFileTypes: true });
  const keys = files.filter((file) => file.isFile() && /\/keys(?:\/|$)/.test(file.parentPath));
  // The hub's, the identity provider's, and one of each agency.
  expect(keys.length).toBeGreaterThanOrEqual(7);
  expect(
    keys.filter((file) => statSync(join(file.parentPath, file.name)).mode & 0o077).map(({ name }) => name),
  ).toEqual([]);
});

test('is refused a second time on the same folder, in words that help, and the first one lives on', async () => {
  const second = await startSandbox(dataDir.path);
  if (!('complained' in second)) {
    await second.end('SIGKILL');
    throw new Error('a second one started on the same folder');
  }
  expect(second.code).toBe(1);
  expect(second.complained).toContain(dataDir.path);
  expect(second.complained).not.toMatch(/^\s+at /m);
  expect((await fetch(new URL('/health', sandbox.ready.gateway))).status).toBe(200);
  expect(JSON.parse(readFileSync(join(dataDir.path, 'ready.json'), 'utf8'))).toEqual(sandbox.ready);
});

describe('killed with -9 while it writes', () => {
  let given: string[];
  let answered: number;
  let sent: number;
  let before: number;

  beforeAll(async () => {
    const [canteen, portal] = await Promise.all([
      sandbox.token('dupont-paul', 'canteen'),
      sandbox.token('dupont-paul', 'portal'),
    ]);
    before = (await readLog(portal)).filter(isCanteenReading).length;
    given = [];
    [answered, sent] = [0, 0];
    let over = false;
    const reader = async (): Promise<void> => {
      while (!over) {
        sent += 1;
        const { status } = await sandbox.ask('{ me { familyFile { quotient { value } } } }', canteen);
        if (status === 200) answered += 1;
      }
    };
    const giver = async (): Promise<void> => {
      const input = {
        clientId: 'creche',
        purpose: 'creche-place',
        scopes: ['cnaf_quotient_familial'],
        expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      };
      const query = 'mutation ($input: GiveConsentInput!) { giveConsent(input: $input) { consent { id } } }';
      while (!over) {
        const { data } = await sandbox.ask({ query, variables: { input } }, portal);
        const id = (data as { giveConsent: { consent: { id: string } } } | null)?.giveConsent?.consent.id;
        if (id !== undefined) given.push(id);
      }
    };
    const work = [reader(), reader(), reader(), reader(), giver(), giver()].map((loop) => loop.catch(() => undefined));
    await until('enough is acknowledged', () => answered >= 50 && given.length >= 10);
    await sandbox.end('SIGKILL');
    over = true;
    await Promise.all(work);
    sandbox = await startedSandbox(dataDir.path);
  });

  test('it has kept every consent and every access record that it had acknowledged', async () => {
    const portal = await sandbox.token('dupont-paul', 'portal');
    const kept = new Set(await readConsents(portal));
    expect(given.filter((id) => !kept.has(id))).toEqual([]);
    const readings = (await readLog(portal)).filter(isCanteenReading).length - before;
    // What was under way may or may not have been written; what was acknowledged was.
    expect(readings).toBeGreaterThanOrEqual(answered);
    expect(readings).toBeLessThanOrEqual(sent);
  });
});

describe('told to end', () => {
  test('by SIGTERM, it ends within five seconds, clean, and takes ready.json away', async () => {
    const { code, tookMs } = await sandbox.end('SIGTERM');
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(5000);
    expect(() => statSync(join(dataDir.path, 'ready.json'))).toThrow('ENOENT');
  });
});

function isCanteenReading({ service, agency }: LogNode): boolean {
  return service.clientId === 'canteen' && agency.id === 'family';
}
