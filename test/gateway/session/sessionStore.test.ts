import { expect, test } from '@jest/globals';
import type { ClientId, SubjectKey } from '../../../gateway/platform/ids.ts';
import { createOnceStore } from '../../../gateway/platform/onceStore.ts';
import type { HabilitationTables } from '../../../gateway/registers/habilitation/habilitationTables.ts';
import { createSessionId, hashOf, type CitizenSession } from '../../../gateway/session/citizenSession.ts';
import { openSessionEnds } from '../../../gateway/session/sessionEnds.ts';
import {
  deleteEndedSessions,
  findRefreshToken,
  insertSession,
  rotateRefreshToken,
} from '../../../gateway/session/sessionStore.ts';
import type { SessionTables } from '../../../gateway/session/sessionTables.ts';
import { describeOnDatabases } from '../../support/databases.ts';

const NOW = Date.UTC(2026, 10, 23, 12);

function aSession(change: Partial<CitizenSession> = {}): CitizenSession {
  return {
    id: createSessionId(),
    clientId: 'canteen' as ClientId,
    subject: 'a'.repeat(30) as SubjectKey,
    purpose: 'canteen-pricing',
    scopes: ['cnaf_enfants', 'dgfip_rfr'],
    acr: 'eidas1',
    sealedIdentity: 'sealed',
    jkt: undefined,
    startedAtMs: NOW,
    endsAtMs: NOW + 1_800_000,
    ...change,
  };
}

describeOnDatabases('sessions', (databases) => {
  async function aHub() {
    const { db, owner } = await databases.freshHub<SessionTables & HabilitationTables>();
    const openNode = async () => {
      const database = await databases.openAnother();
      const ownDb = await database.forOwner<SessionTables>(owner);
      return openSessionEnds({ database, db: ownDb, clock: () => NOW, log: { warn: () => {} } as never });
    };
    return { db: db as never as Parameters<typeof insertSession>[0], openNode };
  }

  test('come back as they were written', async () => {
    const { db } = await aHub();
    const session = aSession({ jkt: 'thumbprint', acr: 'eidas3' });
    await insertSession(db, session, hashOf('one'));
    expect(await findRefreshToken(db, hashOf('one'))).toEqual({ session, isUsed: false, isRevoked: false });
    expect(await findRefreshToken(db, hashOf('other'))).toBeUndefined();
  });

  test('use a refresh token up once, of many who try at the same moment', async () => {
    const { db } = await aHub();
    const session = aSession();
    await insertSession(db, session, hashOf('first'));
    const tries = Array.from({ length: 8 }, (_, at) => {
      return rotateRefreshToken(db, { hash: hashOf('first'), sessionId: session.id }, hashOf(`next ${at}`), NOW);
    });
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    expect((await findRefreshToken(db, hashOf('first')))?.isUsed).toBe(true);
    const next = await Promise.all(tries.map((_, at) => findRefreshToken(db, hashOf(`next ${at}`))));
    expect(next.filter((found) => found !== undefined)).toHaveLength(1);
  });

  test('that are ended are ended on every node, and on one that starts later', async () => {
    const { db, openNode } = await aHub();
    const session = aSession();
    await insertSession(db, session, hashOf('token'));
    const [here, there] = [await openNode(), await openNode()];
    expect(there.isRevoked(session.id)).toBe(false);
    await here.end(session);
    expect(here.isRevoked(session.id)).toBe(true);
    for (let tries = 0; tries < 100 && !there.isRevoked(session.id); tries += 1) await pause();
    expect(there.isRevoked(session.id)).toBe(true);
    const later = await openNode();
    expect(later.isRevoked(session.id)).toBe(true);
    expect((await findRefreshToken(db, hashOf('token')))?.isRevoked).toBe(true);
    await Promise.all([here.close(), there.close(), later.close()]);
  });

  test('that are over leave nothing behind', async () => {
    const { db } = await aHub();
    await insertSession(db, aSession({ endsAtMs: NOW - 1 }), hashOf('over'));
    await insertSession(db, aSession(), hashOf('living'));
    await deleteEndedSessions(db, NOW);
    expect(await findRefreshToken(db, hashOf('over'))).toBeUndefined();
    expect(await findRefreshToken(db, hashOf('living'))).toBeDefined();
  });

  test('know what was presented once: by one of many at the same moment, and again when its time is over', async () => {
    const { db } = await aHub();
    const time = { now: NOW };
    const once = createOnceStore({ db: db as never, clock: () => time.now });
    const uses = await Promise.all(Array.from({ length: 8 }, () => once.use('proof', NOW + 1000)));
    expect(uses.filter(Boolean)).toHaveLength(1);
    expect(await once.use('another', NOW + 1000)).toBe(true);
    time.now += 1001;
    expect(await once.use('proof', NOW + 5000)).toBe(true);
    expect(await once.use('proof', NOW + 5000)).toBe(false);
    once.close();
  });
});

test('a node that may have missed a revocation refuses rather than guesses, until it has read them again', async () => {
  const listener: { onLost?: () => void; onRestored?: () => void } = {};
  let isUp = true;
  const rows = () => (isUp ? Promise.resolve([]) : Promise.reject(new Error('down')));
  const query = { select: () => query, where: () => query, execute: rows };
  const ends = await openSessionEnds({
    database: {
      listen: (_channel, given) => (Object.assign(listener, given), Promise.resolve(() => Promise.resolve())),
    },
    db: { selectFrom: () => query } as never,
    clock: () => NOW,
    log: { warn: () => {} } as never,
  });
  expect(ends.isRevoked('ses_1')).toBe(false);
  listener.onLost!();
  expect(() => ends.isRevoked('ses_1')).toThrow('HUB_LEDGER_UNAVAILABLE');
  isUp = false;
  listener.onRestored!();
  await pause();
  expect(() => ends.isRevoked('ses_1')).toThrow('HUB_LEDGER_UNAVAILABLE');
  isUp = true;
  for (let tries = 0; tries < 100; tries += 1) await pause();
  expect(ends.isRevoked('ses_1')).toBe(false);
  await ends.close();
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 10));
