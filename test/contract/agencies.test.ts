import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '../../gateway/platform/database/database.ts';
import { AGENCY_SCHEMA_HEADER } from '../../schema/directives.ts';
import type { GrantSubject } from '../../schema/grant.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import { checkSchema } from '../../scripts/compose/checkSchema.ts';
import { composeGraph } from '../../scripts/compose/composeGraph.ts';
import { discoverAgencies, type AgencyFolder } from '../../subgraphs/kit/agencyFolder.ts';
import { generateAgencyKey } from '../../subgraphs/kit/agencyKeys.ts';
import { readFixture } from '../../subgraphs/kit/fixtures.ts';
import { listen, type ListeningSubgraph } from '../../subgraphs/kit/httpServer.ts';
import {
  openUnderTest,
  TEST_OPERATOR_CREDENTIAL,
  type AgencyUnderTest,
} from '../../subgraphs/kit/testing/agencyUnderTest.ts';
import { aSubject, scopesHeldBy } from '../../subgraphs/kit/testing/testGrant.ts';
import { answeredCoordinates, askingOf, personFields, selectionOf, type Asking } from './selections.ts';

const root = join(import.meta.dirname, '../..');
const YEAR_SCOPES = ['dgfip_annee_n_moins_1', 'dgfip_annee_n_moins_2', 'dgfip_annee_n_moins_3'];
const clock = (): number => Date.parse('2026-06-15T10:00:00Z');
const LAST_YEAR = 2025;
const FORGED = 'A'.repeat(43);

/** Runs on every folder of subgraphs/ that has an agency.json: joining the hub is one new folder, and this is what it must pass. */
const folders = await discoverAgencies(join(root, 'subgraphs'));

