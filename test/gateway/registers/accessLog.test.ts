import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { PurposeName } from '../../../schema/purposes.ts';
import type { AgencyId, ClientId, RequestId, SubjectKey } from '../../../gateway/platform/ids.ts';
import { createAccessLog, type RunningAccessLog } from '../../../gateway/registers/access/accessLog.ts';
import type { AccessEntry } from '../../../gateway/registers/access/accessRecord.ts';
import { insertRow, openChain, readChains, readHead } from '../../../gateway/registers/access/accessStore.ts';
import type { AccessTables } from '../../../gateway/registers/access/accessTables.ts';
import { readLine, writeLine } from '../../../gateway/registers/access/accessLine.ts';
import { genesisRow, nextRow } from '../../../gateway/registers/access/chain.ts';
import { verifyChain } from '../../../gateway/registers/access/verifyChain.ts';
import { describeOnDatabases } from '../../support/databases.ts';

const PAUL = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as SubjectKey;
const ANGELA = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' as SubjectKey;
const NOW = Date.UTC(2026, 10, 23, 12);
const clock = () => NOW;

function anEntry(number: number, change: Partial<AccessEntry> = {}): AccessEntry {
  return {
    requestId: `req_${number}` as RequestId,
    at: new Date(NOW + number).toISOString(),
    subject: PAUL,
    actor: PAUL,
    role: 'SELF',
    clientId: 'canteen' as ClientId,
    agency: 'income' as AgencyId,
    purpose: 'canteen-pricing',
    legalBasis: 'INFORMATION_L114_8',
    habilitationId: 'hab-canteen-1',
    acr: 'eidas1',
    fields: [
      { coordinate: 'TaxAssessment.referenceTaxIncome', outcome: 'DELIVERED', scope: 'dgfip_rfr' },
      { coordinate: 'TaxAssessment.grossIncome', outcome: 'REFUSED', reason: 'NOT_IN_HABILITATION' },
    ],
    ...change,
  };
}

describe('a line', () => {
  const fields = [{ coordinate: 'CivilStatus.x', outcome: 'ABSENT', reason: 'NOT_AVAILABLE' }] as const;
  const mixed = [
    anEntry(1, { purpose: 'with "quotes" and é' as PurposeName }),
    anEntry(1, { agency: 'family' as AgencyId, subject: ANGELA, role: 'SPOUSE', fields }),
    anEntry(2, { clientId: 'creche' as ClientId }),
    anEntry(3, { agency: 'civil-status' as AgencyId, fields }),
    anEntry(3, { actor: ANGELA, role: 'OTHER' }),
    anEntry(3, { actor: ANGELA, role: 'OTHER', acr: 'eidas2' }),
  ];

  test('says of every record what was appended, in the same order', () => {
    const { text, subjects } = writeLine('2026-11-23T12:00:00.000Z', mixed);
    expect(readLine(JSON.parse(text)).map(({ entry }) => entry)).toEqual(mixed);
    expect(subjects).toEqual([PAUL, ANGELA]);
  });

  test('gives the records of one subject with their positions', () => {
    const { text } = writeLine('2026-11-23T12:00:00.000Z', mixed);
    expect(readLine(JSON.parse(text), ANGELA)).toEqual([{ position: 1, entry: mixed[1] }]);
  });

  test('says once what its records have in common', () => {
    const alike = writeLine('2026-11-23T12:00:00.000Z', [anEntry(1), anEntry(2), anEntry(3)]).text;
    expect(alike.split('TaxAssessment.grossIncome')).toHaveLength(2);
    expect(alike.split('hab-canteen-1')).toHaveLength(2);
  });
});

async function everyRecord(log: RunningAccessLog, subject: SubjectKey, first: number): Promise<readonly string[]> {
  const seen: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await log.list(subject, { first, ...(after && { after }) });
    seen.push(...page.records.map((record) => record.id));
    after = page.endCursor;
    if (!page.hasNextPage) return seen;
  }
}

