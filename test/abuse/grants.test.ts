import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FlattenedEncrypt, SignJWT } from 'jose';
import { openDatabase, type Database } from '../../gateway/platform/database/database.ts';
import type { Grant } from '../../schema/grant.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import { ownSchema } from '../../scripts/start/agencies.ts';
import { discoverAgencies } from '../../subgraphs/kit/agencyFolder.ts';
import { createAgencyKeys, generateAgencyKey } from '../../subgraphs/kit/agencyKeys.ts';
import { readFixture } from '../../subgraphs/kit/fixtures.ts';
import { listen, type ListeningSubgraph } from '../../subgraphs/kit/httpServer.ts';
import { fixedHubKeys } from '../../subgraphs/kit/hubKeys.ts';
import { createKitLog } from '../../subgraphs/kit/log.ts';
import { openAgency } from '../../subgraphs/kit/openAgency.ts';
import { openUnderTest, type AgencyUnderTest } from '../../subgraphs/kit/testing/agencyUnderTest.ts';
import { aSubject, createTestHub, scopesHeldBy, type TestRequest } from '../../subgraphs/kit/testing/testGrant.ts';
import { askingOf, personFields, selectionOf } from '../contract/selections.ts';

/*
 * Whoever reaches an agency past the hub, or with what was caught on the way, gets 401 and two sentences, on every agency there is. What is
 * in a grant is the treaty's (schema/grant.ts); that all of it counts is shown by taking it away, piece by piece.
 */

const root = join(import.meta.dirname, '../..');
const NOW_MS = Date.parse('2026-06-15T10:00:00Z');
const NOW = NOW_MS / 1000;
const LAST_YEAR = 2025;
const YEAR_SCOPES = ['dgfip_annee_n_moins_1', 'dgfip_annee_n_moins_2', 'dgfip_annee_n_moins_3'];
const clock = (): number => NOW_MS;
const folders = await discoverAgencies(join(root, 'subgraphs'));
const personas = await readFixture<readonly { readonly claims: PivotIdentity }[]>(
  join(root, 'sandbox/identity/personas.json'),
  clock,
);

/** A body as somebody hostile would send it, and what the agency's log says of it. */
interface Attack {
  readonly what: string;
  readonly logged: string;
  body(seal: Seal, asked: TestRequest): Promise<string>;
}
type Seal = AgencyUnderTest['hub']['seal'];

const sealed = (
  what: string,
  logged: string,
  changes: (grant: Grant['subjects']) => Partial<Grant>,
  sealing: Parameters<Seal>[2] = {},
): Attack => ({ what, logged, body: (seal, asked) => seal(asked, changes(asked.subjects ?? []), sealing) });

/** The good body, rewritten as text. */
const rewritten = (what: string, logged: string, rewrite: (body: string, grant: string) => string): Attack => ({
  what,
  logged,
  body: async (seal, asked) => {
    const body = await seal(asked);
    return rewrite(body, /"grant":"([^"]+)"/.exec(body)![1]!);
  },
});

/** The grant's protected header with other members. */
const withHeader = (what: string, header: (kid: string) => object): Attack =>
  rewritten(what, 'MALFORMED', (body, grant) => {
    const [own, ...rest] = grant.split('.');
    const { kid } = JSON.parse(Buffer.from(own!, 'base64url').toString()) as { kid: string };
    const other = Buffer.from(JSON.stringify(header(kid))).toString('base64url');
    return body.replace(grant, [other, ...rest].join('.'));
  });

