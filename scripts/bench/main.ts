import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { measureDeliveries, type DeliveryRates } from './deliveries/deliveries.ts';
import { measureExtras } from './extras/extras.ts';
import { describeMachine, watchOthers, type Machine } from './machine.ts';
import type { Cell, Column } from './measure.ts';
import { HELP, parseOptions, type BenchOptions } from './options.ts';
import { pinSelfToLoadCore } from './processes.ts';
import { summariseProfiles } from './profile.ts';
import { toFigures } from './ratios.ts';
import { ratioChart } from './report/chart.ts';
import { toRatios, type BenchReport } from './report/json.ts';
import { callLines, deliveryLines, extrasLines, protectionLines, soakLines, stepLines } from './report/summary.ts';
import { cpuTable, DETAIL_LEGEND, detailTable, ratioTable, short } from './report/table.ts';
import { newCallersOf, runRounds, type Contestant, type RoundPlan } from './rounds.ts';
import { soak } from './soak.ts';
import { setStage, type Stage } from './stage.ts';
import { measureSteps, type StepCosts } from './steps/steps.ts';
import { composeRuled } from './targets/ours.ts';
import { NOT_ON_NPM, PROTECTION_PAIR, TARGETS } from './targets/targets.ts';

const COLUMN_TITLES: Readonly<Record<Column, string>> = {
  'known-callers': '512 callers in turn, agencies answer at once',
  'new-callers': 'every request from a caller not seen before (* = some came twice)',
  'agencies-4ms': 'agencies answer after 4 ms',
};

/** Of the whole bench: enough for a ratio within 10 %. */
const DELIVERIES = 300;

const targetNames = TARGETS.map((target) => target.name);
try {
  const options = parseOptions(process.argv.slice(2), targetNames);
  if (options === 'help') console.log(HELP.replace('TARGETS', targetNames.join(', ')));
  else await bench(options);
} catch (fault) {
  console.error((fault as Error).message);
  process.exitCode = 1;
}

async function bench(options: BenchOptions): Promise<void> {
  pinSelfToLoadCore();
  if (options.deliveries !== undefined) return benchDeliveries(options, options.deliveries);
  // A folder per run: profiles of an earlier one are another machine's mood.
  const profileFolder =
    options.profileFolder && join(options.profileFolder, new Date().toISOString().replace(/:/g, ''));
  const targets = TARGETS.filter((target) =>
    options.soakMinutes === undefined ? options.targets.includes(target.name) : target.name === PROTECTION_PAIR.on,
  );
  const plan: RoundPlan = {
    rounds: options.rounds,
    seconds: options.seconds,
    connections: options.connections,
    operations: options.operations,
    columns: options.soakMinutes === undefined ? options.columns : [],
  };
  const stage = await setStage({
    targets,
    operations: options.soakMinutes === undefined ? options.operations : ['mix'],
    dataFolder: options.dataFolder,
    newCallers: newCallersOf(plan),
    profileFolder,
    say,
  });
  const interrupted = () => void stage.stop().then(() => process.exit(130));
  let measured: readonly Cell[] = [];
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    if (options.soakMinutes !== undefined) {
      await soakHub(stage, options.soakMinutes, options);
      return;
    }
    const { report, cells } = await measure(stage, plan, options);
    measured = cells;
    if (options.jsonFile) writeReport(options.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await stage.stop();
  }
  if (profileFolder) console.log(summariseProfiles(profileFolder, measured));
}

