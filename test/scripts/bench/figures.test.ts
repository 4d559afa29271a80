import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell } from '../../../scripts/bench/measure.ts';
import { MIX_KNOWN, newOperation } from '../../../scripts/bench/operations.ts';
import { parseOptions } from '../../../scripts/bench/options.ts';
import { ownerOf, summariseProfiles } from '../../../scripts/bench/profile.ts';
import { toFigures } from '../../../scripts/bench/ratios.ts';
import { soakLines, stepLines } from '../../../scripts/bench/report/summary.ts';
import { ratioTable } from '../../../scripts/bench/report/table.ts';
import { toRatios } from '../../../scripts/bench/report/json.ts';
import { toWaves } from '../../../scripts/bench/targets/bareHandler.ts';
import { TARGETS } from '../../../scripts/bench/targets/targets.ts';
import { createRequestSource } from '../../../scripts/bench/load/requests.ts';

function aCell(target: string, round: number, requestsPerSecond: number, more: Partial<Cell> = {}): Cell {
  return {
    target,
    round,
    requests: requestsPerSecond,
    stretchMicros: [0, 1e6],
    requestsPerSecond,
    operation: 'one-agency',
    column: 'known-callers',
    p50Ms: 1,
    p99Ms: 2,
    cpuMicrosPerRequest: 1e6 / requestsPerSecond,
    databaseMicrosPerRequest: undefined,
    gatewayCores: 1,
    loadCores: 0.2,
    agenciesCores: 0.3,
    maxRssMb: 100,
    agencyCallsPerRequest: 1,
    failed: 0,
    otherLength: 0,
    newOperationShare: 0,
    wrapped: false,
    ...more,
  };
}

describe('ratios of the bench', () => {
  it('pair each round with the base of the same round, since the machine changes between rounds', () => {
    const cells = [aCell('apollo', 0, 100), aCell('ours', 0, 1000), aCell('apollo', 1, 400), aCell('ours', 1, 16_000)];
    const figures = toFigures(cells, 'apollo').get('ours')!.get('one-agency')!['known-callers']!;
    expect(figures.throughput).toBeCloseTo(20);
    expect(figures.cpu).toBeCloseTo(20);
    expect(figures.range[0]).toBeCloseTo(10);
    expect(figures.range[1]).toBeCloseTo(40);
  });

  it('are written as ratios.<target>.<operation>, the other columns beneath', () => {
    const cells = [aCell('apollo', 0, 100), aCell('apollo', 0, 50, { column: 'new-callers' })];
    const report = toRatios(toFigures(cells, 'apollo'));
    expect(report).toMatchObject({
      apollo: { 'one-agency': { throughput: 1, requestsPerSecond: 100, newCallers: { requestsPerSecond: 50 } } },
    });
  });

  it('name a reply that was not the one compared', () => {
    const figures = toFigures([aCell('apollo', 0, 100, { otherLength: 3 })], 'apollo');
    expect(ratioTable({ figures, targets: TARGETS, operations: ['one-agency'] }, 'known-callers')).toContain('WRONG');
  });
});

describe('operations of the bench', () => {
  it('are new for every serial, and right', () => {
    const queries = Array.from({ length: 2000 }, (_, serial) => newOperation(serial));
    expect(new Set(queries.map((query) => query.replace(/New\d+/, ''))).size).toBe(2000);
    const schema = buildSchema(`
      type Query { me: Citizen }
      type Citizen { civilStatus: C familyFile: F taxAssessment: T declaredAddress: A }
      type C { familyName: Int usageName: Int gender: Int birthDate: Int birthPlace: Int union: Int }
      type F { quotient: Int month: Int year: Int provider: Int }
      type T { referenceTaxIncome: Int grossIncome: Int taxAmount: Int familySituation: Int }
      type A { street: Int postalCode: Int city: Int country: Int }`);
    for (const query of queries.slice(0, 50)) expect(validate(schema, parse(query))).toEqual([]);
  });

  it('of the mix are new once in twenty, and take turns among callers', () => {
    const source = createRequestSource({ path: '/', operation: 'mix', tokens: ['a', 'b', 'c'], firstSerial: 7 });
    const sent = Array.from({ length: 40 }, () => source.next().toString());
    expect(source.newOperations).toBe(2);
    expect(sent[19]).toContain('query New7 ');
    expect(sent[39]).toContain('query New8 ');
    expect(sent[4]).toContain('Bearer b');
    expect(MIX_KNOWN).toHaveLength(19);
  });
});

