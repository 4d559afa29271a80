import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { sql } from 'kysely';
import { decodeJwt } from 'jose';
import { loadDirectory } from '../../sandbox/identity/directory.ts';
import { yearInParis } from '../../schema/parisCalendar.ts';
import { ownSchema } from '../../scripts/start/agencies.ts';
import { discoverAgencies } from '../../subgraphs/kit/agencyFolder.ts';
import { readFixture } from '../../subgraphs/kit/fixtures.ts';
import { type Asking, selectionOf } from '../contract/selections.ts';
import { DumpWriter, join, type Dump } from '../support/dump.ts';
import { startHub, type RunningHub } from '../support/runningHub.ts';

/*
 * Two agencies put together all they have: every column of their files, every claim of every grant and every request they saw, every word they logged.
 * What joins them is what both rightly hold of a person (names, birth, address) and nothing that the hub gave them.
 */

const root = joinPath(import.meta.dirname, '../..');

/** Columns in which two agencies may have a value in common, and why. A column that is not here matches nothing. */
const RIGHTLY_IN_COMMON: readonly (readonly [string, RegExp])[] = [
  ['pivot identity, as the hub states it', /^grant\.subjects\.pivot\./],
  ['pivot identity, as the agency holds it', /^file\.(?:\w+|contracts\.customers)\.identit(?:y|ies)\./],
  [
    'pivot identity, as the agency holds it',
    /^table\.(?:person|customer|declarant|beneficiary)\.(?:birth_\w+|given_names|gender)$/,
  ],
  [
    'pivot identity, as the agency holds it',
    /^file\.records\.(?:birthName|usageName|givenNames|gender|birthDate|birthPlace|birthCountry)$/,
  ],
  [
    'names and birth, as the fund prints them',
    /^(?:file\.files|table\.family_file)\.payload\.(?:allocataires|enfants)\./,
  ],
  [
    'names and birth, as the notice prints them',
    /^(?:file\.assessments|table\.assessment)\.notice\.(?:nm|prnm|dateNais|declarant)/,
  ],
  ['an address both were told', /^(?:file\.files|table\.family_file)\.payload\.adresse\./],
  ['an address both were told', /^(?:file\.assessments|table\.assessment)\.notice\.(?:aft|foyerFiscal)/],
  ['an address both were told', /^file\.addresses\.declarations\./],
  ['an address both were told', /^table\.declared_address\.(?!id$|person_id$)/],
  ['an address both were told', /^file\.contracts\.contracts\.(?:address\.|startedOn$)/],
  [
    'an address both were told',
    /^table\.contract\.(?:recipient|additional_info|street_line|locality|post_code|city|insee_code|country|started_on)$/,
  ],
  [
    'an income that the fund had from the tax office',
    /^(?:file\.files|table\.family_file)\.payload\.parametres_\w+\.base_ressources_annuelles\.valeur$/,
  ],
  ['an income that the fund had from the tax office', /^(?:file\.assessments|table\.assessment)\.notice\.rfr$/],
  ['the town hall of an act', /^file\.records\.birthCertificate\.office/],
  [
    'the procedure: who asks, what for, how sure',
    /^grant\.(?:aud|service\.\w+|purpose|acr|met\.\w+|subjects\.scopes)$/,
  ],
  ['the moment', /^grant\.(?:iat|exp)$/],
  ['the moment', /^log\.time$/],
  ['the moment', /^table\.(?:\w+\.recorded_at|(?:inbox_)?migrations\.timestamp)$/],
  ['names of migrations', /^table\.(?:inbox_)?migrations(?:\.name|_lock\.id)$/],
  [
    'words of the protocol',
    /^request\.(?:query|header\.(?!cookie|authorization|x-)[\w-]+|variables\.\w+\.__typename)$/,
  ],
  ['words of the protocol', /^log\.(?:msg|absent|path|refused)$/],
];

/** What the hub gives or a party makes for itself, in which nobody else may find anything. */
const OWN = [
  'grant.jti',
  'grant.requestId',
  'grant.digest',
  'grant.subjects.reference',
  'request.variables.representations.id',
];

/** NIR (INSEE), number of a tax household or taxpayer, number of a beneficiary. */
const FORBIDDEN_NUMBERS =
  /(?<!\d)(?:[12]\d{2}(?:0[1-9]|[1-9]\d)(?:2[AB]|\d{2})\d{6}(?:\d{2})?|[0-3]\d{12}|\d{7}[A-Z]?)(?![\dA-Za-z_-])/;