async function measure(
  stage: Stage,
  plan: RoundPlan,
  options: BenchOptions,
): Promise<{ readonly report: BenchReport; readonly cells: readonly Cell[] }> {
  const base = requireContestant(stage).target.name;
  const othersSince = watchOthers();
  const cells = await runRounds(stage.load, stage.agencies, stage.contestants, plan, (cell) => say(progress(cell)));
  const extras = options.extras ? await measureExtras(stage, plan, say) : undefined;
  const steps = options.extras ? await measureOwnSteps(stage) : undefined;
  const deliveries = options.extras ? await measureOwnDeliveries(stage.room, options, DELIVERIES) : undefined;
  const othersCores = othersSince();
  const figures = toFigures(cells, base);
  const notRun = [...stage.notRun, ...NOT_ON_NPM];
  const machine = describeMachine();
  const date = new Date().toISOString();
  const input = { figures, targets: TARGETS, operations: options.operations };
  for (const column of plan.columns) {
    console.log(
      `\n${COLUMN_TITLES[column]}, ${plan.connections} connections: throughput as a ratio to ${base}\n\n${ratioTable(input, column)}`,
    );
    console.log(`\nthe same in CPU per request\n\n${cpuTable(input, column)}`);
    console.log(`\n${DETAIL_LEGEND}\n\n${detailTable(input, column)}`);
  }
  const remarks = [
    ...callLines(stage.contestants, options.operations),
    ...protectionLines(figures, options.operations, PROTECTION_PAIR),
    ...(extras ? extrasLines(extras) : []),
    ...(steps ? stepLines(steps) : []),
    ...(deliveries ? deliveryLines(deliveries) : []),
  ];
  console.log(`\n${[...remarks, ...notRun.map(({ name, why }) => `not run: ${name}: ${why.trim()}`)].join('\n')}`);
  console.log(`${date.slice(0, 10)}, ${describe(machine)}${disturbance(othersCores)}`);
  if (options.chartFile) {
    writeReport(options.chartFile, ratioChart({ ...input, machine, date, rounds: plan.rounds }));
  }
  const { rounds, seconds, connections } = plan;
  const ratios = toRatios(figures);
  const report = {
    ratios,
    base,
    extras,
    steps,
    deliveries,
    notRun,
    machine,
    othersCores,
    date,
    rounds,
    seconds,
    connections,
  };
  return { report, cells };
}

async function soakHub(stage: Stage, minutes: number, { connections, jsonFile }: BenchOptions): Promise<void> {
  const hub = requireContestant(stage);
  const soaked = await soak(stage, hub, { minutes, connections }, say);
  console.log(soakLines(soaked).join('\n'));
  const report = { soak: soaked, machine: describeMachine(), date: new Date().toISOString() };
  if (jsonFile) writeReport(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
}

function requireContestant({ contestants, notRun }: Stage): Contestant {
  const [contestant] = contestants;
  if (contestant) return contestant;
  throw new Error(notRun.map(({ name, why }) => `${name}: ${why}`).join('\n'));
}

async function measureOwnSteps({ room }: Stage): Promise<StepCosts> {
  say('single steps of the hub, with ledgers of 1,000 and 1,000,000 consents');
  return measureSteps({ ...room, supergraph: await composeRuled(room) });
}

/** Nothing else runs meanwhile: no targets, and so no stage. */
async function benchDeliveries(options: BenchOptions, declarations: number): Promise<void> {
  const othersSince = watchOthers();
  const workFolder = mkdtempSync(join(tmpdir(), 'trait-dunion-bench-'));
  const room = { workFolder, logFolder: resolve(options.dataFolder, 'logs') };
  const deliveries = await measureOwnDeliveries(room, options, declarations).finally(() =>
    rmSync(workFolder, { recursive: true, force: true }),
  );
  const machine = describeMachine();
  console.log([...deliveryLines(deliveries), `${describe(machine)}${disturbance(othersSince())}`].join('\n'));
  const report = { deliveries, machine, date: new Date().toISOString() };
  if (options.jsonFile) writeReport(options.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
}

function measureOwnDeliveries(
  room: { readonly workFolder: string; readonly logFolder: string },
  { rounds, profileFolder }: BenchOptions,
  declarations: number,
): Promise<DeliveryRates> {
  say(`${declarations} declarations to ten recipients, without the dead one and with it`);
  const { workFolder, logFolder } = room;
  return measureDeliveries({ workFolder, logFolder, profileFolder }, { declarations, rounds }, say);
}

function describe(machine: Machine): string {
  return `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}`;
}

function disturbance(othersCores: number | undefined): string {
  if (othersCores === undefined || othersCores < 0.1) return '';
  return `\nother processes kept ${othersCores.toFixed(1)} cores busy meanwhile: don't quote throughput, ratios of CPU still hold`;
}

function writeReport(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function progress(cell: Cell): string {
  const wrong = cell.failed + cell.otherLength;
  const cpu = cell.cpuMicrosPerRequest === undefined ? '' : `, ${Math.round(cell.cpuMicrosPerRequest)} us`;
  const doubts = `${wrong > 0 ? `, ${wrong} WRONG REPLIES` : ''}${(cell.gatewayCores ?? 1) < 0.8 ? `, only ${short(cell.gatewayCores!)} core busy` : ''}`;
  return `round ${cell.round + 1} ${cell.column} ${cell.operation} ${cell.target}: ${Math.round(cell.requestsPerSecond)}/s${cpu}${doubts}`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
