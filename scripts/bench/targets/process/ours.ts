/**
 * Process: `ours.ts SUPERGRAPH protected|unprotected`. The product's own gateway with its own defaults; settings come in HUB_* as a
 * person would give them. Under `--cpu-prof` the profile is written when it ends.
 */
import { readFileSync } from 'node:fs';
import { startGateway, startUnprotectedGateway } from '../../../../gateway/main.ts';
import { loadConfig, readEnvironment } from '../../../../gateway/platform/config.ts';
import { openDatabase } from '../../../../gateway/platform/database/database.ts';
import { createLog } from '../../../../gateway/platform/log.ts';

const [supergraphFile = '', mode = 'protected'] = process.argv.slice(2);
const config = loadConfig(readEnvironment());
const supergraphSdl = readFileSync(supergraphFile, 'utf8');
const log = createLog({ level: config.logLevel });
const close = mode === 'unprotected' ? await serveUnprotected() : await serveProtected();
process.once('SIGTERM', () => void close().finally(() => process.exit(0)));

async function serveUnprotected(): Promise<() => Promise<void>> {
  const gateway = await startUnprotectedGateway({ config, supergraphSdl, log });
  return () => gateway.close();
}

async function serveProtected(): Promise<() => Promise<void>> {
  const database = await openDatabase({ url: config.databaseUrl, dataDir: config.dataDir, log });
  const gateway = await startGateway({ config, supergraphSdl, database, log, agencyLabels: new Map() });
  return async () => {
    await gateway.close();
    await database.close();
  };
}