const FORBIDDEN_NAMES =
  /\b(?:nir|nin|spi|ins|ssn|numeroFiscal|taxNumber|socialSecurityNumber|numeroAllocataire|matricule)\b/i;

describe('a join of two dumps finds an identifier', () => {
  const ID = 'AUh6o37y7Ww9RyRupAAl1RzP0X9mviltrICjgDheMVA';
  const bytes = Buffer.from(ID, 'base64url');
  const dumpOf = (value: string): Dump => {
    const dump = new DumpWriter('x');
    dump.add('id', value);
    return dump;
  };
  it.each([
    ['as it is', ID],
    ['in capitals', ID.toUpperCase()],
    ['inside a text', `subject=${ID};`],
    ['in hexadecimal', bytes.toString('hex')],
    ['in capital hexadecimal', bytes.toString('hex').toUpperCase()],
    ['in base64', bytes.toString('base64')],
    ['in hexadecimal of its text', Buffer.from(ID).toString('hex')],
    ['in base64 of its text', Buffer.from(ID).toString('base64')],
    ['in base64 of its hexadecimal', Buffer.from(bytes.toString('hex')).toString('base64')],
  ])('%s', (_how, spelt) => {
    expect([...join(dumpOf(ID), dumpOf(spelt)).keys()]).toEqual(['id = id']);
  });

  it('and no other one', () => {
    expect(join(dumpOf(ID), dumpOf(`${ID.slice(0, -2)}_-`)).size).toBe(0);
  });
});

describe('after every persona has asked through every service', () => {
  let hub: RunningHub;
  const agencies = new Map<string, DumpWriter>();
  const services = new Map<string, DumpWriter>();
  /** Everything that was said anywhere: replies, grants, logs. */
  const said: string[] = [];

  beforeAll(async () => {
    hub = await startHub();
    for (const folder of await discoverAgencies(joinPath(root, 'subgraphs'))) {
      const { name, database } = folder.manifest;
      const dump = new DumpWriter(name);
      agencies.set(name, dump);
      await dumpFiles(dump, joinPath(folder.path, 'fixtures'));
      if (database) await dumpTables(dump, hub, name);
    }
    await askEverything(hub, services, said);
    for (const { agency, grant, query, variables, headers } of hub.takeRequests()) {
      const dump = agencies.get(agency)!;
      said.push(JSON.stringify(grant));
      dump.add('grant', grant);
      dump.add('request', { query, variables, header: headers });
    }
    for (const line of hub.logged().trimEnd().split('\n')) {
      said.push(line);
      const { agency, ...entry } = JSON.parse(line) as { agency?: string };
      if (agency !== undefined) agencies.get(agency)?.add('log', entry);
    }
  }, 120_000);
  afterAll(() => hub?.close(), 60_000);

  it('no two agencies can join what they hold, beyond what both rightly hold', () => {
    const parties = [...agencies.values()];
    for (const dump of parties) {
      for (const column of OWN) expect(dump.columns.get(column)?.size ?? 0).toBeGreaterThan(5);
    }
    const found = parties.flatMap((left, at) =>
      parties
        .slice(at + 1)
        .flatMap((right) =>
          [...join(left, right).keys()]
            .filter((pair) => pair.split(' = ').some((column) => !isRightlyInCommon(column)))
            .map((pair) => `${left.party} and ${right.party}: ${pair}`),
        ),
    );
    expect(found).toEqual([]);
  });

  it('a service’s log and an agency’s share the procedure and the moment, and no word about a person', () => {
    const named = [
      /^grant\.(?:service|purpose|acr|met|subjects\.scopes|iat|exp)/,
      /^log\.(?:time|msg|path)$/,
      /^request\.(?:query|header\.)/,
    ];
    const found = [...services.values()].flatMap((service) =>
      [...agencies.values()].flatMap((agency) =>
        [...join(service, withoutData(agency)).keys()]
          .filter((pair) => !named.some((pattern) => pattern.test(pair.split(' = ')[1]!)))
          .map((pair) => `${service.party} and ${agency.party}: ${pair}`),
      ),
    );
    expect(found).toEqual([]);
  });

  it('two services know nobody, and no request, by the same name', () => {
    const parties = [...services.values()];
    const found = parties.flatMap((left, at) =>
      parties
        .slice(at + 1)
        .flatMap((right) =>
          [...join(left, right).keys()].filter((pair) => /\bid\b|request-id|error|token\.(?:sub|jti)/.test(pair)),
        ),
    );
    expect(found).toEqual([]);
    for (const dump of parties) expect(dump.columns.get('id')?.size).toBeGreaterThanOrEqual(30);
  });

  it('the numbers under which agencies keep their files are in no reply, grant or log', () => {
    const numbers = [...agencies.values()].flatMap(({ columns }) =>
      [...columns].flatMap(([column, values]) => (/\.(?:id|household|person_id)$/.test(column) ? [...values] : [])),
    );
    const own = numbers.filter((number) => /^[a-z]+-[0-9a-f]{10}$/.test(number));
    expect(own.length).toBeGreaterThan(200);
    const text = said.join('\n');
    expect(own.filter((number) => text.includes(number))).toEqual([]);
  });

  it('no NIR, tax number or CAF number is in any reply, grant or log', () => {
    expect(said.map((text) => FORBIDDEN_NUMBERS.exec(text)?.[0]).filter((number) => number !== undefined)).toEqual([]);
    for (const number of ['185057800608436', '2860599350123', '1234567 ', '0123456789012', '1234567A']) {
      expect(`{"x":"${number}"}`).toMatch(FORBIDDEN_NUMBERS);
    }
  });

  it('nor has the graph a field for one', async () => {
    const sdl = await readFile(joinPath(root, 'schema/composed/supergraph.graphql'), 'utf8');
    const names = sdl.replaceAll(/"""[^]*?"""|"[^"\n]*"/g, '').match(/\w+(?=\s*[(:])/g) ?? [];
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => FORBIDDEN_NAMES.test(name))).toEqual([]);
  });
});

