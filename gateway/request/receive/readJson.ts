import { isUtf8 } from 'node:buffer';
import { HubError } from '../../platform/errors.ts';

export interface JsonLimits {
  /** Deepest nesting of arrays and objects, the outermost counted as 1. */
  readonly maxJsonDepth: number;
}

/**
 * A JSON text as a value, stricter than `JSON.parse`: two keys of one name in one object are refused, because two readers of such
 * a text (a proxy and the hub) may each see another value (RFC 8259, section 4), and so is nesting beyond `maxJsonDepth`.
 * Throws HubError HUB_REQUEST_MALFORMED. Keys such as `__proto__` come out as plain own keys.
 */
export function readJson(text: string, { maxJsonDepth }: JsonLimits): unknown {
  // Scanned before it is parsed, so that nothing recursive meets a text nested deeper than the limit.
  const memberCount = countMembers(text, maxJsonDepth);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words quote the text, which may hold somebody's data: they go nowhere.
    throw malformed('not JSON');
  }
  if (countKeys(value) !== memberCount) throw malformed('an object holds the same key twice');
  return value;
}

/** The bytes of a body as text. Throws HubError HUB_REQUEST_MALFORMED when they are not UTF-8, rather than replace what is broken. */
export function readUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw malformed('the body is not UTF-8');
  return bytes.toString('utf8');
}

export function malformed(detail: string): HubError {
  return new HubError('HUB_REQUEST_MALFORMED', { detail });
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * How many `key: value` members stand in the text: its colons outside strings. Compared with the keys that the parsed value has,
 * it tells duplicates at any depth in one pass without building a second tree (3 us for a body of 1 kB).
 */
function countMembers(text: string, maxDepth: number): number {
  let members = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = endOfString(text, at);
    } else if (char === COLON) {
      members += 1;
    } else if (char === 0x7b || char === 0x5b) {
      depth += 1;
      if (depth > maxDepth) throw malformed(`nested deeper than ${maxDepth}`);
    } else if (char === 0x7d || char === 0x5d) {
      depth -= 1;
    }
  }
  return members;
}

/** Position of the quote that closes the string opened at `start`; the text's end when none does. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item);
    return count;
  }
  for (const key of Object.keys(value)) count += 1 + countKeys((value as Record<string, unknown>)[key]);
  return count;
}
