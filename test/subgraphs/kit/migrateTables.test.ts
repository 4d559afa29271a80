import { expect, it } from '@jest/globals';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { migrateTables } from '../../../subgraphs/kit/migrateTables.ts';
import { describeOnDatabases } from '../../support/databases.ts';

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  return folder;
}

async function tablesIn(database: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_name not like 'migrations%' order by 1`.execute(database);
  return rows.map(({ name }) => name);
}

describeOnDatabases("an agency's migrations", (databases) => {
  const owner = (name: string) => databases.database().forOwner<unknown>(`agency_${name}`);

  it('run in order, once, and those that are new at the next start', async () => {
    const database = await owner('first');
    const one = { '000001_one.sql': 'create table one (id int); insert into one values (1);' };
    await migrateTables(database, await folderWith(one));
    await migrateTables(
      database,
      await folderWith({ ...one, '000002_two.sql': 'create table two as select * from one;' }),
    );
    expect(await tablesIn(database)).toEqual(['one', 'two']);
    expect((await sql`select id from two`.execute(database)).rows).toEqual([{ id: 1 }]);
  });

  it("are each agency's own, in a database that others share", async () => {
    const folder = await folderWith({ '000001_one.sql': 'create table one (id int);' });
    const [a, b] = [await owner('a'), await owner('b')];
    await migrateTables(a, folder);
    await migrateTables(b, folder);
    expect([await tablesIn(a), await tablesIn(b)]).toEqual([['one'], ['one']]);
  });

  it('are undone together when one fails, which is named', async () => {
    const database = await owner('failing');
    const folder = await folderWith({
      '000001_one.sql': 'create table one (id int);',
      '000002_bad.sql': 'create tabel two;',
    });
    await expect(migrateTables(database, folder)).rejects.toThrow('000002_bad.sql: migration failed');
    expect(await tablesIn(database)).toEqual([]);
  });
});
