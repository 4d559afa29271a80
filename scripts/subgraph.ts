import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, loadConfig, readEnvironment } from '../gateway/platform/config.ts';
import { openDatabase } from '../gateway/platform/database/database.ts';
import { type AgencyFolder, discoverAgencies } from '../subgraphs/kit/agencyFolder.ts';
import { loadAgencyKeys } from '../subgraphs/kit/agencyKeys.ts';
import { listen } from '../subgraphs/kit/httpServer.ts';
import { createRemoteHubKeys } from '../subgraphs/kit/hubKeys.ts';
import { createKitLog } from '../subgraphs/kit/log.ts';
import { openAgency } from '../subgraphs/kit/openAgency.ts';
import { ownSchema } from './start/agencies.ts';

/*
 * npm run subgraph -- income --port 4103
 * One agency in a process of its own, with its own keys and, if it keeps its data in SQL, its own database.
 */

const USAGE = `npm run subgraph -- NAME [--port N]

Starts one agency of subgraphs/ alone, and prints "ready {...}" on standard output when it answers; its log goes to standard error.

  NAME     the agency's folder
  --port   TCP port; default: the one in its agency.json; 0 takes any free one

Settings: HUB_JWKS_URL (where the hub's public keys are, and at the same origin where declarations are answered), HUB_DATA_DIR (its
data lies in agencies/NAME below it),
HUB_DATABASE_URL (for agencies that keep their data in SQL; default: an embedded database), HUB_OPERATOR_CREDENTIAL (opens its
SDL), HUB_ENV=sandbox (an empty database is filled from its fixtures).`;

/** What the person at the terminal can mend; its message is all they see. */
class UsageError extends Error {}

const subgraphsDir = join(import.meta.dirname, '..', 'subgraphs');

async function main(): Promise<void> {
  const { help, name, port } = readArguments();
  if (help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const folder = await findFolder(name);
  const config = loadConfig(readEnvironment());
  const stop = await start(folder, port ?? folder.manifest.port, config);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

async function start(folder: AgencyFolder, port: number, config: Config): Promise<() => Promise<void>> {
  const { name } = folder.manifest;
  const dataDir = join(config.dataDir, 'agencies', name);
  const database = folder.manifest.database ? await openDatabase({ url: config.databaseUrl, dataDir }) : undefined;
  try {
    const subgraph = await openAgency(folder, {
      clock: Date.now,
      log: createKitLog(name, process.stderr),
      mayLoadFixtures: config.env === 'sandbox',
      hubOrigin: () => new URL(config.jwksUrl).origin,
      authority: {
        ownKeys: await loadAgencyKeys(join(dataDir, 'keys', 'agency.jwks.json')),
        hubKeys: createRemoteHubKeys({ url: config.jwksUrl, clock: Date.now }),
        operatorCredential: config.operatorCredential,
      },
      ...(database && { database: await ownSchema(database, name) }),
    });
    const server = await listen(subgraph, { port });
    const ready = { agency: name, url: `${server.url}/graphql`, jwks: `${server.url}/.well-known/jwks.json` };
    process.stdout.write(`ready ${JSON.stringify(ready)}\n`);
    return async () => {
      await server.close();
      await subgraph.close();
      await database?.close();
    };
  } catch (fault) {
    await database?.close();
    throw fault;
  }
}

async function findFolder(name: string): Promise<AgencyFolder> {
  const folders = await discoverAgencies(subgraphsDir);
  const found = folders.find(({ manifest }) => manifest.name === name);
  if (found) return found;
  const names = folders.map(({ manifest }) => manifest.name).join(', ');
  throw new UsageError(`no agency is called "${name}": there are ${names}`);
}

function readArguments(): { readonly help: boolean; readonly name: string; readonly port: number | undefined } {
  const { values, positionals } = parse();
  if (values.help) return { help: true, name: '', port: undefined };
  const [name] = positionals;
  if (name === undefined || positionals.length > 1) throw new UsageError(`name one agency\n\n${USAGE}`);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new UsageError(`--port: expected a number from 0 to 65535, got "${values.port}"\n\n${USAGE}`);
  }
  return { help: false, name, port };
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (fault) {
    throw new UsageError(`${(fault as Error).message}\n\n${USAGE}`, { cause: fault });
  }
}

try {
  await main();
} catch (fault) {
  // Settings that were refused and folders that are in use say themselves what to do; of the rest the whole is needed.
  const known = fault instanceof UsageError || fault instanceof TypeError || (fault as Error).name === 'FolderInUse';
  process.stderr.write(`${known ? (fault as Error).message : String((fault as Error).stack)}\n`);
  process.exitCode = 1;
}
