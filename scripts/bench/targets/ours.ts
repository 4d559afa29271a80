import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { AGENCY_NAMES, ruledSubgraphs, type AgencyName } from '../graph/graph.ts';
import { BENCH_AUDIENCE, BENCH_ISSUER } from '../load/callers.ts';
import { GATEWAY_CORE, gatewayOptions, startNode, stopProcess } from '../processes.ts';
import { seedBench } from './seedBench.ts';
import { startDatabase, type BenchDatabase } from './database.ts';
import { freePort, untilReady } from './ready.ts';
import type { BenchRoom, RunningTarget, Target } from './target.ts';

type Kind = 'ours' | 'ours-embedded' | 'ours-unprotected';

const TITLES: Readonly<Record<Kind, string>> = {
  ours: "Trait d'Union, protected, PostgreSQL",
  'ours-embedded': "Trait d'Union, protected, embedded",
  'ours-unprotected': "Trait d'Union, unprotected",
};

const GATEWAY = new URL('./process/ours.ts', import.meta.url);

/**
 * The product, started by its own `startGateway` with the product's defaults. Protected: tokens verified, verdicts from token, habilitation and consents, grants made for
 * every call, access records committed before each reply, in groups as the product's default has it. Unprotected: the same engine on the
 * peers' supergraph with none of it, so that the two tell what protection costs.
 */
export function oursTarget(kind: Kind): Target {
  return {
    name: kind,
    title: TITLES[kind],
    protects: kind !== 'ours-unprotected',
    answersGraph: true,
    ...(kind === 'ours' ? {} : { columns: ['known-callers'] as const }),
    prepare: () => Promise.resolve(undefined),
    async start(room) {
      if (kind === 'ours-unprotected') {
        const args = [room.plainSupergraphFile, 'unprotected'];
        return startGateway(room, kind, { args, env: { HUB_DATA_DIR: join(room.workFolder, kind) } });
      }
      return startProtected(room, kind);
    },
  };
}

async function startProtected(room: BenchRoom, kind: Kind): Promise<RunningTarget> {
  const dataDir = join(room.workFolder, kind);
  mkdirSync(dataDir, { recursive: true });
  const database = kind === 'ours' ? await startDatabase() : undefined;
  try {
    await room.publishAgencyKeys(AGENCY_KEYS);
    await seedBench({ dataDir, databaseUrl: database?.url, callers: room.callers, withNewCallers: kind === 'ours' });
    const supergraphFile = join(dataDir, 'supergraph.graphql');
    writeFileSync(supergraphFile, await composeRuled(room));
    const issuers = [
      { iss: BENCH_ISSUER, jwksUri: room.issuerJwksUrl, audience: BENCH_AUDIENCE, algorithms: ['ES256'] },
    ];
    return await startGateway(room, kind, {
      args: [supergraphFile, 'protected'],
      env: {
        HUB_DATA_DIR: dataDir,
        HUB_ISSUERS: JSON.stringify(issuers),
        // One caller asks hundreds of new operations a minute here.
        HUB_NEW_OPERATIONS_PER_MINUTE: '1000000',
        ...(database ? { HUB_DATABASE_URL: database.url } : {}),
      },
      ...(database ? { database } : {}),
    });
  } catch (fault) {
    await database?.stop();
    throw fault;
  }
}

async function startGateway(
  room: BenchRoom,
  kind: Kind,
  how: {
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly database?: BenchDatabase;
  },
): Promise<RunningTarget> {
  const port = await freePort();
  const logFile = join(room.logFolder, `${kind}.log`);
  const child = startNode(GATEWAY, how.args, {
    core: GATEWAY_CORE,
    logFile,
    env: { HUB_ENV: 'test', HUB_GATEWAY_PORT: String(port), ...how.env },
    nodeOptions: gatewayOptions(room.profileFolder, kind),
  });
  const stop = async () => {
    await stopProcess(child);
    await how.database?.stop();
  };
  try {
    await untilReady(child, port, { path: '/graphql', logFile });
  } catch (fault) {
    await stopProcess(child);
    throw fault;
  }
  return {
    port,
    path: '/graphql',
    gatewayPid: child.pid!,
    ...(how.database ? { databasePid: how.database.pid } : {}),
    stop,
  };
}

/** The bench's agencies and the hub's own subgraph, checked and composed as `npm run compose` does. */
export async function composeRuled(room: Pick<BenchRoom, 'agencies'>): Promise<string> {
  // Loaded when asked for: peers run without the product's composition.
  const { composeGraph } = await import('../../compose/composeGraph.ts');
  const { HUB_SUBGRAPH_URL } = await import('../../compose/collectParts.ts');
  const { hubSubgraphSdl } = await import('../../../gateway/registers/hubSubgraph.ts');
  const agencies = ruledSubgraphs(room.agencies).map(({ name, url, sdl }) => ({ name, url, typeDefs: sdl }));
  const hub = { name: 'hub', url: HUB_SUBGRAPH_URL, typeDefs: hubSubgraphSdl() };
  return composeGraph([...agencies, hub], [])['supergraph.graphql'];
}

/** Exchange keys that the static agencies publish, so that the hub can seal grants to them; nobody holds the private halves. */
const AGENCY_KEYS = Object.fromEntries(
  AGENCY_NAMES.map((name) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return [name, { keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'enc' }] }];
  }),
) as Record<AgencyName, unknown>;
