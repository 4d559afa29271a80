import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGateway, startUnprotectedGateway, type Gateway } from '../gateway/main.ts';
import { loadConfig, readEnvironment, type Config } from '../gateway/platform/config.ts';
import { openDatabase } from '../gateway/platform/database/database.ts';
import { createLog } from '../gateway/platform/log.ts';
import { discoverAgencies } from '../subgraphs/kit/agencyFolder.ts';
import { agencyLabels, agencyTimeouts } from './start/agencies.ts';
import { followFile } from './start/followFile.ts';
import { runUntilSignal } from './start/runUntilSignal.ts';

/*
 * npm run gateway -- --supergraph schema/composed/supergraph.graphql --port 4000
 * The gateway alone; agencies run elsewhere.
 */

const USAGE = `npm run gateway -- [--supergraph FILE] [--port N] [--unprotected]

Starts the gateway alone and prints "ready {...}" on standard output when it answers; its log goes to standard error.

  --supergraph   default: schema/composed/supergraph.graphql
  --port         TCP port of /graphql; default: HUB_GATEWAY_PORT (4000); 0 takes any free one
  --unprotected  for conformance suites: no token, no grant, no access record. Listens on 127.0.0.1, refuses a supergraph that has
                 rules, and needs HUB_ENV=sandbox or test

When the file of --supergraph changes, the gateway takes the new one without a stop (HUB_SUPERGRAPH_POLL_SECONDS, or at once at SIGHUP). One
that is broken, has lost rules, or puts an agency at a host that is not allowed (HUB_SUBGRAPH_HOSTS) is refused and logged, and the old one stays.

Settings: HUB_* variables, see docs/config.md.`;

const root = join(import.meta.dirname, '..');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      supergraph: { type: 'string', default: join(root, 'schema/composed/supergraph.graphql') },
      port: { type: 'string' },
      unprotected: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const env = readEnvironment();
  const config = loadConfig(values.port === undefined ? env : { ...env, HUB_GATEWAY_PORT: values.port });
  const supergraphSdl = await readFile(values.supergraph, 'utf8');
  await runUntilSignal(async () => {
    const started = values.unprotected
      ? await startUnprotectedGateway({ config, supergraphSdl, log: logOf(config) })
      : await startProtected(config, values.supergraph, supergraphSdl);
    process.stdout.write(`ready ${JSON.stringify({ gateway: started.url })}\n`);
    return () => started.close();
  });
}

async function startProtected(config: Config, supergraphFile: string, supergraphSdl: string): Promise<Gateway> {
  const log = logOf(config);
  const folders = await discoverAgencies(join(root, 'subgraphs'));
  const database = await openDatabase({ url: config.databaseUrl, dataDir: config.dataDir, log });
  try {
    const gateway = await startGateway({
      config,
      supergraphSdl,
      database,
      log,
      agencyLabels: agencyLabels(folders),
      manifests: folders.map(({ manifest }) => manifest),
      timeoutsMs: agencyTimeouts(folders),
    });
    const followed = followFile(supergraphFile, supergraphSdl, {
      everySeconds: config.supergraphPollSeconds,
      onChange: (text) => void gateway.replaceSupergraph(text).catch((fault: unknown) => refused(fault, log)),
      onFault: (fault) => refused(fault, log),
    });
    process.on('SIGHUP', followed.look);
    return {
      url: gateway.url,
      async close() {
        process.off('SIGHUP', followed.look);
        followed.stop();
        await gateway.close();
        await database.close();
      },
    };
  } catch (fault) {
    await database.close();
    throw fault;
  }
}

/** What is wrong with a supergraph is its author's to read: schema elements and hosts, nobody's data. */
function refused(fault: unknown, log: ReturnType<typeof createLog>): void {
  log.error(
    { problem: fault instanceof Error ? fault.message : String(fault) },
    'supergraph refused: the old one stays',
  );
}

/** Standard output is for the ready line. */
function logOf(config: Config): ReturnType<typeof createLog> {
  return createLog({ level: config.logLevel, destination: process.stderr });
}

await main().catch((fault: unknown) => {
  // Settings that were refused, and folders that are in use, say themselves what to do; of the rest the whole is needed.
  const known = fault instanceof TypeError || (fault as Error).name === 'FolderInUse';
  process.stderr.write(`${known ? (fault as Error).message : String((fault as Error).stack)}\n`);
  process.exitCode = 1;
});
