import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { lockFolder } from './folderLock.ts';
import type { Backend } from './backend.ts';
import { ROW_PARSERS } from './rowTypes.ts';

/*
 * PGlite in the shape of a pg pool: one connection, handed to one client at a time, so that a transaction is alone on it.
 * Not used: PGlite's own `createPgConfig` for pg.Pool. It costs 1.5 times as much per statement (measured, 0.5.16), and its clients share
 * one connection object, so that one which leaves after an error ends its successor with it.
 */

/** Opens the embedded database in `folder`/postgres, alone; without a folder one in memory, for tests. Throws FolderInUse. */
export async function openEmbedded(folder: string | undefined): Promise<Backend> {
  const release = folder === undefined ? () => {} : lockFolder(folder);
  try {
    const options = { parsers: { ...ROW_PARSERS } };
    const lite = await (folder === undefined
      ? PGlite.create(options)
      : PGlite.create(join(folder, 'postgres'), options));
    await lite.exec("SET timezone TO 'UTC'");
    return createBackend(lite, release);
  } catch (error) {
    release();
    throw error;
  }
}

function createBackend(lite: PGlite, release: () => void): Backend {
  const takeTurn = createTurns();
  let currentOwner: string | undefined;

  async function actAs(owner: string): Promise<void> {
    if (currentOwner === owner) return;
    currentOwner = undefined;
    await lite.exec(`RESET ROLE; SET search_path TO "${owner}"; SET ROLE "${owner}"`);
    currentOwner = owner;
  }

  return {
    kind: 'embedded',
    async createOwner(owner) {
      const endTurn = await takeTurn();
      try {
        currentOwner = undefined;
        const found = await lite.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [owner]);
        const createRole = found.rows.length === 0 ? `CREATE ROLE "${owner}" NOLOGIN;` : '';
        await lite.exec(`RESET ROLE; ${createRole} CREATE SCHEMA IF NOT EXISTS "${owner}" AUTHORIZATION "${owner}"`);
      } finally {
        endTurn();
      }
    },
    async createSecondSchema(owner, schema) {
      const endTurn = await takeTurn();
      try {
        currentOwner = undefined;
        await lite.exec(`RESET ROLE; CREATE SCHEMA IF NOT EXISTS "${schema}" AUTHORIZATION "${owner}"`);
      } finally {
        endTurn();
      }
    },
    poolFor(owner): PostgresPool {
      return {
        async connect() {
          const endTurn = await takeTurn();
          try {
            await actAs(owner);
            return createClient(lite, endTurn);
          } catch (error) {
            endTurn();
            throw error;
          }
        },
        end: () => Promise.resolve(),
      };
    },
    async listen(channel, listener) {
      const endTurn = await takeTurn();
      try {
        const stop = await lite.listen(channel, listener.onNotify);
        return async () => {
          const endStopTurn = await takeTurn();
          await stop().finally(endStopTurn);
        };
      } finally {
        endTurn();
      }
    },
    async close() {
      const endTurn = await takeTurn();
      try {
        await lite.close();
      } finally {
        release();
        endTurn();
      }
    },
  };
}

function createClient(lite: PGlite, release: () => void): PostgresPoolClient {
  async function query(text: string, parameters: readonly unknown[]) {
    // Statements without parameters go by the simple protocol, which takes several at once, as pg does: migrations need it.
    const result = parameters.length === 0 ? (await lite.exec(text)).at(-1) : await lite.query(text, [...parameters]);
    return {
      command: result?.command as 'SELECT',
      rowCount: result?.rowCount ?? result?.affectedRows ?? 0,
      rows: result?.rows ?? [],
    };
  }
  return { query: query as unknown as PostgresPoolClient['query'], release };
}

/** First come, first served: resolves to what ends the turn. */
function createTurns(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    let endTurn: () => void = () => {};
    const before = last;
    last = new Promise((resolve) => (endTurn = resolve));
    return before.then(() => endTurn);
  };
}