const UNKNOWN = 'AAAAAAAAAAAAAAAA';
const ATTACKS: readonly Attack[] = [
  sealed('sealed by a stranger under the hub’s name', 'NOT_AUTHENTIC', () => ({}), { forgedWith: generateAgencyKey() }),
  sealed('not issued by the hub', 'CLAIMS_MALFORMED', () => ({ iss: 'portal' as never })),
  sealed('that has ended', 'OUT_OF_TIME', () => ({ iat: NOW - 40, exp: NOW - 10 })),
  sealed('of tomorrow', 'OUT_OF_TIME', () => ({ iat: NOW + 86_400, exp: NOW + 86_430 })),
  sealed('that would live for an hour', 'OUT_OF_TIME', () => ({ exp: NOW + 3_600 })),
  sealed('that ends before it begins', 'OUT_OF_TIME', () => ({ iat: NOW, exp: NOW - 1 })),
  sealed('for another agency', 'OTHER_AUDIENCE', () => ({ aud: 'another' })),
  sealed('under the key of another agency', 'NOT_AUTHENTIC', () => ({}), { info: 'another' }),
  sealed('under yesterday’s key', 'DAY_NOT_IN_USE', () => ({}), { day: '2026-06-14' }),
  sealed('under tomorrow’s key', 'DAY_NOT_IN_USE', () => ({}), { day: '2026-06-16' }),
  sealed('without nonce', 'CLAIMS_MALFORMED', () => ({ jti: '' })),
  sealed('with a claim of its own', 'CLAIMS_MALFORMED', () => ({ superuser: true }) as object),
  sealed('that names one reference twice', 'CLAIMS_MALFORMED', (subjects) => ({
    subjects: [...subjects, ...subjects],
  })),
  sealed('with a role that there is not', 'CLAIMS_MALFORMED', (subjects) => ({
    subjects: subjects.map((subject) => ({ ...subject, role: 'OWNER' as never })),
  })),
  sealed('with a person without identity', 'CLAIMS_MALFORMED', (subjects) => ({
    subjects: subjects.map((subject) => ({ ...subject, pivot: {} as never })),
  })),
  sealed('of the digest of nothing', 'OTHER_BODY', () => ({ digest: '' })),
  withHeader('of an unknown hub key', (kid) => ({ alg: 'dir', enc: 'A256GCM', kid: kid.replace(/^[^.]+/, UNKNOWN) })),
  withHeader('of an unknown agency key', (kid) => ({
    alg: 'dir',
    enc: 'A256GCM',
    kid: kid.replace(/\.[^.]+\./, `.${UNKNOWN}.`),
  })),
  withHeader('without kid', () => ({ alg: 'dir', enc: 'A256GCM' })),
  withHeader('whose kid is a path', () => ({ alg: 'dir', enc: 'A256GCM', kid: '../../etc/passwd' })),
  withHeader('with alg none', (kid) => ({ alg: 'none', kid })),
  withHeader('with an agreed key', (kid) => ({ alg: 'ECDH-ES', enc: 'A256GCM', kid })),
  withHeader('with a password', (kid) => ({
    alg: 'PBES2-HS256+A128KW',
    enc: 'A256GCM',
    kid,
    p2c: 100_000_000,
    p2s: 'AA',
  })),
  withHeader('with a shorter key', (kid) => ({ alg: 'dir', enc: 'A128GCM', kid })),
  withHeader('with another cipher', (kid) => ({ alg: 'dir', enc: 'A256CBC-HS512', kid })),
  withHeader('compressed', (kid) => ({ alg: 'dir', enc: 'A256GCM', kid, zip: 'DEF' })),
  withHeader('with critical extensions', (kid) => ({ alg: 'dir', enc: 'A256GCM', kid, crit: ['exp'], exp: 0 })),
  withHeader('that brings a key', (kid) => ({ alg: 'dir', enc: 'A256GCM', kid, jwk: generateAgencyKey() })),
  withHeader('that says where keys are', (kid) => ({
    alg: 'dir',
    enc: 'A256GCM',
    kid,
    jku: 'https://mallory.example',
  })),
  rewritten('cut before its tag', 'MALFORMED', (body, grant) =>
    body.replace(grant, grant.split('.').slice(0, 4).join('.')),
  ),
  rewritten('with half a tag', 'NOT_AUTHENTIC', (body, grant) => body.replace(grant, grant.slice(0, -11))),
  rewritten('with an empty tag', 'NOT_AUTHENTIC', (body, grant) => body.replace(grant, grant.replace(/[^.]+$/, ''))),
  rewritten('with the last of its text cut', 'NOT_AUTHENTIC', (body, grant) => {
    const parts = grant.split('.');
    return body.replace(grant, parts.with(3, parts[3]!.slice(0, -4)).join('.'));
  }),
  rewritten('that is empty', 'MISSING', (body, grant) => body.replace(grant, '')),
  rewritten('of five dots', 'MALFORMED', (body, grant) => body.replace(grant, '.....')),
  rewritten('of readable JSON, as the hub hands it to itself', 'MALFORMED', (body, grant) =>
    body.replace(grant, Buffer.from(JSON.stringify({ iss: 'hub', subjects: [] })).toString('base64url')),
  ),
  rewritten('of another query', 'OTHER_BODY', (body) => body.replace('_entities', '_entities ')),
  rewritten('of other variables', 'OTHER_BODY', (body) => body.replace('"ref-known"', '"ref-other"')),
  rewritten('twice in one body', 'OTHER_BODY', (body, grant) =>
    body.replace(/\}$/, `,"extensions":{"grant":"${grant}"}}`),
  ),
  rewritten('before another one', 'MISSING', (body, grant) => body.replace(/\}\}$/, `,"grant":"${grant}"}}`)),
  rewritten('beside another extension', 'MISSING', (body) => body.replace(/\}\}$/, ',"jwt":"x"}}')),
  rewritten('with another member after it', 'MISSING', (body) => body.replace(/\}$/, ',"operationName":null}')),
  rewritten('among the variables', 'MISSING', (body, grant) =>
    body.replace(/,"extensions":.*$/, '}').replace('"variables":{', `"variables":{"grant":"${grant}",`),
  ),
  rewritten('beside the query', 'MISSING', (body, grant) => body.replace(/,"extensions":.*$/, `,"grant":"${grant}"}`)),
  rewritten('in a comment of the query', 'MISSING', (body, grant) =>
    body.replace(/,"extensions":.*$/, '}').replace('"query":"', `"query":"# ${grant}\\n`),
  ),
  rewritten('left out', 'MISSING', (body) => body.replace(/,"extensions":.*$/, '}')),
  {
    what: 'that is a signed token',
    logged: 'MALFORMED',
    body: async (seal, asked) => {
      const token = await new SignJWT({ iss: 'hub' }).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
      return (await seal(asked)).replace(/"grant":"[^"]+"/, `"grant":"${token}"`);
    },
  },
  {
    what: 'in the JSON serialisation',
    logged: 'MISSING',
    body: async (seal, asked) => {
      const jwe = await new FlattenedEncrypt(Buffer.from('{}'))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(new Uint8Array(32));
      return (await seal(asked)).replace(/"grant":"[^"]+"/, `"grant":${JSON.stringify(jwe)}`);
    },
  },
];
const KEY_UNKNOWN = ['of an unknown hub key', 'of an unknown agency key'];