describeOnDatabases('the access log', (databases) => {
  async function aLog(groupMs = 0, maxWaiting?: number) {
    const { db } = await databases.freshHub<AccessTables>();
    const open = () => createAccessLog({ db, clock, groupMs, ...(maxWaiting && { maxWaiting }) });
    return { db, open, log: await open() };
  }

  test('gives back what was appended, newest first, to its subject alone', async () => {
    const { log } = await aLog();
    await log.append([anEntry(1), anEntry(2, { subject: ANGELA })]);
    await log.append([anEntry(3)]);

    const { records, hasNextPage } = await log.list(PAUL, { first: 10 });
    expect(records.map((record) => record.requestId)).toEqual(['req_3', 'req_1']);
    expect(records[1]).toMatchObject({ ...anEntry(1), chainId: log.chainId, seq: 1, id: `${log.chainId}-1-0` });
    expect(hasNextPage).toBe(false);
  });

  test('pages without gap or repetition over several chains and equal times', async () => {
    const { log, open } = await aLog();
    const other = await open();
    await Promise.all([log, other].map((each) => each.append(Array.from({ length: 12 }, (_, n) => anEntry(n >> 2)))));

    const seen = await everyRecord(log, PAUL, 5);
    expect(seen).toHaveLength(24);
    expect(new Set(seen).size).toBe(24);
  });

  test('begins at the newest for a cursor that is not its own, and gives a hundred at most', async () => {
    const { log } = await aLog();
    await log.append(Array.from({ length: 120 }, (_, n) => anEntry(n)));
    const page = await log.list(PAUL, { first: 1_000_000, after: 'bm90IGEgY3Vyc29y' });
    expect(page.records).toHaveLength(100);
    expect(page.records[0]!.requestId).toBe('req_119');
    expect((await log.list(PAUL, { first: -5 })).records).toHaveLength(0);
  });

  test('commits many appends together, each whole, in one unbroken chain', async () => {
    const { db, log } = await aLog(5);
    await Promise.all(Array.from({ length: 300 }, (_, n) => log.append([anEntry(n), anEntry(n, { subject: ANGELA })])));

    const report = await verifyChain(() => readChains(db), [log.head()]);
    // 600 records: a line takes 400.
    expect(report).toMatchObject({ faults: [], rowCount: 3, heads: [{ seq: 2 }] });
    expect(await everyRecord(log, PAUL, 100)).toHaveLength(300);
  });

  test('opens a chain of its own at every start, which notes where the others stood', async () => {
    const { db, log, open } = await aLog();
    await log.append([anEntry(1)]);
    const next = await open();
    await next.append([anEntry(2)]);

    expect(next.chainId).not.toBe(log.chainId);
    expect(await verifyChain(() => readChains(db))).toMatchObject({ faults: [], rowCount: 4 });
    // What the next one noted makes the loss of the first one's end visible, with no head kept outside.
    await sql.raw('DROP TRIGGER access_records_append_only ON access_records').execute(db);
    await db.deleteFrom('access_records').where('chain_id', '=', log.chainId).where('seq', '=', 1).execute();
    expect((await verifyChain(() => readChains(db))).faults).toEqual([
      { chainId: log.chainId, seq: 1, fault: 'CUT_OR_REPLACED' },
    ]);
  });

  describe('shows offline', () => {
    test.each([
      [
        'an edited entry',
        `UPDATE access_records SET entry = replace(entry::text, 'REFUSED', 'MASKED')::json WHERE seq = 2`,
        2,
        'ENTRY_EDITED',
      ],
      [
        'a record moved to another subject',
        `UPDATE access_subjects SET subject = '${ANGELA}' WHERE line = (SELECT id FROM access_records WHERE seq = 2)`,
        2,
        'COLUMNS_EDITED',
      ],
      ['a record hidden from its subject', `DELETE FROM access_subjects`, 1, 'COLUMNS_EDITED'],
      ['another time', `UPDATE access_records SET at = '2026' WHERE seq = 2`, 2, 'COLUMNS_EDITED'],
      ['a changed hash', `UPDATE access_records SET hash = 'x' WHERE seq = 2`, 2, 'ENTRY_EDITED'],
      ['a removed record', 'DELETE FROM access_records WHERE seq = 2', 3, 'ROWS_MISSING'],
      ['a removed beginning', 'DELETE FROM access_records WHERE seq < 2', 2, 'NO_BEGINNING'],
      ['a cut end', 'DELETE FROM access_records WHERE seq > 3', 4, 'CUT_OR_REPLACED'],
      ['a record that is no link', `UPDATE access_records SET prev_hash = 'x' WHERE seq = 2`, 2, 'LINK_BROKEN'],
      ['an emptied log', 'DELETE FROM access_records', 4, 'CUT_OR_REPLACED'],
    ])('%s', async (_, tampering, seq, fault) => {
      const { db, log } = await aLog();
      for (const number of [1, 2, 3, 4]) await log.append([anEntry(number)]);
      const witnessed = [log.head()];
      await sql.raw('DROP TRIGGER access_records_append_only ON access_records').execute(db);
      await sql.raw('DROP TRIGGER access_subjects_append_only ON access_subjects').execute(db);
      expect((await verifyChain(() => readChains(db), witnessed)).faults).toEqual([]);

      await sql.raw(tampering).execute(db);

      const { faults } = await verifyChain(() => readChains(db), witnessed);
      expect(faults[0]).toEqual({ chainId: log.chainId, seq, fault });
    });
  });

  test('shows what was written when a row held one record', async () => {
    const { db, log } = await aLog();
    const [chainId, entry] = ['chn_before', anEntry(1)];
    await openChain(db, genesisRow(chainId, { at: entry.at, heads: [], kind: 'GENESIS' }));
    const row = { at: entry.at, text: JSON.stringify(entry), subjects: [PAUL] };
    await insertRow(db, nextRow((await readHead(db, chainId))!, row));

    expect((await log.list(PAUL, { first: 10 })).records).toMatchObject([{ ...entry, id: 'chn_before-1-0' }]);
    expect((await verifyChain(() => readChains(db))).faults).toEqual([]);
  });

  test('refuses with HUB_AUDIT_UNAVAILABLE when the table does not take it, and goes on when it does again', async () => {
    const { db, log } = await aLog();
    await log.append([anEntry(1)]);
    await sql.raw('ALTER TABLE access_records RENAME TO access_records_away').execute(db);
    await expect(log.append([anEntry(2)])).rejects.toMatchObject({ code: 'HUB_AUDIT_UNAVAILABLE' });
    await expect(log.list(PAUL, { first: 1 })).rejects.toMatchObject({ code: 'HUB_AUDIT_UNAVAILABLE' });
    await sql.raw('ALTER TABLE access_records_away RENAME TO access_records').execute(db);

    await log.append([anEntry(3)]);

    expect((await log.list(PAUL, { first: 10 })).records.map((record) => record.requestId)).toEqual(['req_3', 'req_1']);
    expect((await verifyChain(() => readChains(db))).faults).toEqual([]);
  });

  test('refuses at once when too many records wait', async () => {
    const { log } = await aLog(0, 3);
    const accepted = log.append([anEntry(1), anEntry(2)]);
    await expect(log.append([anEntry(3), anEntry(4)])).rejects.toMatchObject({
      code: 'HUB_AUDIT_UNAVAILABLE',
      detail: '2 records wait already',
    });
    await accepted;
    await log.append([anEntry(3), anEntry(4)]);
  });

  test('commits what waits when it is closed, and takes nothing afterwards', async () => {
    const { log } = await aLog(10);
    const waiting = log.append([anEntry(1)]);
    await log.close();
    await waiting;
    await expect(log.append([anEntry(2)])).rejects.toMatchObject({ code: 'HUB_AUDIT_UNAVAILABLE' });
    expect((await log.list(PAUL, { first: 10 })).records).toHaveLength(1);
  });
});
