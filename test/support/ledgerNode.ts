/*
 * A hub node that does nothing but ask its ledger, every few milliseconds, what one person's consents open, and says when it asked and what it heard:
 * `<ms since the epoch> <scopes, - for none, or the code of the refusal>`. Arguments: database URL, and for how long its event
 * loop stands still before each question, ms [0].
 */
import { writeSync } from 'node:fs';
import { openDatabase } from '../../gateway/platform/database/database.ts';
import type { HubError } from '../../gateway/platform/errors.ts';
import type { ClientId, SubjectKey } from '../../gateway/platform/ids.ts';
import { createConsentLedger } from '../../gateway/registers/consent/consentLedger.ts';
import type { ConsentTables } from '../../gateway/registers/consent/consentTables.ts';

const database = await openDatabase({ url: process.argv[2] });
const db = await database.forOwner<ConsentTables>('hub');
const ledger = await createConsentLedger({ database, db, clock: () => Date.now() });
const busyMs = Number(process.argv[3] ?? 0);

for (;;) {
  for (const endsAt = performance.now() + busyMs; performance.now() < endsAt;);
  const startedAt = Date.now();
  let heard: string;
  try {
    const open = await ledger.openConsents(
      'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as SubjectKey,
      'creche' as ClientId,
      'creche-place',
    );
    heard = open.key || '-';
  } catch (error) {
    heard = (error as HubError).code;
  }
  writeSync(1, `${startedAt} ${heard}\n`);
  await new Promise((resolve) => setTimeout(resolve, 3));
}
