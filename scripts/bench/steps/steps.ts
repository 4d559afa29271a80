import { join } from 'node:path';
import { createInbox } from '../inbox.ts';
import { GATEWAY_CORE, startNode, stopProcess } from '../processes.ts';
import { startDatabase } from '../targets/database.ts';

/** CPU of this process per call, microseconds: user and system time, the database's own not among it. */
export interface StepCosts {
  /** The identify step with a token of the hub's own; `dpop` is one seen before, with a new proof for each request. */
  readonly hubToken: { readonly seenBefore: number; readonly notSeenBefore: number; readonly dpop: number };
  /** By which one agency knows one person: made, and opened in its answer. */
  readonly reference: { readonly reused: number; readonly fresh: number };
  /** Sealed for one agency and one fetch; `fresh` about somebody of whom it was never asked. */
  readonly grant: { readonly reused: number; readonly fresh: number };
  /** The decide step over four agencies, by number of consents in the ledger. */
  readonly decision: Readonly<Record<string, DecisionCost>>;
}

export interface DecisionCost {
  /** Of somebody whose consents were read before. */
  readonly known: number;
  /** Of somebody whose consents have to be read, the database's CPU included. */
  readonly firstTime: number;
}

/** Numbers of consents between which the decision's cost is compared. */
export const LEDGER_SIZES = [1_000, 1_000_000] as const;

/**
 * Measures single steps by the product's own functions, in a process of their own on the gateway's core, with a real PostgreSQL. `supergraph` is the text with
 * rules.
 */
export async function measureSteps(room: {
  readonly workFolder: string;
  readonly logFolder: string;
  readonly supergraph: string;
}): Promise<StepCosts> {
  const database = await startDatabase();
  const logFile = join(room.logFolder, 'steps.log');
  const child = startNode(new URL('./process.ts', import.meta.url), [], { core: GATEWAY_CORE, ipc: true, logFile });
  try {
    const next = createInbox<StepCosts>(child, 'the steps');
    const { supergraph, workFolder } = room;
    child.send({
      supergraph,
      dataDir: join(workFolder, 'steps'),
      databaseUrl: database.url,
      databasePid: database.pid,
    });
    return await next();
  } finally {
    await stopProcess(child);
    await database.stop();
  }
}
