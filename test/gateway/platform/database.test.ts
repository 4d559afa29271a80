import { expect, test } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { notify } from '../../../gateway/platform/database/database.ts';
import { HUB_MIGRATIONS, describeOnDatabases } from '../../support/databases.ts';

interface Notes {
  notes: { id: number; text: string };
}

function migrationFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const NOTES = { '000001_notes.sql': 'CREATE TABLE notes (id bigint PRIMARY KEY, text text NOT NULL); SELECT 1;' };

describeOnDatabases('a database', (databases) => {
  test('gives two owners tables of the same name that never meet', async () => {
    const database = databases.database();
    for (const owner of ['agency_one', 'agency_two']) await database.migrate(owner, migrationFolder(NOTES));
    const one = await database.forOwner<Notes>('agency_one');
    const two = await database.forOwner<Notes>('agency_two');

    await Promise.all([
      one.insertInto('notes').values({ id: 1, text: 'of one' }).execute(),
      two.insertInto('notes').values({ id: 1, text: 'of two' }).execute(),
    ]);

    expect(await one.selectFrom('notes').selectAll().execute()).toEqual([{ id: 1, text: 'of one' }]);
    expect(await two.selectFrom('notes').selectAll().execute()).toEqual([{ id: 1, text: 'of two' }]);
  });

  test('runs each migration once, and those that were added later', async () => {
    const database = databases.database();
    await database.migrate('agency_late', migrationFolder(NOTES));
    const more = { ...NOTES, '000002_more.sql': "INSERT INTO notes VALUES (1, 'from the second');" };
    await database.migrate('agency_late', migrationFolder(more));
    await database.migrate('agency_late', migrationFolder(more));

    const db = await database.forOwner<Notes>('agency_late');
    expect(await db.selectFrom('notes').select('text').execute()).toEqual([{ text: 'from the second' }]);
  });

  test('names the migration that failed and leaves nothing of it', async () => {
    const database = databases.database();
    const broken = migrationFolder({
      ...NOTES,
      '000002_broken.sql': 'CREATE TABLE other (id int); SELECT no_such_thing();',
    });

    await expect(database.migrate('agency_broken', broken)).rejects.toThrow('migration 000002_broken failed');
    const db = await database.forOwner('agency_broken');
    const tables = await sql<{ name: string | null }>`select to_regclass('agency_broken.other')::text as name`.execute(
      db,
    );
    expect(tables.rows).toEqual([{ name: null }]);
  });

  test('gives a migration the time it needs, and statements of requests their limit again', async () => {
    const database = databases.database();
    const slow = migrationFolder({
      '000001_slow.sql': "CREATE TABLE seen AS SELECT current_setting('statement_timeout') AS timeout;",
    });
    await database.migrate('agency_slow', slow);
    const db = await database.forOwner<{ seen: { timeout: string } }>('agency_slow');
    const { rows } = await sql<{ timeout: string }>`select current_setting('statement_timeout') as timeout`.execute(db);
    expect(await db.selectFrom('seen').selectAll().execute()).toEqual([{ timeout: '0' }]);
    expect(rows).toEqual([{ timeout: databases.kind === 'server' ? '5s' : '0' }]);
  });

  test('refuses a migration file without a number', async () => {
    const folder = migrationFolder({ 'notes.sql': 'SELECT 1' });
    await expect(databases.database().migrate('agency_misnamed', folder)).rejects.toMatchObject({
      cause: new TypeError(`${folder}: expected names like 000001_what.sql, got "notes.sql"`),
    });
  });

  test('keeps a transaction alone: statements of others wait or do not see it, and a rollback takes only its own', async () => {
    const database = databases.database();
    await database.migrate('agency_alone', migrationFolder(NOTES));
    const db = await database.forOwner<Notes>('agency_alone');

    const failing = db.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ id: 1, text: 'undone' }).execute();
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new Error('on purpose');
    });
    const outside = db.insertInto('notes').values({ id: 2, text: 'kept' }).execute();

    await expect(failing).rejects.toThrow('on purpose');
    await outside;
    expect(await db.selectFrom('notes').select('id').execute()).toEqual([{ id: 2 }]);
  });

  test('goes on after a statement that failed', async () => {
    const db = await databases.database().forOwner('agency_alone');
    await expect(sql`select 1/0`.execute(db)).rejects.toThrow('division by zero');
    expect((await sql<{ one: number }>`select 1::bigint as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  });

  test('outlives a connection that is lost between two statements of a transaction', async () => {
    if (databases.kind === 'embedded') return; // It has no connections.
    const db = await databases.database().forOwner('agency_alone');
    const lost = db.transaction().execute(async (transaction) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
      await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(db);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await sql`select 1`.execute(transaction);
    });
    await expect(lost).rejects.toThrow();
    expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  });

  test('reads instants as text in UTC and bigints as numbers', async () => {
    const db = await databases.database().forOwner('agency_types');
    const { rows } =
      await sql`select '2026-07-01T12:00:00.123+02:00'::timestamptz as at, 9007199254740991::bigint as large,
      date '2026-02-28' as day`.execute(db);
    expect(rows).toEqual([{ at: '2026-07-01T10:00:00.123Z', large: 9007199254740991, day: '2026-02-28' }]);
  });

  test('delivers a notification when its transaction commits, and not when it is undone', async () => {
    const database = databases.database();
    const db = await database.forOwner<never>('agency_alone');
    const heard: string[] = [];
    let wake = () => {};
    const stop = await (
      await databases.openAnother()
    ).listen('test_channel', {
      onNotify: (payload) => {
        heard.push(payload);
        wake();
      },
      onLost: () => {},
      onRestored: () => {},
    });
    const woken = new Promise<void>((resolve) => (wake = resolve));

    await db
      .transaction()
      .execute(async (transaction) => {
        await notify(transaction, 'test_channel', 'undone');
        throw new Error('on purpose');
      })
      .catch(() => {});
    await db.transaction().execute((transaction) => notify(transaction, 'test_channel', 'done'));
    await woken;
    await stop();

    expect(heard).toEqual(['done']);
  });

  test.each([
    ['habilitations', 'purpose'],
    ['consent_events', 'consent_id'],
    ['access_records', 'hash'],
    ['access_subjects', 'subject'],
    ['access_chains', 'opened_at'],
  ])('refuses to change, delete or empty %s', async (table, column) => {
    const { db } = await databases.freshHub();
    for (const act of [`UPDATE ${table} SET ${column} = 'x'`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
      await expect(sql.raw(act).execute(db)).rejects.toThrow(`${table} is append-only`);
    }
  });

  test('brings the hub to its newest schema twice without complaint', async () => {
    const { owner } = await databases.freshHub();
    await databases.database().migrate(owner, HUB_MIGRATIONS);
  });

  test('refuses an owner whose name could be SQL', () => {
    expect(() => databases.database().forOwner('hub"; DROP SCHEMA hub; --')).toThrow(TypeError);
  });
});