function isRightlyInCommon(column: string): boolean {
  return RIGHTLY_IN_COMMON.some(([, pattern]) => pattern.test(column));
}

/** What an agency saw and logged, without the file that it keeps. */
function withoutData({ party, columns }: Dump): Dump {
  const seen = [...columns].filter(([column]) => /^(?:grant|request|log)\./.test(column));
  return { party, columns: new Map(seen.filter(([column]) => !column.startsWith('grant.subjects.pivot.'))) };
}

async function dumpFiles(dump: DumpWriter, folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    dump.add(`file.${file.replace('.json', '')}`, await readFixture(joinPath(folder, file), Date.now));
  }
}

async function dumpTables(dump: DumpWriter, hub: RunningHub, name: string): Promise<void> {
  const database = await ownSchema(hub.database, name);
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = current_schema()`.execute(database);
  expect(rows.length).toBeGreaterThan(0);
  for (const table of rows) {
    const content = await sql<object>`select * from ${sql.table(table.name)}`.execute(database);
    dump.add(`table.${table.name}`, JSON.parse(JSON.stringify(content.rows)));
  }
}

const PIVOT =
  /^(?:family_name|given_name|given_name_array|birthdate|gender|birthplace|birthcountry|preferred_username)$/;

/** Each persona through each service; into `services` goes what that service may log: its token, the reply's headers and ids. */
async function askEverything(hub: RunningHub, services: Map<string, DumpWriter>, said: string[]): Promise<void> {
  const schema = buildSchema(await readFile(joinPath(root, 'schema/composed/api.graphql'), 'utf8'));
  const query = everythingOf(schema.getType('Citizen') as GraphQLObjectType);
  const directory = await loadDirectory();
  for (const { clientId, siret } of directory.services) {
    const dump = new DumpWriter(clientId);
    services.set(clientId, dump);
    for (const { id } of directory.personas) {
      const sub = createHash('sha256').update(`${siret} ${id}`).digest('hex');
      const token = await hub.token({ persona: id, service: clientId, acr: 'eidas3', claims: { sub: `${sub}v1` } });
      const { text, headers, errors } = await hub.ask(query, { token });
      said.push(text);
      const claims = Object.entries(decodeJwt(token)).filter(([name]) => !PIVOT.test(name) && name !== 'scope');
      dump.add('token', Object.fromEntries(claims));
      dump.add('header', Object.fromEntries(headers));
      dump.add(
        'error.requestId',
        errors.map(({ extensions }) => extensions.requestId),
      );
      dump.add(
        'id',
        [...text.matchAll(/"id":"([^"]+)"/g)].map(([, each]) => each),
      );
    }
  }
}

/** The hub's own fields are about its registers, which no agency has to do with. */
const OF_THE_HUB = /^(?:id|consents|accessLog|moves|suggestedRecipients)$/;

function everythingOf(citizen: GraphQLObjectType): string {
  const asking = { rules: { personTypes: new Set(['Citizen']) } } as unknown as Asking;
  const fields = Object.values(citizen.getFields()).filter(({ name }) => !OF_THE_HUB.test(name));
  const year = yearInParis(Date.now()) - 1;
  return `{ me { id ${fields.map((field) => selectionOf(field, asking, { year })).join(' ')} } }`;
}
