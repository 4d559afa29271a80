import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { PULL_PATH, STATUS_INFO_PREFIX, STATUS_PATH } from '../../schema/declaration.ts';
import { dayInParis } from '../../schema/parisCalendar.ts';
import { type AgencyKeys, createAgencyKeys, generateAgencyKey } from '../../subgraphs/kit/agencyKeys.ts';
import { createDayKeys } from '../../subgraphs/kit/dayKeys.ts';
import { shortThumbprint } from '../../subgraphs/kit/grantKeys.ts';
import { sealUnder } from '../../subgraphs/kit/sealed.ts';
import { OPERATOR_CREDENTIAL, type RunningHub, startHub } from '../support/runningHub.ts';

/* Bodies that no agency sealed, or that one sealed before, at the two doors where agencies speak to the hub of their own accord. */

const DECLARE = `mutation($input: DeclareMoveInput!) { declareMove(input: $input) { move { reference } problems { code } } }`;
const FORGED = 'sealed by no agency, or not now';

let hub: RunningHub;
let origin: string;
/** The tax office's event, which nothing has taken. */
let eventId: string;

beforeAll(async () => {
  // Nobody pulls, and nothing is posted: what changes was changed by a body of the test.
  hub = await startHub({ agenciesSpeak: false });
  origin = new URL(hub.url).origin;
  const paused = await fetch(`${origin}/deliveries/operator`, {
    method: 'POST',
    headers: { 'hub-operator': OPERATOR_CREDENTIAL },
    body: JSON.stringify({ agency: 'energy', act: 'pause' }),
  });
  expect(paused.status).toBe(204);
  const input = {
    oldAddress: { streetLine: '12 rue des Lilas', postCode: '75011', city: 'Paris' },
    newAddress: { streetLine: '3 rue du Port', postCode: '44000', city: 'Nantes' },
    effectiveDate: dayInParis(Date.now() + 30 * 86_400_000),
    recipients: ['energy', 'income'],
  };
  const { data } = await hub.ask(
    { query: DECLARE, variables: { input } },
    { persona: 'dupont-paul', service: 'portal' },
  );
  expect(data).toMatchObject({ declareMove: { problems: [] } });
  const events = await sql<{ event_id: string }>`select event_id from move_events where agency = 'income'`.execute(
    await hub.database.forOwner('hub'),
  );
  eventId = events.rows[0]!.event_id;
}, 60_000);
afterAll(() => hub.close());

const nowSeconds = () => Math.floor(Date.now() / 1000);
const jti = () => randomBytes(16).toString('base64url');
const says = (change: object = {}) => ({
  ...{ iss: 'income', aud: 'hub', jti: jti(), iat: nowSeconds() },
  statuses: [{ event: eventId, status: 'DONE', at: new Date().toISOString() }],
  ...change,
});
const asks = (change: object = {}) => ({
  ...{ iss: 'income', aud: 'hub', jti: jti(), iat: nowSeconds(), after: '', limit: 100 },
  ...change,
});

interface Sealing {
  /** [the tax office's] */
  readonly keys?: AgencyKeys;
  /** Whose key it says it is sealed with [the one it is sealed with] */
  readonly names?: AgencyKeys;
  /** For which agency the key is derived [income] */
  readonly agency?: string;
}

async function seal(message: object, { keys, names, agency = 'income' }: Sealing = {}): Promise<string> {
  const own = keys ?? hub.agencyKeys['income']!;
  const kidOf = async (of: AgencyKeys) =>
    `${shortThumbprint(await hub.hubKeys.sealTo())}.${of.publicJwks.keys[0]!.kid}.${new Date().toISOString().slice(0, 10)}`;
  const key = await createDayKeys(own, hub.hubKeys).find(await kidOf(own), STATUS_INFO_PREFIX + agency);
  return sealUnder(key!, await kidOf(names ?? own), message);
}

/** What the hub holds of declarations, attempts included: a pull is one. */
async function held(): Promise<string> {
  const { rows } = await sql<{ all: string }>`select concat(
    (select json_agg(e order by sequence, agency) from move_events e), (select json_agg(d order by delivery) from move_deliveries d),
    (select json_agg(s order by step_id) from move_steps s), (select json_agg(r order by agency) from move_recipients r)) as all`.execute(
    await hub.database.forOwner('hub'),
  );
  return rows[0]!.all;
}

