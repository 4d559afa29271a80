import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgencyId } from '../../gateway/platform/ids.ts';
import { openKeys } from '../../gateway/platform/keys.ts';
import { type WitnessAgency, openWitness } from './agency.ts';
import type { Act, NodeSetting } from './node.ts';

export interface FaultRun {
  readonly kills: number;
  readonly acknowledged: number;
  /** What was promised and did not hold; empty when all did. */
  readonly faults: readonly string[];
}

/** What the citizen was told of one declaration. */
interface Story {
  readonly declarant: string;
  reference?: string;
  /** Wordings in the order they were said; the last acknowledged one must be the last that arrives. */
  readonly said: { readonly street: string; acknowledged: boolean }[];
  cancelSaid?: true;
  cancelledAtMs?: number;
}

const ACTS_PER_LIFE = 12;
const NODE = join(import.meta.dirname, 'node.ts');

/** Lets a node live and die `kills` times in the middle of its work, and holds what agencies took against what citizens were told. */
export async function runFaults(options: {
  readonly url: string;
  readonly dataDir: string;
  readonly kills: number;
  /** Jobs go through this broker rather than through the database. */
  readonly natsUrl?: string | undefined;
  /** What happens beside each life of the node. */
  readonly meanwhile?: () => Promise<void>;
}): Promise<FaultRun> {
  const keys = openKeys(options);
  const agencies = await Promise.all(['family', 'income'].map((agency) => openWitness(agency as AgencyId, keys)));
  const { meanwhile, ...rest } = options;
  const setting: NodeSetting = {
    ...rest,
    agencies: agencies.map(({ agency, origin, agencyKey }) => ({ agency, origin, agencyKey })),
  };
  const stories: Story[] = [];
  let lastId = 0;

  async function live(forMs: number): Promise<void> {
    const waiting = new Map<number, (reference: string | undefined) => void>();
    const child = await startNode(setting, ({ id, reference }) => waiting.get(id)?.(reference));
    const act = (of: Omit<Act, 'id'>, done: (reference: string | undefined) => void) => {
      lastId += 1;
      waiting.set(lastId, done);
      child.stdin!.write(`${JSON.stringify({ id: lastId, ...of })}\n`);
    };
    for (let count = 0; forMs > 0 && count < ACTS_PER_LIFE; count += 1) sayOne(stories, act);
    await Promise.all([pause(forMs), forMs > 0 && meanwhile?.()]);
    if (forMs === 0) await until(() => settled(stories, agencies).length === 0);
    await kill(child);
  }

  for (let killed = 0; killed < options.kills; killed += 1) await live(200 + Math.random() * 1300);
  await live(0);
  const faults = [...settled(stories, agencies), ...broken(stories, agencies)];
  for (const { close } of agencies) close();
  const acknowledged = stories.filter(({ reference }) => reference !== undefined).length;
  return { kills: options.kills, acknowledged, faults };
}

/** A new declaration, or a change of one that was acknowledged and is not being changed. */
function sayOne(
  stories: Story[],
  act: (of: Omit<Act, 'id'>, done: (reference: string | undefined) => void) => void,
): void {
  const street = `${randomBytes(6).toString('hex')} rue du Port`;
  const idle = stories.filter(
    ({ reference, said, cancelSaid }) => reference && !cancelSaid && said.at(-1)!.acknowledged,
  );
  const story = Math.random() < 0.5 ? idle[Math.floor(Math.random() * idle.length)] : undefined;
  if (story === undefined) {
    const made: Story = { declarant: randomBytes(15).toString('hex'), said: [{ street, acknowledged: false }] };
    stories.push(made);
    act({ does: 'declare', declarant: made.declarant, street }, (reference) => {
      if (reference !== undefined) Object.assign(made, { reference });
      made.said[0]!.acknowledged = true;
    });
    return;
  }
  const { declarant, reference } = story;
  if (Math.random() < 0.4) {
    story.cancelSaid = true;
    act({ does: 'cancel', declarant, reference: reference!, street: '' }, () => (story.cancelledAtMs = Date.now()));
    return;
  }
  const wording = { street, acknowledged: false };
  story.said.push(wording);
  act({ does: 'amend', declarant, reference: reference!, street }, () => (wording.acknowledged = true));
}

/** What was acknowledged and has not arrived. */
function settled(stories: readonly Story[], agencies: readonly WitnessAgency[]): string[] {
  return agencies.flatMap(({ agency, taken }) =>
    stories
      .filter(({ reference, cancelSaid }) => reference !== undefined && !cancelSaid)
      .filter(({ said }) => {
        const last = said.findLastIndex(({ acknowledged }) => acknowledged);
        // A wording after it was said and not acknowledged: either may stand.
        const mayStand = new Set(said.slice(last).map(({ street }) => street));
        return !taken.some(({ street }) => street !== undefined && mayStand.has(street));
      })
      .map(({ reference }) => `${agency}: ${reference} was acknowledged and has not arrived`),
  );
}

function broken(stories: readonly Story[], agencies: readonly WitnessAgency[]): string[] {
  const faults: string[] = [];
  for (const { agency, taken } of agencies) {
    for (const { said, cancelledAtMs } of stories) {
      const streets = said.map(({ street }) => street);
      const own = taken.filter(({ street }) => street !== undefined && streets.includes(street));
      const order = own.map(({ street }) => streets.indexOf(street!));
      if (new Set(order).size < order.length) faults.push(`${agency}: one wording was taken twice`);
      if (order.some((place, index) => index > 0 && place < order[index - 1]!)) faults.push(`${agency}: out of order`);
      if (cancelledAtMs !== undefined && own.some(({ atMs }) => atMs > cancelledAtMs))
        faults.push(`${agency}: delivered after the cancellation was acknowledged`);
    }
  }
  return faults;
}

async function startNode(
  setting: NodeSetting,
  onAcknowledged: (line: { readonly id: number; readonly reference?: string }) => void,
): Promise<ChildProcess> {
  const loader = ['--import', 'ts-blank-space/register', NODE, JSON.stringify(setting)];
  const child = spawn(process.execPath, loader, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('a node ended before it was ready')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') resolve();
      else onAcknowledged(JSON.parse(line) as { id: number; reference?: string });
    });
  });
  return child;
}

function kill(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

async function until(isSo: () => boolean): Promise<void> {
  for (const endsAt = Date.now() + 60_000; Date.now() < endsAt && !isSo();) await pause(50);
}
