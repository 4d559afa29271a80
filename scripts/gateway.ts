import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGateway, startUnprotectedGateway, type Gateway } from '../gateway/main.ts';
import { loadConfig, readEnvironment, type Config } from '../gateway/platform/config.ts';
import { openDatabase } from '../gateway/platform/database/database.ts';
import { createLog } from '../gateway/platform/log.ts';
import { discoverAgencies } from '../subgraphs/kit/agencyFolder.ts';
import { agencyLabels, agencyTimeouts } from './start/agencies.ts';
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
      : await startProtected(config, supergraphSdl);
    process.stdout.write(`ready ${JSON.stringify({ gateway: started.url })}\n`);
    return () => started.close();
  });
}

async function startProtected(config: Config, supergraphSdl: string): Promise<Gateway> {
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
    return {
      url: gateway.url,
      async close() {
        await gateway.close();
        await database.close();
      },
    };
  } catch (fault) {
    await database.close();
    throw fault;
  }
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
