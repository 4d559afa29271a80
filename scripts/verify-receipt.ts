import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig, readEnvironment } from '../gateway/platform/config.ts';
import type { ExchangePublicJwk } from '../gateway/platform/keys.ts';
import { openReceiptKeys, verifyReceipt } from '../gateway/platform/receiptKeys.ts';

/*
 * npm run verify-receipt -- FILE [--jwks FILE]
 * Prints what the receipt says, and exits with 0, when a key of the hub signed it; says so and exits with 1 when none did. Offline.
 */

const USAGE = `npm run verify-receipt -- FILE [--jwks FILE]

Checks a receipt of the hub without asking anybody, and prints what it says.

  FILE    the receipt as it was given: one compact JWS
  --jwks  the hub's published keys (/.well-known/jwks.json), saved to a file; default: the keys in HUB_DATA_DIR`;

/** What the person at the terminal can mend; its message is all they see. */
class ReceiptError extends Error {}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { jwks: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help || positionals.length !== 1) throw new ReceiptError(USAGE);
  const content = verifyReceipt(read(positionals[0]!), values.jwks === undefined ? ownKeys() : keysIn(values.jwks));
  if (content === undefined) throw new ReceiptError('NOT a receipt of this hub: no key of it signed this text.');
  process.stdout.write(`${JSON.stringify(content, null, 2)}\n`);
  process.stderr.write('The signature is right: the hub issued this receipt, and not a character has changed since.\n');
}

/** Does not make keys where there are none: nothing could have been signed by them. */
function ownKeys(): readonly ExchangePublicJwk[] {
  const { dataDir } = loadConfig(readEnvironment());
  if (!existsSync(join(dataDir, 'keys', 'receipts.json'))) {
    throw new ReceiptError(
      `${dataDir} holds no receipt keys. Set HUB_DATA_DIR, or give the hub's published keys with --jwks.`,
    );
  }
  return openReceiptKeys({ dataDir }).publicJwks;
}

function keysIn(path: string): readonly ExchangePublicJwk[] {
  try {
    const { keys } = JSON.parse(read(path)) as { readonly keys?: unknown };
    if (Array.isArray(keys)) return keys as ExchangePublicJwk[];
  } catch (error) {
    if (error instanceof ReceiptError) throw error;
  }
  throw new ReceiptError(`${path} is no JWKS.`);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ReceiptError(`${path} cannot be read.`);
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof ReceiptError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
