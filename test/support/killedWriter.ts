/*
 * A process that writes consents and access records as fast as it can, and says on standard output what was acknowledged, until it is killed.
 * Arguments: database URL or `-`, data folder.
 */
import { writeSync } from 'node:fs';
import { openDatabase } from '../../gateway/platform/database/database.ts';
import type { AgencyId, ClientId, RequestId, SubjectKey } from '../../gateway/platform/ids.ts';
import { createAccessLog } from '../../gateway/registers/access/accessLog.ts';
import type { AccessTables } from '../../gateway/registers/access/accessTables.ts';
import { createConsentLedger } from '../../gateway/registers/consent/consentLedger.ts';
import type { ConsentTables } from '../../gateway/registers/consent/consentTables.ts';

const [url, dataDir, migrations] = process.argv.slice(2) as [string, string, string];
const SUBJECT = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as SubjectKey;

const database = await openDatabase(url === '-' ? { dataDir } : { url });
await database.migrate('hub', migrations);
const clock = () => Date.now();
const ledger = await createConsentLedger({ database, db: await database.forOwner<ConsentTables>('hub'), clock });
const accessLog = await createAccessLog({ db: await database.forOwner<AccessTables>('hub'), clock, groupMs: 2 });

/** Synchronous: what was said was acknowledged before, and what was acknowledged is said even if the end comes next. */
function say(what: string): void {
  let left = Buffer.from(`${what}\n`);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(1, left));
    } catch (fault) {
      // The reader is behind: on a busy machine the pipe fills.
      if ((fault as NodeJS.ErrnoException).code !== 'EAGAIN') throw fault;
      Atomics.wait(PAUSE, 0, 0, 1);
    }
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

async function giveForever(): Promise<never> {
  for (;;) {
    const consent = await ledger.giveConsent({
      ...{ subject: SUBJECT, clientId: 'creche' as ClientId, purpose: 'creche-place', kind: 'CONSENT' },
      ...{ legalBasis: 'CONSENT_RGPD_6_1_A', scopes: ['cnaf_enfants'], expiresAt: '2999-01-01T00:00:00.000Z' },
    });
    say(`consent ${consent.id}`);
  }
}

async function recordForever(writer: number): Promise<never> {
  for (let number = 0; ; number += 1) {
    const requestId = `req_${process.pid}_${writer}_${number}` as RequestId;
    await accessLog.append([
      {
        ...{ requestId, at: new Date(clock()).toISOString(), subject: SUBJECT, actor: SUBJECT, role: 'SELF' },
        ...{ clientId: 'creche' as ClientId, agency: 'family' as AgencyId, purpose: 'creche-place' },
        ...{ legalBasis: 'CONSENT_RGPD_6_1_A', habilitationId: 'hab-creche-1', acr: 'eidas1', fields: [] },
      },
    ]);
    say(`record ${requestId}`);
  }
}

await Promise.all([giveForever(), ...Array.from({ length: 20 }, (_, writer) => recordForever(writer))]);
