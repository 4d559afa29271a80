import { join } from 'node:path';
import { openKeys } from '../../../gateway/platform/keys.ts';
import { createInbox } from '../inbox.ts';
import { GATEWAY_CORE, LOAD_CORE, gatewayOptions, startNode, stopProcess } from '../processes.ts';
import { median } from '../statistics.ts';
import { startDatabase } from '../targets/database.ts';

/** How fast nine recipients are told of as many declarations, by themselves and beside a tenth that is dead. */
export interface DeliveryRates {
  readonly declarations: number;
  readonly recipients: number;
  /** Deliveries a second to the nine, noted as taken; medians of the rounds. */
  readonly without: number;
  readonly besideTheDead: number;
  /** `besideTheDead` over `without`, median of the rounds' pairs. */
  readonly ratio: number;
  /** The hub's CPU per delivery without the dead one, microseconds, the database's not among it; median. */
  readonly cpuMicrosPerDelivery: number;
}

/** An inbox as the hub's process is told of it. */
export interface BenchRecipient {
  readonly agency: string;
  readonly origin: string;
  readonly agencyKey: { readonly kty: string; readonly crv: string; readonly x: string; readonly y: string };
}

/** What the hub's process is to do: declare so often, and then carry it. */
export interface DeliveriesOrder {
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly declarations: number;
  readonly recipients: readonly BenchRecipient[];
  /** Those whose deliveries are waited for. */
  readonly living: readonly string[];
}

export interface DeliveriesDone {
  readonly declareSeconds: number;
  readonly deliverSeconds: number;
  /** Of the hub's process while it delivered, user and system. */
  readonly cpuMicros: number;
}

const RECIPIENTS = 10;

/**
 * Declarations to ten recipients of which one takes requests and never answers, and the same to the nine without it: the product's register and deliverer in a
 * process of their own on the gateway's core, a real PostgreSQL, inboxes that open nothing and answer at once.
 */
export async function measureDeliveries(
  room: { readonly workFolder: string; readonly logFolder: string; readonly profileFolder: string | undefined },
  { declarations, rounds }: { readonly declarations: number; readonly rounds: number },
  say: (line: string) => void,
): Promise<DeliveryRates> {
  const dataDir = join(room.workFolder, 'deliveries');
  openKeys({ dataDir });
  const logFile = join(room.logFolder, 'inboxes.log');
  const inboxes = startNode(new URL('./inboxes.ts', import.meta.url), [], { core: LOAD_CORE, ipc: true, logFile });
  try {
    const next = createInbox<readonly BenchRecipient[]>(inboxes, 'the inboxes');
    inboxes.send({ dataDir, count: RECIPIENTS });
    const all = await next();
    // The last of them never answers.
    const nine = all.slice(0, -1);
    const living = nine.map(({ agency }) => agency);
    const costs: number[] = [];
    const pairs: { readonly without: number; readonly beside: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const rateOf = async (recipients: readonly BenchRecipient[], what: string) => {
        const done = await carry({ dataDir, declarations, recipients, living }, room);
        const deliveries = declarations * living.length;
        const rate = deliveries / done.deliverSeconds;
        if (recipients === nine) costs.push(done.cpuMicros / deliveries);
        say(
          `round ${round + 1}, ${what}: ${Math.round(rate)} deliveries a second to the nine, ${Math.round(declarations / done.declareSeconds)} declarations a second before`,
        );
        return rate;
      };
      const first = round % 2 === 0;
      const one = first ? await rateOf(nine, 'nine recipients') : await rateOf(all, 'nine and a dead one');
      const other = first ? await rateOf(all, 'nine and a dead one') : await rateOf(nine, 'nine recipients');
      pairs.push(first ? { without: one, beside: other } : { without: other, beside: one });
    }
    return {
      ...{ declarations, recipients: RECIPIENTS },
      without: median(pairs.map(({ without }) => without)),
      besideTheDead: median(pairs.map(({ beside }) => beside)),
      ratio: median(pairs.map(({ without, beside }) => beside / without)),
      cpuMicrosPerDelivery: median(costs),
    };
  } finally {
    await stopProcess(inboxes);
  }
}

/** On a database of its own each time. */
async function carry(
  order: Omit<DeliveriesOrder, 'databaseUrl'>,
  { logFolder, profileFolder }: { readonly logFolder: string; readonly profileFolder: string | undefined },
): Promise<DeliveriesDone> {
  const database = await startDatabase();
  const child = startNode(new URL('./process.ts', import.meta.url), [], {
    ...{ core: GATEWAY_CORE, ipc: true, logFile: join(logFolder, 'deliveries.log') },
    nodeOptions: gatewayOptions(profileFolder, 'deliveries'),
  });
  try {
    const next = createInbox<DeliveriesDone>(child, 'the deliveries');
    child.send({ ...order, databaseUrl: database.url } satisfies DeliveriesOrder);
    return await next();
  } finally {
    await stopProcess(child);
    await database.stop();
  }
}