/** How a body is answered, whether the hub holds something else afterwards, and why it says in its log that it refused. */
async function post(path: string, body: string) {
  const [before, logged] = [await held(), hub.logged().length];
  const response = await fetch(origin + path, { method: 'POST', body });
  const text = await response.text();
  const lines = hub.logged().slice(logged);
  const refusals = lines.split('\n').filter((line) => line.includes('deliveries: refused'));
  expect(lines).not.toMatch(/DUPONT|Lilas|rue du Port/);
  return {
    ...{ status: response.status, text, changed: (await held()) !== before },
    why: refusals.map((line) => (JSON.parse(line) as { detail: string }).detail),
  };
}
const REFUSED = { status: 401, text: '', changed: false, why: [FORGED] };

describe('a body that is not an agency’s', () => {
  const stranger = createAgencyKeys([generateAgencyKey()]);
  const income = () => hub.agencyKeys['income']!;
  const energy = () => hub.agencyKeys['energy']!;
  const forgeries: readonly (readonly [string, (message: (change?: object) => object) => Promise<string>])[] = [
    ['is empty', () => Promise.resolve('')],
    ['is no seal', (message) => Promise.resolve(JSON.stringify(message()))],
    ['is sealed by a stranger', (message) => seal(message(), { keys: stranger })],
    [
      'is sealed by a stranger in the name of an agency',
      (message) => seal(message(), { keys: stranger, names: income() }),
    ],
    [
      'is sealed by another agency in that one’s name',
      (message) => seal(message(), { keys: energy(), agency: 'energy' }),
    ],
    [
      'is sealed by another agency under that one’s key’s name',
      (message) => seal(message(), { keys: energy(), names: income() }),
    ],
    ['is for somebody else', (message) => seal(message({ aud: 'income' }))],
    ['is of two minutes ago', (message) => seal(message({ iat: nowSeconds() - 120 }))],
    ['is of two minutes from now', (message) => seal(message({ iat: nowSeconds() + 120 }))],
    ['cannot be taken once only', (message) => seal(message({ jti: undefined }))],
    ['says more than there is to say', (message) => seal(message({ agency: 'energy' }))],
  ];
  test.each(forgeries)('%s, says nothing of how a declaration stands', async (_what, forge) => {
    expect(await post(STATUS_PATH, await forge(says))).toEqual(REFUSED);
  });
  test.each(forgeries)('%s, is handed nothing', async (_what, forge) => {
    expect(await post(PULL_PATH, await forge(asks))).toEqual(REFUSED);
  });

  test('is one of which any part was changed', async () => {
    const sealed = await seal(says());
    for (const [index, part] of sealed.split('.').entries()) {
      if (part === '') continue;
      const other = part.slice(0, -2) + (part.at(-2) === 'A' ? 'B' : 'A') + part.at(-1)!;
      const changed = sealed.split('.').with(index, other).join('.');
      expect(await post(STATUS_PATH, changed)).toEqual(REFUSED);
    }
  });

  test('is one that was meant for the other door', async () => {
    expect(await post(STATUS_PATH, await seal(asks()))).toEqual(REFUSED);
    expect(await post(PULL_PATH, await seal(says()))).toEqual(REFUSED);
  });

  test('is cut off when it has no end', async () => {
    const { status, changed } = await post(STATUS_PATH, 'x'.repeat(2_000_001));
    expect([status, changed]).toEqual([413, false]);
  });
});

describe('an agency', () => {
  test('says nothing about another’s events, and is handed none when it is posted to', async () => {
    const energy = { keys: hub.agencyKeys['energy']!, agency: 'energy' };
    const said = await post(STATUS_PATH, await seal(says({ iss: 'energy' }), energy));
    // Its own message is taken; what it says of an event that never went to it counts nowhere.
    expect(said).toMatchObject({ status: 204, changed: false });
    const asked = await post(PULL_PATH, await seal(asks({ iss: 'energy' }), energy));
    expect(asked).toEqual({ ...REFUSED, why: ['from one that is posted to'] });
  });

  test('is heard once: what was captured on the wire changes nothing, and is handed nothing', async () => {
    const pull = await seal(asks());
    expect(await post(PULL_PATH, pull)).toMatchObject({ status: 200, changed: true });
    expect(await post(PULL_PATH, pull)).toEqual({ ...REFUSED, why: ['taken before'] });
    const status = await seal(says());
    expect(await post(STATUS_PATH, status)).toMatchObject({ status: 204, changed: true });
    expect(await post(STATUS_PATH, status)).toEqual({ ...REFUSED, why: ['taken before'] });
  });

  test('is heard once also when it says it twice in one moment', async () => {
    const sealed = await seal(says());
    const both = await Promise.all([1, 2].map(() => fetch(origin + STATUS_PATH, { method: 'POST', body: sealed })));
    expect(both.map(({ status }) => status).sort()).toEqual([204, 401]);
  });
});
