import { z } from 'zod';

/** One declared setting: how it is called, what it is when nobody says, how it is read, and why it exists (English, for docs/config.md). */
export interface Setting<Value> {
  readonly name: string;
  readonly default: Value;
  readonly why: string;
  /** What a value looks like, with bounds and unit, for docs and error messages. */
  readonly shape: string;
  /** Never printed, logged or repeated in an error. */
  readonly secret: boolean;
  /** Throws an Error with expected and got; the caller adds the name. */
  readonly read: (written: string) => Value;
}

/** An identity provider whose tokens the hub accepts. */
export interface Issuer {
  /** Exactly the `iss` of its tokens. */
  readonly iss: string;
  readonly jwksUri: string;
  /** The `aud` that its tokens for this hub hold. */
  readonly audience: string;
  /** Signature algorithms accepted from it (RFC 7518); symmetric ones and `none` cannot be listed. */
  readonly algorithms: readonly string[];
  /** Whose tokens it issues [citizens]. */
  readonly holders?: 'citizens' | 'agents' | undefined;
}

export function integer(
  name: string,
  options: { readonly default: number; readonly min: number; readonly max: number; readonly why: string },
): Setting<number> {
  const shape = `integer from ${options.min} to ${options.max}`;
  return {
    name,
    default: options.default,
    why: options.why,
    shape,
    secret: false,
    read(written) {
      const value = /^\d+$/.test(written) ? Number(written) : NaN;
      if (!(value >= options.min && value <= options.max)) throw new Error(`expected ${shape}, got "${written}"`);
      return value;
    },
  };
}

export function choice<const Choice extends string>(
  name: string,
  choices: readonly Choice[],
  options: { readonly default: NoInfer<Choice>; readonly why: string },
): Setting<Choice> {
  const shape = `one of ${choices.join(', ')}`;
  return {
    name,
    default: options.default,
    why: options.why,
    shape,
    secret: false,
    read(written) {
      const value = choices.find((candidate) => candidate === written);
      if (value === undefined) throw new Error(`expected ${shape}, got "${written}"`);
      return value;
    },
  };
}

/** Text that matches `pattern`; `shape` says that in words. */
export function word(
  name: string,
  options: { readonly default: string; readonly pattern: RegExp; readonly shape: string; readonly why: string },
): Setting<string> {
  const { pattern, shape } = options;
  return {
    name,
    default: options.default,
    why: options.why,
    shape,
    secret: false,
    read(written) {
      if (!pattern.test(written)) throw new Error(`expected ${shape}, got "${written}"`);
      return written;
    },
  };
}

export function text(
  name: string,
  options: { readonly default: string; readonly why: string; readonly url?: boolean },
): Setting<string> {
  return {
    name,
    default: options.default,
    why: options.why,
    shape: options.url ? 'an http or https URL' : 'text',
    secret: false,
    read(written) {
      return options.url ? webUrl(written).replace(/\/+$/, '') : written;
    },
  };
}

/** `https://host` or `https://host:port`, and nothing after it. */
export function origin(name: string, options: { readonly why: string }): Setting<string | undefined> {
  const shape = 'an http or https origin';
  return {
    name,
    default: undefined,
    why: options.why,
    shape,
    secret: false,
    read(written) {
      const found = new URL(webUrl(written));
      if (found.pathname !== '/' || found.search !== '' || found.hash !== '' || found.username !== '') {
        throw new Error(`expected ${shape}, got "${written}"`);
      }
      return found.origin;
    },
  };
}

/** Absent by default: a secret has no default that could be left in place. */
export function secret(
  name: string,
  options: { readonly minLength: number; readonly why: string },
): Setting<string | undefined> {
  const shape = `text of at least ${options.minLength} characters`;
  return {
    name,
    default: undefined,
    why: options.why,
    shape,
    secret: true,
    read(written) {
      if (written.length < options.minLength) throw new Error(`expected ${shape}, got ${written.length}`);
      return written;
    },
  };
}

/** `id=url` pairs, separated by commas. */
export function urlMap(name: string, options: { readonly why: string }): Setting<ReadonlyMap<string, string>> {
  return {
    name,
    default: new Map(),
    why: options.why,
    shape: 'id=url pairs, separated by commas',
    secret: false,
    read(written) {
      const pairs = written.split(',').map((pair) => {
        const [, id, url] = /^\s*([a-z][a-z0-9-]*)=(\S+)\s*$/.exec(pair) ?? [];
        if (id === undefined || url === undefined) throw new Error(`expected id=url, got "${pair}"`);
        return [id, webUrl(url)] as const;
      });
      const map = new Map(pairs);
      if (map.size < pairs.length) throw new Error('names an agency twice');
      return map;
    },
  };
}

const issuersSchema = z.array(
  z.strictObject({
    iss: z.string().min(1),
    jwksUri: z.url({ protocol: /^https?$/ }),
    audience: z.string().min(1),
    algorithms: z.array(z.enum(['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'EdDSA'])).min(1),
    holders: z.enum(['citizens', 'agents']).optional(),
  }),
);

export function issuerList(name: string, options: { readonly why: string }): Setting<readonly Issuer[]> {
  return {
    name,
    default: [],
    why: options.why,
    shape: 'JSON list of {iss, jwksUri, audience, algorithms, holders?}',
    secret: false,
    read(written) {
      const result = issuersSchema.safeParse(parseJson(written));
      if (!result.success) {
        throw new Error(result.error.issues.map((issue) => `"${issue.path.join('.')}" ${issue.message}`).join('; '));
      }
      if (new Set(result.data.map((issuer) => issuer.iss)).size < result.data.length)
        throw new Error('names an iss twice');
      return result.data;
    },
  };
}

function parseJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    throw new Error('expected JSON');
  }
}

function webUrl(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Error(`expected an http or https URL, got "${written}"`);
  }
  return written;
}
