import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig, readEnvironment } from '../gateway/platform/config.ts';
import { openDatabase } from '../gateway/platform/database/database.ts';
import { HubError } from '../gateway/platform/errors.ts';
import type { ClientId } from '../gateway/platform/ids.ts';
import { createLog } from '../gateway/platform/log.ts';
import { checkReturnUrl, checkServiceInput } from '../gateway/registers/habilitation/habilitationRules.ts';
import { openHabilitationRegister } from '../gateway/registers/habilitation/habilitationRegister.ts';
import type { HabilitationTables } from '../gateway/registers/habilitation/habilitationTables.ts';
import { insertReturnUrl, insertService } from '../gateway/registers/habilitation/serviceActStore.ts';
import { createServiceSecrets } from '../gateway/session/serviceSecretStore.ts';
import type { SessionTables } from '../gateway/session/sessionTables.ts';

/*
 * npm run register-service -- --client-id canteen --name "Canteen" --siret 99900000100011 --address "…" --contact data@town.example
 * What an instructor does in the graph, for an operator: the first service of a hub, the pages of its agents.
 */

const USAGE = `npm run register-service -- --client-id ID --name NAME --siret SIRET --address TEXT --contact E-MAIL
    [--return-url URL]... [--issuer ISS --issuer-client-id ID]

Registers a service and prints its secret, once, on standard output: the hub keeps a hash. For a service that is registered, makes a second
secret beside the first (two at most); end the older one on the service's own page.

  --issuer, --issuer-client-id   under which name an identity provider knows the service: FranceConnect for citizens, ProConnect for agents' pages

Settings: HUB_DATABASE_URL, or HUB_DATA_DIR of a hub that does not run (the embedded database has one owner at a time).`;

const MIGRATIONS = join(import.meta.dirname, '../gateway/platform/database/migrations');
const text = { type: 'string' } as const;
const OPTIONS = {
  ...{ 'client-id': text, name: text, siret: text, address: text, contact: text },
  ...{ issuer: text, 'issuer-client-id': text },
  'return-url': { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const clientId = values['client-id'] as ClientId | undefined;
  if (values.help || clientId === undefined) {
    process.stdout.write(`${USAGE}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const config = loadConfig(readEnvironment());
  const log = createLog({ level: 'silent' });
  const database = await openDatabase({ url: config.databaseUrl, dataDir: config.dataDir, log });
  try {
    await database.migrate('hub', MIGRATIONS);
    const tables = await database.forOwner<HabilitationTables>('hub');
    const register = await openHabilitationRegister(tables, { database });
    const known = register.getService(clientId);
    if (known === undefined) await registerNew(register, clientId, values);
    const secrets = createServiceSecrets(await database.forOwner<SessionTables>('hub'), Date.now);
    const secret = await secrets.make(clientId);
    if (secret === undefined) throw new TypeError(`${clientId} has two secrets already, or signs assertions instead`);
    const act = { type: 'SECRET_MADE', clientId, actor: { role: 'operator' } } as const;
    await register.changeServices(act, () => Promise.resolve());
    await register.close();
    process.stdout.write(`${secret}\n`);
  } finally {
    await database.close();
  }
}

async function registerNew(
  register: Awaited<ReturnType<typeof openHabilitationRegister>>,
  clientId: ClientId,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const read = (name: string) => (typeof values[name] === 'string' ? values[name] : '');
  const service = {
    clientId,
    name: read('name'),
    siret: read('siret'),
    address: read('address'),
    contact: read('contact'),
  };
  checkServiceInput(service);
  const urls = (values['return-url'] ?? []) as readonly string[];
  for (const url of urls) checkReturnUrl(url);
  const [issuer, name] = [read('issuer'), read('issuer-client-id')];
  if ((issuer === '') !== (name === '')) throw new TypeError('--issuer and --issuer-client-id go together');
  const credentials = issuer === '' ? [] : [{ issuer, clientId: name }];
  await register.changeServices({ type: 'REGISTERED', clientId, actor: { role: 'operator' } }, async (transaction) => {
    await insertService(transaction, { ...service, credentials });
    for (const url of urls) await insertReturnUrl(transaction, clientId, url);
  });
}

await main().catch((fault: unknown) => {
  const field = fault instanceof HubError ? ` (${String(fault.extensions['detailKey'])})` : '';
  process.stderr.write(`${(fault as Error).message}${field}\n`);
  process.exitCode = 1;
});
