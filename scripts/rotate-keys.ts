import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnvironment, SETTINGS } from '../gateway/platform/config.ts';
import { rotateExchangeKey, rotateReferenceKey } from '../gateway/platform/keys.ts';
import { rotateTokenKeys } from '../gateway/platform/tokenKeyFile.ts';
import { rotateAgencyKey } from '../subgraphs/kit/agencyKeys.ts';

/*
 * npm run rotate-keys -- signing
 * Puts new keys into HUB_DATA_DIR. Running programs need no restart, but for reference keys.
 */

const USAGE = `npm run rotate-keys -- signing | agency NAME | exchange [--used-in MINUTES] | reference [--opens-for DAYS]

  signing     the hub's own tokens: new ones use the new key in 15 s, old ones live out; no restart
  agency      that agency's key for grants: published at once, used by the hub within a minute; no restart
  exchange    the hub's half of the keys for grants: published at the next start of each node, used MINUTES from now on [60]; start every
              node anew within that time
  reference   the ids by which services and agencies know people: every id changes at the next start of the hub; old ids are
              understood for DAYS more [400]

Back up HUB_DATA_DIR (default ${SETTINGS.dataDir.default}) before and after: a lost reference key loses every reference.`;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What the person at the terminal can mend. */
class UsageError extends Error {}

async function rotate(): Promise<string> {
  const { positionals, values } = readArguments();
  const dataDir = readEnvironment()[SETTINGS.dataDir.name] || SETTINGS.dataDir.default;
  const [what, name, ...rest] = positionals;
  if (rest.length > 0 || (name !== undefined && what !== 'agency')) throw new UsageError(USAGE);
  switch (what) {
    case 'signing':
      return `signing: ${rotateTokenKeys(dataDir, Date.now())} signs in 15 s`;
    case 'agency':
      return rotateAgency(dataDir, name);
    case 'exchange': {
      const nowMs = Date.now();
      const usedFromMs = nowMs + readWhole('--used-in', 'minutes', values['used-in']) * MINUTE_MS;
      const kid = rotateExchangeKey({ dataDir, nowMs, usedFromMs });
      return `exchange: ${kid} is published at the next start of the hub, used from ${new Date(usedFromMs).toISOString()} on`;
    }
    case 'reference': {
      const opensUntilMs = Date.now() + readWhole('--opens-for', 'days', values['opens-for']) * DAY_MS;
      const version = rotateReferenceKey({ dataDir, opensUntilMs });
      return `reference: version ${version} from the next start of the hub on; older ids open until ${new Date(opensUntilMs).toISOString()}`;
    }
    default:
      throw new UsageError(USAGE);
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { 'opens-for': { type: 'string', default: '400' }, 'used-in': { type: 'string', default: '60' } },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function rotateAgency(dataDir: string, name: string | undefined): Promise<string> {
  if (name === undefined || !/^[a-z][a-z0-9-]+$/.test(name)) throw new UsageError(USAGE);
  const file = join(dataDir, 'agencies', name, 'keys', 'agency.jwks.json');
  if (!existsSync(file))
    throw new UsageError(`agency ${name}: there is no ${file}; it is made at the agency's first start`);
  return `agency ${name}: ${await rotateAgencyKey(file)} is published now`;
}

function readWhole(option: string, unit: string, written: string): number {
  const number = Number(written);
  if (!Number.isInteger(number) || number < 1) throw new UsageError(`${option}: expected ${unit}, got "${written}"`);
  return number;
}

try {
  process.stdout.write(`${await rotate()}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
