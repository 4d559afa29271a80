import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnvironment, SETTINGS } from '../gateway/platform/config.ts';
import { CLIENT_SECRETS_FILE, type ClientSecrets } from '../sandbox/identity/clientSecrets.ts';
import type { PublicDirectory } from '../sandbox/identity/directory.ts';
import { walkFlow } from '../sandbox/identity/walkFlow.ts';
import { ACR_LEVELS, isAcr } from '../schema/acr.ts';

/*
 * npm run token -- --persona dupont-paul --service canteen
 * Prints an access token, alone, on standard output; everything else goes to standard error.
 */

const USAGE = `npm run token -- --persona ID --service CLIENT_ID [--purpose NAME] [--scope "A B"] [--acr ${ACR_LEVELS.join('|')}]

Logs a persona of the running sandbox in for a service, by the real flow, and prints the access token.

  --persona   who logs in, e.g. dupont-paul
  --service   for which service, e.g. canteen
  --purpose   for which procedure; default: the service's only one
  --scope     which scopes, separated by spaces; default: all of the service's
  --acr       how strongly; default: as that persona usually does

The sandbox is found through ready.json in HUB_DATA_DIR (default ${SETTINGS.dataDir.default}), which npm start writes.`;

/** What the person at the terminal can mend; its message is all they see. */
class TokenError extends Error {}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    process.stderr.write(`${USAGE}\n`);
    return;
  }
  const directory = await fetchDirectory(await findSandbox());
  const { persona, service: clientId, acr } = options;
  const { id } = pick(directory.personas, ({ id }) => id, persona, '--persona');
  const service = pick(directory.services, ({ clientId }) => clientId, clientId, '--service');
  const only = service.purposes.length === 1 ? service.purposes[0] : undefined;
  const purpose = pick(service.purposes, (name) => name, options.purpose ?? only, '--purpose');
  if (acr !== undefined && !isAcr(acr)) throw new TokenError(`--acr: one of ${ACR_LEVELS.join(', ')}, got "${acr}"`);
  const asked = options.scope ?? service.scopes.join(' ');
  const { accessToken, scope } = await walkFlow({
    issuer: directory.issuer,
    clientId: service.clientId,
    clientSecret: await findSecret(service.clientId),
    persona: id,
    purpose,
    scope: asked,
    ...(acr && { acr }),
  });
  const dropped = asked.split(' ').filter((name) => name !== '' && !scope.split(' ').includes(name));
  if (dropped.length > 0) process.stderr.write(`scopes that nobody knows, left out: ${dropped.join(' ')}\n`);
  process.stdout.write(`${accessToken}\n`);
}

function readOptions() {
  const text = { type: 'string' } as const;
  const options = {
    persona: text,
    service: text,
    purpose: text,
    scope: text,
    acr: text,
    help: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new TokenError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function dataDir(): string {
  return readEnvironment()[SETTINGS.dataDir.name] || SETTINGS.dataDir.default;
}

/** The service's own, which the sandbox made for it: this script plays the service. */
async function findSecret(clientId: string): Promise<string> {
  const file = join(dataDir(), 'sandbox', CLIENT_SECRETS_FILE);
  try {
    const secret = (JSON.parse(await readFile(file, 'utf8')) as ClientSecrets)[clientId];
    if (secret !== undefined) return secret;
  } catch {
    throw new TokenError(`the services' secrets cannot be read: ${file}. Run this as who started the sandbox`);
  }
  throw new TokenError(`${file} holds no secret of "${clientId}"`);
}

async function findSandbox(): Promise<string> {
  const file = join(dataDir(), 'ready.json');
  try {
    const { sandbox } = JSON.parse(await readFile(file, 'utf8')) as { sandbox?: string };
    if (sandbox) return sandbox;
  } catch {
    throw new TokenError(`no running sandbox: ${file} cannot be read. Start one with: npm start`);
  }
  throw new TokenError(`${file} names no sandbox: this hub was started without one`);
}

async function fetchDirectory(sandbox: string): Promise<PublicDirectory> {
  try {
    return (await (await fetch(new URL('/directory.json', sandbox))).json()) as PublicDirectory;
  } catch {
    throw new TokenError(`the sandbox does not answer at ${sandbox}. Start it again with: npm start`);
  }
}

/** The entry of that name, or a TokenError that lists what there is. */
function pick<Entry>(
  entries: readonly Entry[],
  nameOf: (entry: Entry) => string,
  name: string | undefined,
  flag: string,
): Entry {
  const found = entries.find((entry) => nameOf(entry) === name);
  if (found !== undefined) return found;
  const fault = name === undefined ? `${flag} is missing` : `${flag}: there is no "${name}"`;
  throw new TokenError(`${fault}; there are:\n${entries.map((entry) => `  ${nameOf(entry)}`).join('\n')}`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
