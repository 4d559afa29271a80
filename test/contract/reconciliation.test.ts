import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '../../gateway/platform/database/database.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import { ownSchema } from '../../scripts/start/agencies.ts';
import { discoverAgencies, loadAgencyModule } from '../../subgraphs/kit/agencyFolder.ts';
import type { AgencyDefinition } from '../../subgraphs/kit/agencyModule.ts';
import { readFixture } from '../../subgraphs/kit/fixtures.ts';
import { createKitLog } from '../../subgraphs/kit/log.ts';
import { matchesByStatedRules, reconcile } from '../../subgraphs/kit/reconcile.ts';
import { IDENTITIES } from './identities.ts';

const root = join(import.meta.dirname, '../..');
const clock = (): number => Date.parse('2026-06-15T10:00:00Z');
const folders = await discoverAgencies(join(root, 'subgraphs'));
const personas = await readFixture<readonly { readonly claims: PivotIdentity }[]>(
  join(root, 'sandbox/identity/personas.json'),
  clock,
);

/** Other spellings of the same identity, as other files would hold it: each keeps every fact. */
const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  'in capitals without accents': (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase(),
  'in lower case': (text) => text.toLowerCase(),
  'with decomposed accents': (text) => text.normalize('NFD'),
  'with spaces for hyphens and apostrophes': (text) => text.replace(/[-'’]/g, ' '),
  'with no hyphen, apostrophe or space': (text) => text.replace(/[-'’ ]/g, ''),
  'with ligatures': (text) => text.replace(/oe/g, 'œ').replace(/OE/g, 'Œ'),
};

/** Runs on every folder of subgraphs/, whether it brings a matcher of its own or takes the kit's. */
describe.each(folders.map((folder) => [folder.manifest.name, folder] as const))('the agency %s', (name, folder) => {
  let database: Database | undefined;
  let definition: AgencyDefinition;

  beforeAll(async () => {
    database = folder.manifest.database ? await openDatabase({}) : undefined;
    const agency = await loadAgencyModule(folder);
    definition = await agency.open({
      fixturesDir: join(folder.path, 'fixtures'),
      clock,
      log: createKitLog(name, { write: () => undefined }),
      mayLoadFixtures: true,
      ...(database && { database: await ownSchema(database, name) }),
    });
  }, 60_000);
  afterAll(async () => {
    await definition?.close?.();
    await database?.close();
  }, 60_000);

  it.each(IDENTITIES.map((each) => [each.same ? 'knows' : 'does not know', each.why, each] as const))(
    '%s somebody by: %s',
    (_does, _why, { asked, held, same }) => {
      const matches = definition.matches ?? matchesByStatedRules;
      expect(matches(asked, held)).toBe(same);
      // Twice the same person in the file is nobody.
      const twice = [1, 2].map((record) => ({ identity: held, record }));
      expect(reconcile(asked, twice.slice(1), matches)).toEqual(same ? { record: 2 } : { absent: 'NONE' });
      expect(reconcile(asked, twice, matches)).toEqual({ absent: same ? 'SEVERAL' : 'NONE' });
    },
  );

  async function recordsOf(identities: readonly PivotIdentity[]): Promise<readonly unknown[]> {
    const request = undefined as never;
    const candidates = await definition.findPersons!(identities, request);
    return identities.map((asked, at) => reconcile(asked, candidates[at]!, definition.matches ?? matchesByStatedRules));
  }

  it.each(Object.entries(SPELLINGS))('finds in its file whom it knows, spelt %s', async (_how, spell) => {
    const plain = personas.map(({ claims }) => ({ ...claims, birthdate: String(claims.birthdate) }));
    const spelt = plain.map(({ given_name_array: _, ...claims }) => ({
      ...claims,
      family_name: spell(claims.family_name),
      given_name: spell(claims.given_name),
    }));
    const known = await recordsOf(plain);
    expect(known.some((found) => 'record' in (found as object))).toBe(true);
    expect(await recordsOf(spelt)).toEqual(known);
  });
});

it('the identities are sixty, and a matcher that says yes or no to all of them fails', () => {
  expect(IDENTITIES).toHaveLength(60);
  const matches = IDENTITIES.filter(({ same }) => same).length;
  expect(matches).toBeGreaterThan(20);
  expect(IDENTITIES.length - matches).toBeGreaterThan(20);
});
