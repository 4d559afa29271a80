import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startAgencies, type StaticAgencies } from './agencies/agencies.ts';
import { askReference, compareAnswers, recordCalls, type Comparison, type ReferenceAnswers } from './compare.ts';
import { composeSupergraph, plainSubgraphs } from './graph/graph.ts';
import { createIssuerKeys, FIRST_NEW_CALLER, KNOWN_CALLERS } from './load/callers.ts';
import { startLoad, type LoadGenerator } from './load/load.ts';
import type { OperationName } from './operations.ts';
import type { Contestant } from './rounds.ts';
import { apolloTarget } from './targets/apollo.ts';
import type { BenchRoom, RunningTarget, Target } from './targets/target.ts';

/** Everything that runs while the bench measures. */
export interface Stage {
  readonly load: LoadGenerator;
  readonly agencies: StaticAgencies;
  readonly contestants: readonly Contestant[];
  readonly room: Pick<BenchRoom, 'agencies' | 'workFolder' | 'logFolder'>;
  /** Targets that could not be run, and operations that a target answers otherwise than the reference. */
  readonly notRun: readonly { readonly name: string; readonly why: string }[];
  stop(): Promise<void>;
}

/**
 * Starts agencies, load and every target that can run here, and compares each target's answers with the reference's
 * (`@apollo/gateway`), which runs whether or not it is measured. Throws when the reference can't be had.
 */
export async function setStage(input: {
  readonly targets: readonly Target[];
  readonly operations: readonly OperationName[];
  readonly dataFolder: string;
  readonly newCallers: number;
  readonly profileFolder: string | undefined;
  readonly say: (line: string) => void;
}): Promise<Stage> {
  const workFolder = mkdtempSync(join(tmpdir(), 'trait-dunion-bench-'));
  const logFolder = resolve(input.dataFolder, 'logs');
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.reverse()) await end();
    rmSync(workFolder, { recursive: true, force: true });
  };
  try {
    const keys = createIssuerKeys();
    const agencies = await startAgencies(join(logFolder, 'agencies.log'));
    stops.push(agencies.stop);
    const load = await startLoad(join(logFolder, 'load.log'), keys.privateJwk);
    stops.push(load.stop);
    const publishAgencyKeys = async (jwks: object) => {
      await agencies.command({ do: 'keys', agencies: jwks, issuer: { keys: [keys.publicJwk] } });
    };
    await publishAgencyKeys({});
    const plainSupergraphFile = join(workFolder, 'plain.graphql');
    writeFileSync(plainSupergraphFile, composeSupergraph(plainSubgraphs(agencies.urls)));
    const peersFolder = resolve(input.dataFolder, 'peers');
    mkdirSync(peersFolder, { recursive: true });
    const room: BenchRoom = {
      peersFolder,
      workFolder,
      logFolder,
      agencies: agencies.urls,
      plainSupergraphFile,
      issuerJwksUrl: agencies.issuerJwksUrl,
      publishAgencyKeys,
      recordedCalls: new Map(),
      callers: { known: KNOWN_CALLERS, firstNew: FIRST_NEW_CALLER, newCount: input.newCallers },
      profileFolder: input.profileFolder ? resolve(input.profileFolder) : undefined,
    };
    const notRun: { name: string; why: string }[] = [];
    const tryStart = async (target: Target, where: BenchRoom): Promise<RunningTarget | undefined> => {
      input.say(`starting ${target.title}`);
      try {
        const obstacle = await target.prepare(peersFolder);
        if (obstacle) throw new Error(obstacle);
        const running = await target.start(where);
        stops.push(running.stop);
        return running;
      } catch (fault) {
        const why = (fault as Error).message;
        // At once too: whoever watches a run of ten minutes can begin it again.
        input.say(`not run: ${target.title}: ${why.trim()}`);
        notRun.push({ name: target.title, why });
        return undefined;
      }
    };

    const reference = apolloTarget('own');
    const referenceRunning = await tryStart(reference, room);
    if (!referenceRunning) throw new Error(`the reference can't run: ${notRun[0]!.why}`);
    const answers = await askReference(load, referenceRunning);
    const recordedCalls = await recordCalls(load, agencies, referenceRunning);

    const contestants: Contestant[] = [];
    for (const target of input.targets) {
      const running =
        target.name === reference.name ? referenceRunning : await tryStart(target, { ...room, recordedCalls });
      if (!running) continue;
      const comparisons = await compareAll({ load, agencies }, { target, running }, input.operations, answers);
      for (const [operation, { difference }] of comparisons) {
        if (difference) notRun.push({ name: `${target.title}, ${operation}`, why: difference });
      }
      contestants.push({ target, running, comparisons });
    }
    return { load, agencies, contestants, room, notRun, stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

async function compareAll(
  tools: { readonly load: LoadGenerator; readonly agencies: StaticAgencies },
  contestant: { readonly target: Target; readonly running: RunningTarget },
  operations: readonly OperationName[],
  answers: ReferenceAnswers,
): Promise<ReadonlyMap<OperationName, Comparison>> {
  const comparisons = new Map<OperationName, Comparison>();
  for (const operation of operations) {
    const { operations: able } = contestant.target;
    if (able && !able.includes(operation)) continue;
    comparisons.set(operation, await compareAnswers(tools, contestant, operation, answers));
  }
  return comparisons;
}
