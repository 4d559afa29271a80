import { parseArgs } from 'node:util';
import { COLUMNS, type Column } from './measure.ts';
import { OPERATION_NAMES, type OperationName } from './operations.ts';

export interface BenchOptions {
  readonly rounds: number;
  /** Measured seconds of a cell, after warm-up. */
  readonly seconds: number;
  /** Of every target alike. */
  readonly connections: number;
  readonly targets: readonly string[];
  readonly operations: readonly OperationName[];
  readonly columns: readonly Column[];
  /** Whether first uses, new operations beside known ones, a hanging agency and single steps are measured too. */
  readonly extras: boolean;
  /** Minutes of mixed load on the hub alone, in place of everything else. */
  readonly soakMinutes: number | undefined;
  /** Declarations, each to ten recipients, in place of everything else. */
  readonly deliveries: number | undefined;
  readonly jsonFile: string | undefined;
  readonly chartFile: string | undefined;
  /** Folder for CPU profiles of the targets that can write one. */
  readonly profileFolder: string | undefined;
  readonly dataFolder: string;
}

export const HELP = `npm run bench -- [options]

Compares the hub with other gateways on this machine: same graph, same operations, same static agencies, interleaved rounds.
Needs Linux for CPU and memory figures, two cores to pin gateway and load apart, and npm's registry the first time.

  --rounds N          interleaved rounds, order reversed every other one        [3]
  --seconds N         measured seconds of one cell, after its warm-up           [1]
  --connections N     of the load, to every target                              [128]
  --targets A,B       only these, of: TARGETS
  --operations A,B    only these, of: ${OPERATION_NAMES.join(', ')}
  --quick             1 round of 0.6 s, the first column only
  --columns A,B       only these, of: ${COLUMNS.join(', ')}; then nothing else is measured
  --no-extras         the first column only, and nothing else
  --soak MINUTES      nothing but mixed load on the hub, 50,000 distinct operations; memory at start, peak and end
  --deliveries N      nothing but N declarations to ten recipients, one of them dead: the other nine's speed
                      beside theirs without it; of 10,000 each of its two halves takes minutes (300 by default)
  --json FILE         writes {"ratios": {"<target>": {"<operation>": {...}}}, "machine": {...}, "date": ...}
  --chart [FILE]      writes the ratios as SVG                                  [docs/bench.svg]
  --profile FOLDER    V8 CPU profiles of Node targets; prints CPU by step and package
  --data FOLDER       cache of installed peers and files of the run             [.data/bench]
  --help

Ratios are requests per second over those of the same round of \`apollo\` (or of the first target, when apollo is left out):
geometric mean over the rounds, with the range. Differences under 20 % are noise on a shared machine. What each column means,
how peers are set up and what is not run: scripts/bench/README.md.
`;

/** Reads the command line. Throws a TypeError that names the option, what was expected and what was got. */
export function parseOptions(args: readonly string[], knownTargets: readonly string[]): BenchOptions | 'help' {
  const { values, positionals } = parseArgs({
    args: withChartDefault(args),
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      targets: { type: 'string' },
      operations: { type: 'string' },
      quick: { type: 'boolean' },
      columns: { type: 'string' },
      connections: { type: 'string' },
      soak: { type: 'string' },
      deliveries: { type: 'string' },
      'no-extras': { type: 'boolean' },
      json: { type: 'string' },
      chart: { type: 'string' },
      profile: { type: 'string' },
      data: { type: 'string' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (values.help) return 'help';
  if (positionals.length > 0) throw new TypeError(`unknown argument "${positionals[0]}"`);
  const quick = values.quick ?? false;
  const plain = quick || (values['no-extras'] ?? false);
  return {
    rounds: numberOption('--rounds', values.rounds, quick ? 1 : 3, 1, 50),
    seconds: numberOption('--seconds', values.seconds, quick ? 0.6 : 1, 0.2, 120),
    connections: numberOption('--connections', values.connections, 128, 1, 1000),
    targets: listOption('--targets', values.targets, knownTargets),
    operations: listOption('--operations', values.operations, OPERATION_NAMES),
    columns: listOption('--columns', values.columns, plain && !values.columns ? ['known-callers'] : COLUMNS),
    extras: !plain && !values.columns,
    soakMinutes: values.soak === undefined ? undefined : numberOption('--soak', values.soak, 0, 0.1, 600),
    deliveries:
      values.deliveries === undefined ? undefined : numberOption('--deliveries', values.deliveries, 0, 1, 100_000),
    jsonFile: values.json,
    chartFile: values.chart,
    profileFolder: values.profile,
    dataFolder: values.data ?? '.data/bench',
  };
}

/** `--chart` may stand without a file. */
function withChartDefault(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    const next = args[index + 1];
    return arg === '--chart' && (next === undefined || next.startsWith('--')) ? [arg, 'docs/bench.svg'] : [arg];
  });
}

function numberOption(name: string, text: string | undefined, fallback: number, least: number, most: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!(value >= least && value <= most)) {
    throw new TypeError(`${name}: expected a number from ${least} to ${most}, got "${text}"`);
  }
  return value;
}

function listOption<Name extends string>(
  name: string,
  text: string | undefined,
  known: readonly Name[],
): readonly Name[] {
  if (text === undefined) return known;
  return text.split(',').map((entry) => {
    const found = known.find((candidate) => candidate === entry.trim());
    if (!found) throw new TypeError(`${name}: expected some of ${known.join(', ')}, got "${entry}"`);
    return found;
  });
}
