import type { Database, Kysely } from '../../../gateway/platform/database/database.ts';
import type { ClientId } from '../../../gateway/platform/ids.ts';
import type { HubKeys } from '../../../gateway/platform/keys.ts';
import { createSubjectKeyOf } from '../../../gateway/platform/subjectKey.ts';
import { createConsentLedger } from '../../../gateway/registers/consent/consentLedger.ts';
import type { ConsentTables } from '../../../gateway/registers/consent/consentTables.ts';
import type { HabilitationRegister } from '../../../gateway/registers/habilitation/habilitation.ts';
import { createDecide } from '../../../gateway/request/decide/decide.ts';
import type { Caller, Graph, Identified, Understood } from '../../../gateway/request/exchange.ts';
import { createUnderstand } from '../../../gateway/request/understand/understand.ts';
import { expandScopes } from '../../../schema/scopes.ts';
import { findPurpose } from '../../../schema/purposes.ts';
import { BENCH_CLIENT_ID, BENCH_PURPOSE, pivotOf, scopesOf } from '../load/callers.ts';
import { OPERATIONS } from '../operations.ts';
import { readUse } from '../processes.ts';
import { cpuPerCall } from './cpu.ts';
import { addStrangers } from './ledgerStore.ts';
import { LEDGER_SIZES, type DecisionCost } from './steps.ts';

/** People whose consents are read for the first time; all are in the small ledger already. */
const PEOPLE = 960;
const KNOWN_CALLS = 50_000;

/** The decide step with ledgers of different sizes. The large one is the small one and rows of strangers, with the same indices. */
export async function measureDecisions(input: {
  readonly graph: Graph;
  readonly keys: HubKeys;
  readonly database: Database;
  readonly databasePid: number;
  readonly habilitations: HabilitationRegister;
}): Promise<Readonly<Record<string, DecisionCost>>> {
  const db = await input.database.forOwner<ConsentTables>('hub');
  const callers = createCallers(input);
  const costs: Record<string, DecisionCost> = {};
  let size: number = LEDGER_SIZES[0];
  for (const target of LEDGER_SIZES) {
    await addStrangers(db, target - size);
    size = target;
    costs[size] = await measureDecision({ ...input, db, callers });
  }
  return costs;
}

async function measureDecision(input: {
  readonly graph: Graph;
  readonly database: Database;
  readonly databasePid: number;
  readonly db: Kysely<ConsentTables>;
  readonly callers: readonly Caller[];
}): Promise<DecisionCost> {
  const { graph, database, databasePid, callers } = input;
  const clock = Date.now;
  const ledger = await createConsentLedger({ database, db: input.db, clock });
  const decide = createDecide({ openConsents: ledger.openConsents, ledgerVersion: ledger.version, clock });
  const understand = createUnderstand({ graph: () => graph, introspection: 'operator' });
  const ask = (person: number): unknown => {
    const identified = { query: OPERATIONS['four-agencies'].query, variables: {}, method: 'POST', mode: 'partial' };
    const understood = understand({ ...identified, caller: callers[person]! } as unknown as Identified);
    return decide(understood as Understood);
  };
  try {
    // The operation is judged once, connections are opened: neither is what is compared.
    for (let person = PEOPLE; person < callers.length; person += 1) await ask(person);
    const usedBefore = readUse(databasePid)?.cpuMicros ?? 0;
    const own = await cpuPerCall(PEOPLE, ask);
    const databases = ((readUse(databasePid)?.cpuMicros ?? 0) - usedBefore) / PEOPLE;
    return { firstTime: own + databases, known: await cpuPerCall(KNOWN_CALLS, (call) => ask(call % PEOPLE)) };
  } finally {
    await ledger.close();
  }
}

function createCallers({
  keys,
  habilitations,
}: {
  readonly keys: HubKeys;
  readonly habilitations: HabilitationRegister;
}): readonly Caller[] {
  const subjectKeyOf = createSubjectKeyOf(keys);
  const service = habilitations.getService(BENCH_CLIENT_ID as ClientId)!;
  const purpose = findPurpose(BENCH_PURPOSE)!;
  const habilitation = habilitations.findHabilitation(service.clientId, purpose.name, '2026-11-23')!;
  const scopeSets = Array.from({ length: 16 }, (_, number) => expandScopes(scopesOf(number)));
  return Array.from({ length: LEDGER_SIZES[0] }, (_, person) => {
    const pivot = pivotOf(person);
    const tokenScopes = scopeSets[person % 16]!;
    const rights = { tokenScopes, acr: 'eidas2', tokenExpiresAtMs: Infinity } as const;
    return { subject: subjectKeyOf(pivot), pivot, service, purpose, habilitation, ...rights };
  });
}