describe.each(folders.map((folder) => [folder.manifest.name, folder] as const))('the agency %s', (name, folder) => {
  let database: Database | undefined;
  let agency: AgencyUnderTest;
  let server: ListeningSubgraph;
  let asked: TestRequest;
  /** Values of the good answer, of which a refused one may hold none. */
  let personal: readonly string[];

  beforeAll(async () => {
    database = folder.manifest.database ? await openDatabase({}) : undefined;
    agency = await openUnderTest(folder, { clock, ...(database && { database: await ownSchema(database, name) }) });
    server = await listen(agency.subgraph, { port: 0 });
    const asking = askingOf(agency.subgraph.schema, agency.subgraph.sdl);
    const fields = asking.personTypes.flatMap(personFields);
    const selection = fields.map((field) => selectionOf(field, asking, { year: LAST_YEAR })).join(' ');
    for (const { claims } of personas) {
      const { preferred_username: _, ...pivot } = pivotOf(claims);
      asked = {
        query: `query($r: [_Any!]!) { _entities(representations: $r) { ... on Citizen { ${selection} } } }`,
        variables: { r: [{ __typename: 'Citizen', id: 'ref-known' }] },
        subjects: [aSubject({ reference: 'ref-known', pivot, scopes: [...scopesHeldBy(name), ...YEAR_SCOPES] })],
        acr: 'eidas3',
      };
      personal = valuesOf((await agency.ask(asked)).data);
      if (personal.length > 2) return;
    }
    throw new Error(`${name}: knows none of the sandbox's people`);
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    await agency?.subgraph.close();
    await database?.close();
  }, 60_000);

  const post = (body: string, headers: Record<string, string> = {}, query = '') =>
    fetch(`${server.url}/graphql${query}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });

  async function expectRefused(response: Response, reason: string): Promise<void> {
    expect(response.status).toBe(401);
    const text = await response.text();
    expect(Object.keys(JSON.parse(text) as object)).toEqual(['errors']);
    expect(text.length).toBeLessThan(120);
    for (const value of personal) expect(text).not.toContain(value);
    expect(JSON.parse(agency.logged.at(-1)!)).toMatchObject({ level: 40, refused: reason, msg: 'grant refused' });
  }

  it.each(ATTACKS.map((attack) => [attack.what, attack] as const))('refuses a grant %s', async (what, attack) => {
    const body = await attack.body(agency.hub.seal, asked);
    await expectRefused(await post(body), KEY_UNKNOWN.includes(what) ? 'KEY_UNKNOWN' : attack.logged);
  });

  it('refuses a grant that was used, also by another connection and together with itself', async () => {
    const body = await agency.hub.seal(asked);
    expect((await post(body)).status).toBe(200);
    await expectRefused(await post(body), 'REPLAYED');
    const next = await agency.hub.seal(asked);
    const statuses = (await Promise.all([post(next), post(next), post(next)])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 401, 401]);
  });

  it('refuses a grant in a header or in the address', async () => {
    const body = await agency.hub.seal(asked);
    const grant = /"grant":"([^"]+)"/.exec(body)![1]!;
    const bare = body.replace(/,"extensions":.*$/, '}');
    for (const header of ['authorization', 'grant', 'hub-grant', 'x-grant', 'cookie']) {
      await expectRefused(
        await post(bare, { [header]: header === 'authorization' ? `Bearer ${grant}` : grant }),
        'MISSING',
      );
    }
    const extensions = encodeURIComponent(JSON.stringify({ grant }));
    await expectRefused(await post(bare, {}, `?extensions=${extensions}`), 'MISSING');
  });

  it('gives nothing of a person whom the grant does not name, however well it knows them', async () => {
    const others = personas.map((_, at) => `ref-${at}`);
    const variables = { r: others.map((id) => ({ __typename: 'Citizen', id })) };
    const { data, errors } = await agency.ask({ ...asked, variables });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ _entities: others.map(() => null) });
  });

  it('logs a refused grant without a word about anybody', () => {
    const text = agency.logged.join('\n');
    expect(text).not.toContain('ref-known');
    const { family_name, birthdate } = asked.subjects![0]!.pivot;
    for (const value of [family_name, birthdate, ...personal.filter((each) => each.length > 6)]) {
      expect(text).not.toContain(value);
    }
  });

  it('takes grants of the hub’s old key and its new one while both are published, and of neither stranger', async () => {
    const agencyKey = generateAgencyKey();
    const [old, next, stranger] = [1, 2, 3].map(() => createTestHub(name, agencyKey, clock));
    const open = async (hubs: readonly NonNullable<typeof old>[]) =>
      openAgency(folder, {
        clock,
        log: createKitLog(name, { write: () => undefined }),
        mayLoadFixtures: true,
        authority: {
          ownKeys: createAgencyKeys([agencyKey]),
          hubKeys: fixedHubKeys(hubs.map(({ publicKey }) => publicKey)),
        },
        ...(database && { database: await ownSchema(database, name) }),
      });
    const overlapping = await open([next!, old!]);
    const statusOf = async (subgraph: typeof overlapping, hub: typeof old) =>
      (await subgraph.receive(await hub!.seal(asked))).status;
    expect([
      await statusOf(overlapping, old),
      await statusOf(overlapping, next),
      await statusOf(overlapping, stranger),
    ]).toEqual([200, 200, 401]);
    const after = await open([next!]);
    expect([await statusOf(after, old), await statusOf(after, next)]).toEqual([401, 200]);
    await after.close();
    await overlapping.close();
  });
});

function pivotOf(claims: PivotIdentity): PivotIdentity {
  const { family_name, given_name, birthdate, gender, birthplace, birthcountry } = claims;
  return { family_name, given_name, birthdate: String(birthdate), gender, birthplace, birthcountry };
}

/** Texts and numbers of an answer that a refusal could not hold by chance. */
function valuesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(valuesOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(valuesOf);
  return (typeof value === 'string' || typeof value === 'number') && String(value).length > 3 ? [String(value)] : [];
}
