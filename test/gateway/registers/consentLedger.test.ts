import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { ClientId, SubjectKey } from '../../../gateway/platform/ids.ts';
import type { GiveConsent } from '../../../gateway/registers/consent/consent.ts';
import { createConsentLedger } from '../../../gateway/registers/consent/consentLedger.ts';
import type { ConsentTables } from '../../../gateway/registers/consent/consentTables.ts';
import { openDatabase } from '../../../gateway/platform/database/database.ts';
import { HUB_MIGRATIONS, describeOnDatabases } from '../../support/databases.ts';
import { startPostgres } from '../../support/postgres.ts';
import { until } from '../../support/until.ts';

const PAUL = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as SubjectKey;
const ANGELA = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' as SubjectKey;
const CRECHE = 'creche' as ClientId;
const NOW = Date.UTC(2026, 10, 23, 12);
const TOMORROW = new Date(NOW + 86_400_000).toISOString();

function aConsent(change: Partial<GiveConsent> = {}): GiveConsent {
  return {
    subject: PAUL,
    clientId: CRECHE,
    purpose: 'creche-place',
    kind: 'CONSENT',
    legalBasis: 'CONSENT_RGPD_6_1_A',
    scopes: ['cnaf_enfants', 'dgfip_rfr'],
    expiresAt: TOMORROW,
    ...change,
  };
}

describeOnDatabases('the consent ledger', (databases) => {
  async function aLedger() {
    const { db, owner } = await databases.freshHub<ConsentTables>();
    const time = { now: NOW };
    const clock = () => time.now;
    const ledger = await createConsentLedger({ database: databases.database(), db, clock });
    const openSecond = async () => {
      const database = await databases.openAnother();
      return createConsentLedger({ database, db: await database.forOwner<ConsentTables>(owner), clock });
    };
    const open = async (of = ledger, subject = PAUL) => (await of.openConsents(subject, CRECHE, 'creche-place')).key;
    return { db, ledger, time, openSecond, open };
  }

  test('opens nothing for someone who has said nothing', async () => {
    const { ledger, open } = await aLedger();
    expect(await open()).toBe('');
    expect((await ledger.openConsents(PAUL, CRECHE, 'creche-place')).validUntilMs).toBe(Infinity);
  });

  test('opens the scopes given, to that service and purpose and for that subject alone', async () => {
    const { ledger, open } = await aLedger();
    const given = await ledger.giveConsent(aConsent());

    expect(given).toMatchObject({ status: 'ACTIVE', givenAt: new Date(NOW).toISOString(), expiresAt: TOMORROW });
    expect(await open()).toBe('cnaf_enfants dgfip_rfr');
    expect(await open(ledger, ANGELA)).toBe('');
    expect((await ledger.openConsents(PAUL, 'canteen' as ClientId, 'creche-place')).key).toBe('');
    expect((await ledger.openConsents(PAUL, CRECHE, 'housing-file')).key).toBe('');
  });

  test('opens what several consents open together, until the first of them ends', async () => {
    const { ledger, time, open } = await aLedger();
    const soon = new Date(NOW + 1_000).toISOString();
    await ledger.giveConsent(aConsent({ scopes: ['dgfip_rfr'], expiresAt: soon }));
    await ledger.giveConsent(aConsent({ scopes: ['cnaf_enfants'] }));

    expect((await ledger.openConsents(PAUL, CRECHE, 'creche-place')).validUntilMs).toBe(NOW + 1_000);
    expect(await open()).toBe('cnaf_enfants dgfip_rfr');
    time.now = NOW + 999;
    expect(await open()).toBe('cnaf_enfants dgfip_rfr');
    time.now = NOW + 1_000;
    expect(await open()).toBe('cnaf_enfants');
  });

  test('spells scopes as the treaty does and leaves out unknown ones', async () => {
    const { ledger, open } = await aLedger();
    await ledger.giveConsent(aConsent({ scopes: ['eaje_enfants', 'birth', 'no_such_scope'] }));
    expect(await open()).toBe('birthcountry birthplace cnaf_enfants');
  });

  test('answers from memory with one object per set of scopes', async () => {
    const { db, ledger } = await aLedger();
    await ledger.giveConsent(aConsent());
    await ledger.giveConsent(aConsent({ subject: ANGELA }));
    const pauls = await ledger.openConsents(PAUL, CRECHE, 'creche-place');
    const angelas = await ledger.openConsents(ANGELA, CRECHE, 'creche-place');
    expect(angelas.scopes).toBe(pauls.scopes);

    await sql.raw('ALTER TABLE consent_events RENAME TO consent_events_away').execute(db);
    expect(ledger.openConsents(PAUL, CRECHE, 'creche-place')).toBe(pauls);
  });

  test('answers no read that starts after a withdrawal returned with what was open before', async () => {
    const { ledger, open } = await aLedger();
    const given = await ledger.giveConsent(aConsent());
    await open();
    const before = ledger.version();

    const withdrawn = await ledger.withdrawConsent(PAUL, given.id);

    expect(withdrawn).toMatchObject({ status: 'WITHDRAWN', endedAt: new Date(NOW).toISOString() });
    expect(await open()).toBe('');
    expect(ledger.version()).toBeGreaterThan(before);
  });

  test('never remembers a read that a withdrawal overtook', async () => {
    const { ledger, open } = await aLedger();
    for (let round = 0; round < 20; round += 1) {
      const given = await ledger.giveConsent(aConsent());
      // Reads under way while the withdrawal is: they may see either, but none may leave the old answer behind.
      const reads = Array.from({ length: 5 }, () => open());
      await ledger.withdrawConsent(PAUL, given.id);
      expect(await open()).toBe('');
      await Promise.all(reads);
      expect(await open()).toBe('');
    }
  });

  test('tells other nodes of a change', async () => {
    const { ledger, openSecond, open } = await aLedger();
    const second = await openSecond();
    const given = await ledger.giveConsent(aConsent());
    expect(await open(second)).toBe('cnaf_enfants dgfip_rfr');

    const before = second.version();
    await ledger.withdrawConsent(PAUL, given.id);
    await until('the second node hears of it', () => second.version() !== before);

    expect(await open(second)).toBe('');
    await second.close();
  });

  test('takes an end of a notice for an objection, and ends nothing twice', async () => {
    const { db, ledger } = await aLedger();
    const notice = await ledger.giveConsent(aConsent({ kind: 'NOTICE', legalBasis: 'INFORMATION_L114_8' }));
    expect(await ledger.withdrawConsent(PAUL, notice.id)).toMatchObject({ status: 'OBJECTED' });
    expect(await ledger.withdrawConsent(PAUL, notice.id)).toMatchObject({ status: 'OBJECTED' });
    expect(await db.selectFrom('consent_events').select('type').execute()).toHaveLength(2);
  });

  test("ends nobody else's consent, and does not tell that there is one", async () => {
    const { ledger, open } = await aLedger();
    const given = await ledger.giveConsent(aConsent());
    expect(await ledger.withdrawConsent(ANGELA, given.id)).toBeUndefined();
    expect(await open()).toBe('cnaf_enfants dgfip_rfr');
  });

  test('lists all of a subject, each as it stands now', async () => {
    const { ledger, time } = await aLedger();
    const withdrawn = await ledger.giveConsent(aConsent());
    await ledger.withdrawConsent(PAUL, withdrawn.id);
    await ledger.giveConsent(aConsent({ clientId: 'housing' as ClientId }));
    await ledger.giveConsent(aConsent({ subject: ANGELA }));
    time.now = Date.parse(TOMORROW);

    expect((await ledger.listConsents(PAUL)).map(({ clientId, status }) => [clientId, status])).toEqual([
      ['creche', 'WITHDRAWN'],
      ['housing', 'EXPIRED'],
    ]);
  });

  test('fails closed: a ledger that does not answer opens nothing, takes nothing, and says so', async () => {
    const { db, ledger } = await aLedger();
    await sql.raw('ALTER TABLE consent_events RENAME TO consent_events_away').execute(db);
    const unavailable = { code: 'HUB_LEDGER_UNAVAILABLE' };
    await expect(ledger.openConsents(PAUL, CRECHE, 'creche-place')).rejects.toMatchObject(unavailable);
    await expect(ledger.listConsents(PAUL)).rejects.toMatchObject(unavailable);
    await expect(ledger.giveConsent(aConsent())).rejects.toMatchObject(unavailable);
  });
});