describe.each(folders.map((folder) => [folder.manifest.name, folder] as const))('the agency %s', (name, folder) => {
  describe('publishes a schema', () => {
    const part = { name, url: `http://127.0.0.1:${folder.manifest.port}/graphql`, typeDefs: folder.typeDefs };

    it('that opens with the treaty’s header, describes every type and field and gives every personal field its rule', () => {
      expect(checkSchema(part).faults).toEqual([]);
    });

    it('that composes with the hub’s question alone', () => {
      const hub = `${AGENCY_SCHEMA_HEADER} "Q." type Query { "C." me: Citizen @authenticated } "P." type Citizen @key(fields: "id") @subject { "I." id: ID! }`;
      const files = composeGraph([part, { name: 'hub', url: 'hub:in-process', typeDefs: hub }], [folder.manifest]);
      expect(files['api.graphql']).toContain('type Citizen');
    });
  });

  describe('in operation', () => {
    let agency: AgencyUnderTest;
    let server: ListeningSubgraph;
    let asking: Asking;
    let known: PivotIdentity;
    let database: Database | undefined;

    beforeAll(async () => {
      database = folder.manifest.database ? await openDatabase({}) : undefined;
      const owner = await database?.forOwner(`agency_${name.replaceAll('-', '_')}`);
      agency = await openUnderTest(folder, { clock, ...(owner && { database: owner }) });
      server = await listen(agency.subgraph, { port: 0 });
      asking = askingOf(agency.subgraph.schema, agency.subgraph.sdl);
      known = await findKnownPerson(folder, agency);
    }, 60_000);

    afterAll(async () => {
      await server?.close();
      await agency?.subgraph.close();
      await database?.close();
    }, 60_000);

    const subject = (scopes: readonly string[]): GrantSubject =>
      aSubject({ reference: 'ref-known', pivot: known, scopes });
    const entityQuery = (selection: string, references: readonly string[] = ['ref-known']) => ({
      query: `query($r: [_Any!]!) { _entities(representations: $r) { ... on Citizen { ${selection} } } }`,
      variables: { r: references.map((id) => ({ __typename: 'Citizen', id })) },
    });
    const everything = (options: { readonly alias?: boolean } = {}): string =>
      asking.personTypes
        .flatMap(personFields)
        .map((field) => selectionOf(field, asking, { year: LAST_YEAR, ...options }))
        .join(' ');
    const post = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });

    it('tells its health and its keys', async () => {
      expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ status: 'ok', agency: name });
      expect(await (await fetch(`${server.url}/.well-known/jwks.json`)).json()).toMatchObject({
        keys: [{ crv: 'P-256' }],
      });
    });

    it('serves the person it knows, under all the scopes it holds', async () => {
      const answer = await agency.ask({
        ...entityQuery(everything()),
        subjects: [subject(scopesHeldBy(name))],
        acr: 'eidas3',
      });
      const [citizen] = (answer.data as { _entities: [object] })._entities;
      expect(answeredCoordinates(asking.personTypes[0]!, citizen).size).toBeGreaterThan(1);
      expect(codes(answer).filter((code) => code !== 'AGENCY_FIELD_REFUSED')).toEqual([]);
    });

    it('answers nothing without a grant', async () => {
      const response = await post(JSON.stringify(entityQuery(everything())));
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({
        errors: [{ message: 'A grant is required', extensions: { code: 'AGENCY_GRANT_REQUIRED' } }],
      });
    });

    it.each<[string, Parameters<AgencyUnderTest['askWith']>[1], Parameters<AgencyUnderTest['askWith']>[2]]>([
      ['forged', {}, { forgedWith: generateAgencyKey() }],
      ['expired', { iat: clock() / 1000 - 60, exp: clock() / 1000 - 30 }, {}],
      ['made for another agency', { aud: 'another-agency' }, {}],
      ['sealed for another agency', {}, { info: 'another-agency' }],
      ['sealed for another body', { digest: 'x'.repeat(43) }, {}],
      ['under the key of a day that is over', {}, { day: '2026-06-14' }],
    ])('refuses a grant that is %s', async (_what, changes, sealing) => {
      const request = { ...entityQuery(everything()), subjects: [subject(scopesHeldBy(name))] };
      const { status, answer } = await agency.askWith(request, changes, sealing);
      expect(status).toBe(401);
      expect(answer).toEqual({
        errors: [{ message: 'The grant is refused', extensions: { code: 'AGENCY_GRANT_REFUSED' } }],
      });
    });

    it('refuses a grant that comes again, or that was cut from its body', async () => {
      const body = await agency.hub.seal({ ...entityQuery(everything()), subjects: [subject(scopesHeldBy(name))] });
      expect((await post(body)).status).toBe(200);
      expect((await post(body)).status).toBe(401);
      const other = await agency.hub.seal({ ...entityQuery('id'), subjects: [subject(scopesHeldBy(name))] });
      const grafted = body.slice(0, body.indexOf(',"extensions"')) + other.slice(other.indexOf(',"extensions"'));
      expect((await post(grafted)).status).toBe(401);
    });

    it('gives its SDL to an operator and to nobody else', async () => {
      const sdl = '{"query":"{ _service { sdl } }"}';
      expect(await (await post(sdl, { 'hub-operator': TEST_OPERATOR_CREDENTIAL })).text()).toContain('type Citizen');
      expect((await post(sdl, { 'hub-operator': 'wrong' })).status).toBe(401);
      expect((await post(sdl)).status).toBe(401);
      const granted = await agency.ask({ query: '{ _service { sdl } }', subjects: [subject(scopesHeldBy(name))] });
      expect(JSON.stringify(granted)).not.toContain('Citizen');
    });

    it('knows nobody by a reference that the grant does not name', async () => {
      const asked = entityQuery(everything(), [FORGED, known.family_name, '1', '']);
      const answer = await agency.ask({ ...asked, subjects: [subject(scopesHeldBy(name))] });
      expect(answer).toEqual({ data: { _entities: [null, null, null, null] } });
    });

    it('has one face for somebody it does not know: null, no error', async () => {
      const nobody = aSubject({ reference: 'ref-known', scopes: scopesHeldBy(name) });
      expect(await agency.ask({ ...entityQuery(everything()), subjects: [nobody] })).toEqual({
        data: { _entities: [null] },
      });
    });

    it.each(['plain', 'alias', 'fragment', 'inline fragment', 'twice'])(
      'opens nothing without a scope, asked by %s',
      async (shape) => {
        const fields = everything({ alias: shape === 'alias' });
        const asked = entityQuery(fields);
        const query = {
          plain: asked.query,
          alias: asked.query,
          fragment: `${entityQuery('...f').query} fragment f on Citizen { ...g } fragment g on Citizen { ${fields} }`,
          'inline fragment': entityQuery(`... { ... on Citizen @include(if: true) { ${fields} } }`).query,
          twice: entityQuery(`${fields} ${fields}`).query,
        }[shape]!;
        const answer = await agency.ask({ query, variables: asked.variables, subjects: [subject([])], acr: 'eidas3' });
        const [citizen] = (answer.data as { _entities: [Record<string, unknown>] })._entities;
        expect(Object.values(citizen).every((value) => value === null)).toBe(true);
        expect(new Set(codes(answer))).toEqual(new Set(['AGENCY_FIELD_REFUSED']));
      },
    );

    it('opens by each scope what that scope opens, and nothing of another one', async () => {
      const { rules } = asking.rules;
      for (const scope of scopesHeldBy(name)) {
        const scopes = [scope, ...YEAR_SCOPES];
        const answer = await agency.ask({ ...entityQuery(everything()), subjects: [subject(scopes)], acr: 'eidas3' });
        const [citizen] = (answer.data as { _entities: [object] })._entities;
        for (const coordinate of answeredCoordinates(asking.personTypes[0]!, citizen)) {
          const rule = rules.get(coordinate)?.scopes;
          const opened = rule === undefined || rule.some((all) => all.every((one) => scopes.includes(one)));
          expect({ scope, coordinate, opened }).toEqual({ scope, coordinate, opened: true });
        }
      }
    });

    it('says nothing personal in its log', () => {
      const { family_name, birthdate } = known;
      const text = agency.logged.join('\n');
      for (const value of ['ref-known', FORGED, family_name, birthdate]) expect(text).not.toContain(value);
    });
  });
});

function codes(answer: {
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}): readonly string[] {
  return (answer.errors ?? []).map(({ extensions }) => extensions.code);
}

/** The first of the sandbox's people whom the agency knows: an agency that knows none of them can't be shown to refuse anything. */
async function findKnownPerson(folder: AgencyFolder, agency: AgencyUnderTest): Promise<PivotIdentity> {
  const file = join(root, 'sandbox/identity/personas.json');
  const personas = await readFixture<readonly { readonly claims: PivotIdentity }[]>(file, clock);
  for (const { claims } of personas) {
    const { family_name, given_name, birthdate, gender, birthplace, birthcountry } = claims;
    const pivot = { family_name, given_name, birthdate: String(birthdate), gender, birthplace, birthcountry };
    const { data } = await agency.ask({
      query: 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Citizen { id } } }',
      variables: { r: [{ __typename: 'Citizen', id: 'r' }] },
      subjects: [aSubject({ reference: 'r', pivot })],
    });
    if ((data as { _entities: unknown[] })._entities[0] !== null) return pivot;
  }
  throw new Error(`${folder.manifest.name}: knows none of the sandbox's people; seed its fixtures from sandbox/seed`);
}
