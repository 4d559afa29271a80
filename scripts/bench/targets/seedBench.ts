import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../../gateway/platform/database/database.ts';
import { openKeys } from '../../../gateway/platform/keys.ts';
import { createSubjectKeyOf } from '../../../gateway/platform/subjectKey.ts';
import type { ConsentTables } from '../../../gateway/registers/consent/consentTables.ts';
import type { HabilitationTables } from '../../../gateway/registers/habilitation/habilitationTables.ts';
import { seedHabilitations } from '../../../gateway/registers/habilitation/seedHabilitations.ts';
import { BENCH_CLIENT_ID, BENCH_ISSUER, BENCH_PURPOSE, pivotOf, scopesOf } from '../load/callers.ts';
import type { BenchRoom } from './target.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../gateway/platform/database/migrations', import.meta.url));
const ROWS_AT_ONCE = 1000;
const LEGAL_BASIS = 'CONSENT_RGPD_6_1_A';

/**
 * Fills the hub's database before the hub starts: the bench's service with its habilitation, and a consent of every caller that will ask,
 * each with that caller's own scopes. Consents of new callers are only there when they are asked for: a hundred thousand rows.
 */
export async function seedBench(input: {
  readonly dataDir: string;
  /** Undefined: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly callers: BenchRoom['callers'];
  readonly withNewCallers: boolean;
}): Promise<void> {
  const subjectKeyOf = createSubjectKeyOf(openKeys({ dataDir: input.dataDir }));
  const database = await openDatabase({ url: input.databaseUrl, dataDir: input.dataDir });
  try {
    await database.migrate('hub', MIGRATIONS);
    await seedHabilitations(await database.forOwner<HabilitationTables>('hub'), SEEDS);
    const consents = await database.forOwner<ConsentTables>('hub');
    const { known, firstNew, newCount } = input.callers;
    const callers = [...numbers(0, known), ...(input.withNewCallers ? numbers(firstNew, newCount) : [])];
    for (let start = 0; start < callers.length; start += ROWS_AT_ONCE) {
      const rows = callers
        .slice(start, start + ROWS_AT_ONCE)
        .map((caller) => consentRow(caller, subjectKeyOf(pivotOf(caller))));
      await consents.insertInto('consent_events').values(rows).execute();
    }
  } finally {
    await database.close();
  }
}

function consentRow(caller: number, subject: string) {
  const digest = createHash('sha256').update(`bench ${caller}`).digest('base64url');
  return {
    consent_id: `con_${digest.slice(0, 22)}`,
    type: 'GIVEN' as const,
    at: '2026-01-05T08:00:00.000Z',
    subject,
    client_id: BENCH_CLIENT_ID,
    purpose: BENCH_PURPOSE,
    kind: 'CONSENT',
    legal_basis: LEGAL_BASIS,
    scopes: JSON.stringify([...scopesOf(caller)].sort()),
    expires_at: '2099-12-31T23:00:00.000Z',
  };
}

const SEEDS = {
  services: [
    {
      clientId: BENCH_CLIENT_ID,
      name: 'Banc de mesure',
      siret: '99900009900017',
      credentials: [{ issuer: BENCH_ISSUER, clientId: BENCH_CLIENT_ID }],
    },
  ],
  habilitations: [
    {
      id: 'hab-bench-1',
      version: 1,
      clientId: BENCH_CLIENT_ID,
      purpose: BENCH_PURPOSE,
      // Everything any caller holds: caller 15 has every varying scope.
      scopes: [...scopesOf(15)],
      legalBasis: LEGAL_BASIS,
      retentionMonths: 12,
      minimumAcr: 'eidas1',
      firstDay: '2020-01-01',
      lastDay: '2099-12-31',
    },
  ],
};

function numbers(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
