import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.ts';
import { HubError } from './errors.ts';

/** What every room logs with. */
export type Log = Logger;

/*
 * Keys whose value never reaches a log, at any depth and in any case. pino's own `redact` names fixed paths; a claim set handed over one level
 * deeper than foreseen would pass it.
 */
const WITHHELD = new Set([
  ...[
    'authorization',
    'cookie',
    'set-cookie',
    'token',
    'access_token',
    'id_token',
    'refresh_token',
    'grant',
    'sealedgrant',
  ],
  ...['password', 'secret', 'credential', 'operatorcredential', 'databaseurl', 'client_secret', 'd', 'k'],
  ...['pivot', 'family_name', 'given_name', 'given_name_array', 'preferred_username', 'birthdate', 'birthplace'],
  ...['birthcountry', 'gender', 'email', 'sub', 'variables', 'data', 'body'],
]);
const WITHHELD_MARK = '[withheld]';
const MAX_DEPTH = 6;
const MAX_FRAMES = 10;

/**
 * The hub's log: one JSON object a line. `destination` is standard output unless a test hands one in.
 * An error is logged by name, code, detail (HubError), places and causes; its message and what a library hangs on it (a driver adds rows and parameters)
 * are dropped.
 */
export function createLog(options: {
  readonly level: Config['logLevel'];
  readonly destination?: DestinationStream;
}): Log {
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (line: Record<string, unknown>) => withhold(line, 0) as Record<string, unknown>,
    },
    serializers: { err: (error: unknown) => error },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

function withhold(value: unknown, depth: number): unknown {
  if (value instanceof Error) return describeError(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth === MAX_DEPTH) return WITHHELD_MARK;
  if (Array.isArray(value)) return value.map((item) => withhold(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      return [key, WITHHELD.has(key.toLowerCase()) ? WITHHELD_MARK : withhold(member, depth + 1)];
    }),
  );
}

/** Without the message of anybody but ourselves: drivers and parsers quote in it what they stumbled over. */
function describeError(error: Error): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(error instanceof HubError && error.detail !== undefined ? { detail: error.detail } : {}),
    at: frames?.slice(0, MAX_FRAMES).map((line) => line.trim()),
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  };
}
