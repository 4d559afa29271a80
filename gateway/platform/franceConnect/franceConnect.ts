import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { JWK } from 'jose';
import type { Acr } from '../../../schema/acr.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import type { Clock } from '../clock.ts';
import { HubError } from '../errors.ts';
import { createIssuerKeys } from '../issuerKeys.ts';
import { openEncryptionKey } from './encryptionKey.ts';
import type { FranceConnectConfig } from './franceConnectSetting.ts';
import { createAnswerReader } from './readAnswer.ts';

/** What FranceConnect says of an access token. */
export type Introspection =
  | { readonly active: false }
  | {
      readonly active: true;
      /** The service provider to which the token was issued, as FranceConnect knows it. */
      readonly clientId: string;
      /** Cut down to what the hub owns, as they were spelt. */
      readonly scopes: readonly string[];
      readonly acr: Acr;
      readonly pivot: PivotIdentity;
      /** Milliseconds since the epoch. */
      readonly issuedAtMs: number;
      readonly expiresAtMs: number;
    };

/** Who brought the token: a service that has authenticated, or whoever can reach the gateway. */
export type Asker = 'service' | 'anybody';

export interface FranceConnect {
  readonly iss: string;
  /**
   * Asks once in a token's life; all who present it meanwhile share the answer. Rejects with HubError HUB_TOKEN_ISSUER_UNAVAILABLE when
   * FranceConnect does not answer, or not in a way that can be believed; HUB_TOKEN_IDENTITY_INCOMPLETE. `asker` [anybody].
   */
  introspect(token: string, asker?: Asker): Promise<Introspection>;
  /** The hub's public key, for the `jwks_uri` that FranceConnect fetches. */
  readonly publicJwk: JWK;
}

/** FranceConnect's tokens are 43 characters; others that are opaque are asked about as well, within reason. */
const OPAQUE = /^[A-Za-z0-9_~+/-]{16,256}$/;
const TIMEOUT_MS = 3000;
const MAX_ANSWER_CHARACTERS = 65_536;
/** FranceConnect's access tokens live 60 s; nothing is remembered for longer, whatever the answer says. */
const MAX_LIFE_MS = 60_000;
const MAX_REMEMBERED = 50_000;
/**
 * Questions under way at once: a flood of made-up tokens must not become a flood upon FranceConnect. Each kind of asker has its own share, so that nobody
 * who comes without a name can keep the services waiting.
 */
const MAX_UNDER_WAY: Readonly<Record<Asker, number>> = { service: 200, anybody: 50 };
const KEYS_MAX_AGE_MS = 5 * 60_000;
const KEYS_COOLDOWN_MS = 30_000;

/** Whether a token may be one of FranceConnect's, which hold no dot; what holds dots is a JWT. */
export function isOpaqueToken(token: string): boolean {
  return OPAQUE.test(token);
}

/** The hub as a data provider of FranceConnect v2 (`POST /api/v2/checktoken`). */
export async function openFranceConnect(options: {
  readonly config: FranceConnectConfig;
  readonly dataDir: string;
  readonly clock: Clock;
  /** [3000] */
  readonly timeoutMs?: number;
}): Promise<FranceConnect> {
  const { config, clock, timeoutMs = TIMEOUT_MS } = options;
  const encryptionKey = await openEncryptionKey(config, options.dataDir);
  const readAnswer = createAnswerReader({
    config,
    encryptionKey,
    findKey: createIssuerKeys({
      jwksUri: config.jwksUri,
      maxAgeMs: KEYS_MAX_AGE_MS,
      cooldownMs: KEYS_COOLDOWN_MS,
      timeoutMs,
    }),
    clock,
  });
  /** By the token's hash: a dump of memory shows no token that is in use elsewhere. */
  const known = new LRUCache<string, { readonly answer: Introspection; readonly untilMs: number }>({
    max: MAX_REMEMBERED,
  });
  const underWay = new Map<string, Promise<Introspection>>();
  const asking: Record<Asker, number> = { service: 0, anybody: 0 };

  async function ask(token: string): Promise<Introspection> {
    const answer = await readAnswer(await post(config, token, timeoutMs));
    // The answer may have been under way while the token ended.
    return answer.active && answer.expiresAtMs <= clock() ? { active: false } : answer;
  }

  return {
    iss: config.iss,
    publicJwk: encryptionKey.publicJwk,
    async introspect(token, asker = 'anybody') {
      if (!isOpaqueToken(token)) return { active: false };
      const hash = createHash('sha256').update(token).digest('base64url');
      const nowMs = clock();
      const remembered = known.get(hash);
      if (remembered !== undefined && nowMs < remembered.untilMs) return remembered.answer;
      // Tokens do not come back to life: of one that has ended nothing more is asked.
      if (remembered?.answer.active === true && remembered.answer.expiresAtMs <= nowMs) return { active: false };
      const shared = underWay.get(hash);
      if (shared !== undefined) return shared;
      if (asking[asker] >= MAX_UNDER_WAY[asker]) throw unavailable('too many introspections under way');
      asking[asker] += 1;
      const answer = ask(token)
        .then((said) => {
          const untilMs = Math.min(said.active ? said.expiresAtMs : Infinity, clock() + MAX_LIFE_MS);
          known.set(hash, { answer: said, untilMs });
          return said;
        })
        .finally(() => {
          asking[asker] -= 1;
          underWay.delete(hash);
        });
      underWay.set(hash, answer);
      return answer;
    },
  };
}

async function post(config: FranceConnectConfig, token: string, timeoutMs: number): Promise<string> {
  try {
    const response = await fetch(config.checktokenUri, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: 'application/token-introspection+jwt' },
      // Exactly these three: FranceConnect refuses fields that it does not know.
      body: new URLSearchParams({ token, client_id: config.clientId, client_secret: config.clientSecret }),
    });
    const type = response.headers.get('content-type') ?? '';
    if (response.status !== 200 || !/^application\/token-introspection\+jwt\s*(?:;|$)/i.test(type)) {
      await response.body?.cancel();
      throw unavailable(`status ${response.status}`);
    }
    return await readLimited(response);
  } catch (fault) {
    if (fault instanceof HubError) throw fault;
    throw unavailable('no answer', fault);
  }
}

async function readLimited(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > MAX_ANSWER_CHARACTERS) throw unavailable('answer too long');
  }
  return text;
}

function unavailable(detail: string, cause?: unknown): HubError {
  return new HubError('HUB_TOKEN_ISSUER_UNAVAILABLE', { detail: `introspection: ${detail}`, cause });
}
