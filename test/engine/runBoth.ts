import { createEngine } from '../../gateway/request/fetch/engine.ts';
import { createReferenceEngine } from '../../gateway/request/fetch/reference.ts';
import { compareReplies } from './compareReplies.ts';
import { allowAll, federate, type TestFederation } from './federation.ts';
import { generateOperation } from './generateOperation.ts';
import { generateWorld } from './generateWorld.ts';

export interface Difference {
  readonly worldSeed: number;
  readonly operationSeed: number;
  readonly query: string;
  readonly text: string;
}

/** Runs generated operations of one generated world on both engines; yields every difference. */
export async function compareWorld(worldSeed: number, operationSeeds: readonly number[]): Promise<Difference[]> {
  const federation = federate(generateWorld(worldSeed));
  const reference = await createReferenceEngine(federation.graph);
  const engine = createEngine({ cacheBytes: 50_000_000 });
  const differences: Difference[] = [];
  try {
    for (const operationSeed of operationSeeds) {
      const { query, variables } = generateOperation(federation.graph.apiSchema, operationSeed, {
        // Exception: the reference nulls what it meets through an interface object when `__typename` has an alias.
        aliasesTypename: !federation.supergraphSdl.includes('isInterfaceObject: true'),
      });
      const judgement = allowAll(federation.graph, query);
      const input = { variables, signal: new AbortController().signal, send: federation.send };
      // Exception: the reference throws where a list within a list is null and something is joined below.
      const theirs = await reference.run(judgement, input).catch(() => undefined);
      if (!theirs) continue;
      const text = await compareOne(engine, federation, judgement, input, theirs);
      if (text !== undefined) differences.push({ worldSeed, operationSeed, query, text });
    }
  } finally {
    await reference.stop();
  }
  return differences;
}

async function compareOne(
  engine: ReturnType<typeof createEngine>,
  { graph }: TestFederation,
  judgement: ReturnType<typeof allowAll>,
  input: Parameters<typeof engine.run>[1],
  theirs: Awaited<ReturnType<typeof engine.run>>,
): Promise<string | undefined> {
  try {
    const ours = await engine.run(await engine.prepare(graph, judgement), input);
    return compareReplies(ours, theirs);
  } catch (defect) {
    return `ours threw ${String((defect as Error).stack)}\n  reference ${theirs.data} ${JSON.stringify(theirs.faults)}`;
  }
}