test('answers nothing from memory while changes of other nodes may be missed', async () => {
  const postgres = await startPostgres();
  const database = await openDatabase({ url: postgres.url });
  await database.migrate('hub', HUB_MIGRATIONS);
  const db = await database.forOwner<ConsentTables>('hub');
  const ledger = await createConsentLedger({ database, db, clock: () => NOW });
  const given = await ledger.giveConsent(aConsent());
  await ledger.openConsents(PAUL, CRECHE, 'creche-place');
  const before = ledger.version();

  // The connection that listens is cut, and another node's change passes while it is.
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where query like 'LISTEN %'`.execute(db);
  await until('it knows that it hears nothing', () => ledger.version() !== before, { everyMs: 1 });
  await sql`insert into consent_events (consent_id, type, at, subject, client_id, purpose, kind, legal_basis, scopes, expires_at)
    select consent_id, 'WITHDRAWN', at, subject, client_id, purpose, kind, legal_basis, scopes, expires_at from consent_events`.execute(
    db,
  );

  expect((await ledger.openConsents(PAUL, CRECHE, 'creche-place')).key).toBe('');
  expect(await ledger.listConsents(PAUL)).toMatchObject([{ id: given.id, status: 'WITHDRAWN' }]);

  // It listens again by itself, and answers from memory again.
  const ask = () => ledger.openConsents(PAUL, CRECHE, 'creche-place');
  const isRemembered = async () => (await ask()) === ask();
  await until('it answers from memory', () => isRemembered().catch(() => false));

  await ledger.close();
  await database.close();
  await postgres.stop();
});