describe('options of the bench', () => {
  const read = (...args: string[]) => parseOptions(args, ['apollo', 'ours']);

  it('default to every target and operation, three rounds and all columns', () => {
    expect(read()).toMatchObject({ rounds: 3, seconds: 1, targets: ['apollo', 'ours'], extras: true });
  });

  it('measure nothing beside the columns that were named', () => {
    expect(read('--columns', 'new-callers')).toMatchObject({ columns: ['new-callers'], extras: false });
    expect(read('--no-extras')).toMatchObject({ columns: ['known-callers'], extras: false });
  });

  it('name what was expected and what was got', () => {
    expect(() => read('--targets', 'apollo,nginx')).toThrow('--targets: expected some of apollo, ours, got "nginx"');
    expect(() => read('--rounds', 'many')).toThrow('--rounds: expected a number from 1 to 50, got "many"');
  });

  it('take --chart with and without a file', () => {
    expect(read('--chart', '--quick')).toMatchObject({ chartFile: 'docs/bench.svg', rounds: 1, extras: false });
    expect(read('--chart', 'x.svg')).toMatchObject({ chartFile: 'x.svg' });
  });

  it('load every target alike, and soak for as long as is said', () => {
    expect(read()).toMatchObject({ connections: 128, soakMinutes: undefined });
    expect(read('--connections', '32', '--soak', '15')).toMatchObject({ connections: 32, soakMinutes: 15 });
    expect(() => read('--soak', 'long')).toThrow('--soak: expected a number from 0.1 to 600, got "long"');
  });
});

describe('the report', () => {
  it('tells single steps and how much dearer a decision is with a large ledger', () => {
    const decision = { '1000': { known: 10, firstTime: 400 }, '1000000': { known: 11, firstTime: 600 } };
    const hubToken = { seenBefore: 1.83, notSeenBefore: 260.4, dpop: 410 };
    const lines = stepLines({
      hubToken,
      reference: { reused: 0.2, fresh: 4 },
      grant: { reused: 9, fresh: 12 },
      decision,
    });
    expect(lines[0]).toContain('seen before 1.8, not seen before 260, with DPoP 410');
    expect(lines[3]).toContain('1000000 consents against 1000: 1.1 times the CPU for known callers (10 us), 1.5 times');
  });

  it('tells where memory stood under a long load', () => {
    const memoryMb = { start: 400, peak: 620, end: 610 };
    const soaked = { minutes: 15, requests: 9, distinctOperations: 50_000, failed: 0, memoryMb };
    expect(soakLines(soaked)[1]).toContain('400 at start, 620 at its peak, 610 at the end');
  });
});

describe('a soak', () => {
  it('asks so many distinct operations, then the first of them again', () => {
    const ask = { path: '/graphql', operation: 'mix', tokens: ['t'], firstSerial: 7, distinctOperations: 3 } as const;
    const source = createRequestSource(ask);
    const texts = Array.from({ length: 20 * 5 }, () => source.next().toString());
    const serials = texts.flatMap((text) => /query New(\d+)/.exec(text)?.[1] ?? []);
    expect(serials).toEqual(['7', '8', '9', '7', '8']);
  });
});

describe('recorded calls', () => {
  it('belong to one wave until one starts that had to wait for an answer', () => {
    const call = (agency: 'family' | 'income' | 'civil-status', startedMs: number) => ({ agency, startedMs, body: '' });
    const waves = toWaves([call('family', 5), call('income', 5.5), call('civil-status', 0)]);
    expect(waves.map((wave) => wave.map(({ agency }) => agency))).toEqual([['civil-status'], ['family', 'income']]);
  });
});

describe('a profile', () => {
  it('gives a frame to the room, the package or the runtime it stands in', () => {
    const frame = (url: string, functionName = 'f') => ownerOf({ url, functionName });
    expect(frame('file:///checkout/gateway/request/fetch/engine.ts')).toBe('gateway/request/fetch');
    expect(frame('file:///x/node_modules/a/node_modules/@apollo/gateway/dist/index.js')).toBe('npm @apollo/gateway');
    expect(frame('node:internal/net')).toBe('node internal/net');
    expect(frame('', '(garbage collector)')).toBe('(garbage collector)');
  });
});

describe('CPU by step', () => {
  it('counts what ran within the measured stretch, for the innermost step of ours', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'));
    mkdirSync(join(folder, 'ours'));
    const node = (id: number, url: string, children: number[]) => ({
      id,
      callFrame: { functionName: 'f', url },
      children,
    });
    const profile = {
      startTime: 1000,
      nodes: [
        node(1, 'file:///x/gateway/request/fetch/run.ts', [2]),
        node(2, 'file:///x/node_modules/undici/index.js', []),
        node(3, 'node:net', []),
      ],
      // The first sample ends at 1100, before the stretch, and the last at 1400, after it.
      samples: [1, 2, 3, 1],
      timeDeltas: [100, 60, 40, 200],
    };
    writeFileSync(join(folder, 'ours', 'a.cpuprofile'), JSON.stringify(profile));
    const table = summariseProfiles(folder, [aCell('ours', 0, 10, { stretchMicros: [1150, 1300], requests: 10 })]);
    rmSync(folder, { recursive: true });
    expect(
      table
        .split('\n')
        .slice(2)
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['', 'one-agency'],
      ['gateway/request/fetch', '6.0'],
      ['node net', '4.0'],
    ]);
  });
});
