/*
 * Where one JSON value ends in an agency's text (RFC 8259), for values whose text may stand in the reply as it is. -1 = anything
 * else, malformed or merely unusual: then the whole answer is parsed instead.
 */

/** The same as a regular expression, for objects that hold leaves alone: there it is three times as fast (see scanAnswer.ts). */
export const STRING_PATTERN = '"[^"\\\\\\x00-\\x1f]*(?:\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\\\\x00-\\x1f]*)*"';
export const INT_PATTERN = '-?(?:0|[1-9]\\d{0,8})(?=[,}])';
export const FLOAT_PATTERN = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?(?=[,}])';
export const BOOLEAN_PATTERN = 'true|false';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const ESCAPE = /["\\/bfnrt]/;
const HEX = /^[0-9a-fA-F]{4}$/;
const FLOAT = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// Nine digits are always an Int; what is longer is parsed.
const MAX_INT_DIGITS = 9;

export function scanString(text: string, at: number): number {
  if (text.charCodeAt(at) !== QUOTE) return -1;
  for (let here = at + 1; here < text.length; here++) {
    const code = text.charCodeAt(here);
    if (code === QUOTE) return here + 1;
    if (code < 0x20) return -1;
    if (code !== BACKSLASH) continue;
    here++;
    const escaped = text.charAt(here);
    if (escaped === 'u' && HEX.test(text.slice(here + 1, here + 5))) here += 4;
    else if (!ESCAPE.test(escaped)) return -1;
  }
  return -1;
}

export function scanInt(text: string, at: number): number {
  const start = text.charCodeAt(at) === MINUS ? at + 1 : at;
  let here = start;
  while (text.charCodeAt(here) >= ZERO && text.charCodeAt(here) <= NINE) here++;
  const digits = here - start;
  if (digits === 0 || digits > MAX_INT_DIGITS || (digits > 1 && text.charCodeAt(start) === ZERO)) return -1;
  return endsValue(text, here) ? here : -1;
}

export function scanFloat(text: string, at: number): number {
  FLOAT.lastIndex = at;
  if (!FLOAT.test(text)) return -1;
  return endsValue(text, FLOAT.lastIndex) ? FLOAT.lastIndex : -1;
}

export function scanBoolean(text: string, at: number): number {
  if (text.startsWith('true', at)) return at + 4;
  return text.startsWith('false', at) ? at + 5 : -1;
}

/** A string, a number or a truth value: what a scalar of an agency's own usually is. */
export function scanPlain(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === QUOTE) return scanString(text, at);
  return code === MINUS || (code >= ZERO && code <= NINE) ? scanFloat(text, at) : scanBoolean(text, at);
}

function endsValue(text: string, at: number): boolean {
  const next = text.charAt(at);
  return next === ',' || next === '}' || next === ']';
}
