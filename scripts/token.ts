import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnvironment, SETTINGS } from '../gateway/platform/config.ts';
import { sandboxClientSecret } from '../gateway/session/sandboxClients.ts';
import { CLIENT_SECRETS_FILE, type ClientSecrets } from '../sandbox/identity/clientSecrets.ts';
import type { PublicDirectory } from '../sandbox/identity/directory.ts';
import { exchangeToken } from '../sandbox/identity/exchangeToken.ts';
import { walkFlow } from '../sandbox/identity/walkFlow.ts';
import { ACR_LEVELS, isAcr } from '../schema/acr.ts';

/*
 * npm run token -- --persona dupont-paul --service canteen
 * Prints an access token, alone, on standard output; everything else goes to standard error.
 */

const USAGE = `npm run token -- --persona ID --service CLIENT_ID [--purpose NAME] [--scope "A B"] [--acr ${ACR_LEVELS.join('|')}]

Logs a persona of the running sandbox in for a service, exchanges FranceConnect's token for the hub's, and prints that one.

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
  const sandbox = await findSandbox();
  const directory = await fetchDirectory(sandbox.sandbox);
  const { persona, service: clientId, acr } = options;
  const { id } = pick(directory.personas, ({ id }) => id, persona, '--persona');
  const service = pick(directory.services, ({ clientId }) => clientId, clientId, '--service');
  const only = service.purposes.length === 1 ? service.purposes[0] : undefined;
  const purpose = pick(service.purposes, (name) => name, options.purpose ?? only, '--purpose');
  if (acr !== undefined && !isAcr(acr)) throw new TokenError(`--acr: one of ${ACR_LEVELS.join(', ')}, got "${acr}"`);
  const asked = options.scope ?? service.scopes.join(' ');
  const { accessToken: franceConnectToken, scope } = await walkFlow({
    issuer: directory.issuer,
    clientId: service.clientId,
    clientSecret: await findSecret(service.clientId),
    persona: id,
    scope: asked,
    ...(acr && { acr }),
  });
  const { accessToken } = await exchangeToken({
    hubIssuer: sandbox.session,
    clientId: service.clientId,
    clientSecret: sandboxClientSecret(service.clientId),
    franceConnectToken,
    purpose,
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

/** What `npm start` wrote: where its identity provider is, and the issuer of the hub's tokens. */
interface RunningSandbox {
  readonly sandbox: string;
  readonly session: string;
}

async function findSandbox(): Promise<RunningSandbox> {
  const file = join(dataDir(), 'ready.json');
  try {
    const { sandbox, session } = JSON.parse(await readFile(file, 'utf8')) as Partial<RunningSandbox>;
    if (sandbox !== undefined && session !== undefined) return { sandbox, session };
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
  const refusal = (error as { readonly error_description?: string }).error_description;
  process.stderr.write(`${refusal ?? (error as Error).message}\n`);
  process.exitCode = 1;
}
