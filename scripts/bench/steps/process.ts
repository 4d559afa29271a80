/** Process of the single steps: takes one message (StepsOrder), answers with StepCosts. */
import { mkdirSync } from 'node:fs';
import { openDatabase } from '../../../gateway/platform/database/database.ts';
import { loadGraph } from '../../../gateway/platform/graph/loadGraph.ts';
import { openKeys } from '../../../gateway/platform/keys.ts';
import { openHabilitationRegister } from '../../../gateway/registers/habilitation/habilitationRegister.ts';
import type { HabilitationTables } from '../../../gateway/registers/habilitation/habilitationTables.ts';
import { seedBench } from '../targets/seedBench.ts';
import { measureDecisions } from './decisions.ts';
import { measureHubTokens } from './hubTokens.ts';
import { measureGrants, measureReferences } from './grants.ts';
import { LEDGER_SIZES, type StepCosts } from './steps.ts';

export interface StepsOrder {
  readonly supergraph: string;
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly databasePid: number;
}

process.once('message', (order: StepsOrder) => {
  void measure(order).then((costs) => process.send!(costs));
});
process.on('disconnect', () => process.exit(0));

async function measure({ supergraph, dataDir, databaseUrl, databasePid }: StepsOrder): Promise<StepCosts> {
  mkdirSync(dataDir, { recursive: true });
  const callers = { known: LEDGER_SIZES[0], firstNew: 0, newCount: 0 };
  await seedBench({ dataDir, databaseUrl, callers, withNewCallers: false });
  const keys = openKeys({ dataDir });
  const database = await openDatabase({ url: databaseUrl });
  try {
    const habilitations = await openHabilitationRegister(await database.forOwner<HabilitationTables>('hub'));
    return {
      hubToken: await measureHubTokens({ dataDir, keys, database, habilitations }),
      reference: measureReferences(keys),
      grant: measureGrants(keys),
      decision: await measureDecisions({ graph: loadGraph(supergraph), keys, database, databasePid, habilitations }),
    };
  } finally {
    await database.close();
  }
}
