import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { recordId } from '../../../sandbox/seed/recordIds.ts';
import { openAgency } from '../../../subgraphs/kit/openAgency.ts';
import { readAgencyFolder } from '../../../subgraphs/kit/agencyFolder.ts';
import { createAgencyKeys, generateAgencyKey } from '../../../subgraphs/kit/agencyKeys.ts';
import { fixedHubKeys } from '../../../subgraphs/kit/hubKeys.ts';
import { createKitLog } from '../../../subgraphs/kit/log.ts';
import { openUnderTest, type AgencyUnderTest } from '../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import { about, answerOf, NOON, openAgencyOfSandbox, pivot } from '../agencies.ts';

const SELECTION = 'addresses { source asOf holder usage declaredOn address { streetLine postCode city inseeCode } }';

describeOnDatabases('declared addresses', (databases) => {
  let database: Kysely<unknown>;
  let agency: AgencyUnderTest;
  let owners = 0;
  const freshDatabase = () => databases.database().forOwner<unknown>(`agency_address_${(owners += 1)}`);

  beforeAll(async () => {
    database = await freshDatabase();
    agency = await openAgencyOfSandbox('address', { database });
  });

  const addresses = async (person: string, asked = agency) => {
    const answer = await answerOf(asked, about(person, 'address', SELECTION));
    return answer && (answer['addresses'] as readonly Record<string, unknown>[]);
  };

  it('answers the address in force, with who took it down and when', async () => {
    expect(await addresses('dupont-paul')).toEqual([
      {
        source: 'Service des changements de coordonnées',
        asOf: '2025-09-14',
        holder: 'Service en ligne de changement de coordonnées',
        usage: 'MAIN',
        declaredOn: '2025-09-14',
        address: { streetLine: '1 RUE MONTORGUEIL', postCode: '75002', city: 'PARIS', inseeCode: '75102' },
      },
    ]);
  });

  it('answers for children and for people whom only some agencies know', async () => {
    expect(await addresses('dupont-henry')).toMatchObject([{ address: { city: 'PARIS' } }]);
    expect(await addresses('martin-jean')).toMatchObject([{ address: { city: 'BORDEAUX' } }]);
  });

  it('keeps every declaration: the one before the move is still there', async () => {
    const person = recordId('address', 'dupont-paul');
    const { rows } = await sql<{ street_line: string }>`
      select street_line from declared_address where person_id = ${person} order by id`.execute(database);
    expect(rows.map((row) => row.street_line)).toEqual(['42 RUE DE LA PAIX', '1 RUE MONTORGUEIL']);
  });

  it('answers a later declaration from the day it takes effect, in Paris', async () => {
    const own = await freshDatabase();
    await openAgencyOfSandbox('address', { database: own });
    await sql`
      insert into declared_address (person_id, usage, holder, declared_on, effective_on, street_line, post_code, city)
      values (${recordId('address', 'dupont-paul')}, 'MAIN', 'Mairie', '2026-06-01', '2026-07-01', '3 RUE NEUVE', '31000', 'TOULOUSE')`.execute(
      own,
    );
    const at = async (instant: string) => {
      const then = await openAgencyOfSandbox('address', { database: own, clock: () => Date.parse(instant) });
      return (await addresses('dupont-paul', then))!.map(({ address }) => (address as { city: string }).city);
    };
    expect(await at('2026-06-30T21:59:59Z')).toEqual(['PARIS']);
    expect(await at('2026-06-30T22:00:00Z')).toEqual(['TOULOUSE']);
  });

  it('answers one address for each usage', async () => {
    const own = await freshDatabase();
    const asked = await openAgencyOfSandbox('address', { database: own });
    await sql`
      insert into declared_address (person_id, usage, holder, declared_on, effective_on, city)
      values (${recordId('address', 'dupont-paul')}, 'POSTAL', 'Mairie', '2026-06-01', '2026-06-01', 'NANTES')`.execute(
      own,
    );
    expect((await addresses('dupont-paul', asked))!.map(({ usage }) => usage)).toEqual(['MAIN', 'POSTAL']);
  });

  it('is filled once: a second start adds nothing and takes nothing back', async () => {
    const countRows = async () => {
      const { rows } = await sql<{ rows: string }>`select count(*) as rows from declared_address`.execute(database);
      return Number(rows[0]!.rows);
    };
    const before = await countRows();
    await openAgencyOfSandbox('address', { database });
    expect(before).toBeGreaterThan(0);
    expect(await countRows()).toBe(before);
  });

  it('still knows the children of a data folder of last year', async () => {
    const own = await freshDatabase();
    await openAgencyOfSandbox('address', { database: own, clock: () => Date.parse('2025-06-15T10:00:00Z') });
    const thisYear = await openAgencyOfSandbox('address', { database: own });
    expect(pivot('dupont-henry').birthdate).toBe('2023-06-20');
    expect(await addresses('dupont-henry', thisYear)).toHaveLength(1);
  });

  it('stays empty where fixtures may not be written: production', async () => {
    const own = await freshDatabase();
    const folder = await readAgencyFolder(join(import.meta.dirname, '../../../subgraphs/address'));
    const key = generateAgencyKey();
    await openAgency(folder, {
      clock: NOON,
      database: own,
      log: createKitLog('address', { write: () => undefined }),
      authority: { ownKeys: createAgencyKeys([key]), hubKeys: fixedHubKeys([]) },
    });
    const { rows } = await sql`select id from person`.execute(own);
    expect(rows).toEqual([]);
  });

  it('is absent for whoever declared nothing, and for one of two people with the same identity', async () => {
    const answer = await agency.ask(about('dubois-marc', 'address', SELECTION));
    expect(answer).toEqual({ data: { _entities: [null] } });
    expect(await addresses('dubois-angela')).toBeNull();
  });

  it('asks for the scope adresse_declaree', async () => {
    const { data } = await agency.ask(about('dupont-paul', 'address', SELECTION, { scopes: ['cnaf_adresse'] }));
    expect(data).toEqual({ _entities: [{ addresses: null }] });
  });
});

describe('the address agency', () => {
  it('says what it misses when it is started without a database', async () => {
    const folder = await readAgencyFolder(join(import.meta.dirname, '../../../subgraphs/address'));
    await expect(openUnderTest(folder)).rejects.toThrow('"database": true');
  });
});
