import { join } from 'node:path';
import { z } from 'zod';
import {
  DECLARATION_INFO_PREFIX,
  DECLARATION_TTL_SECONDS,
  DECLARATION_TYP,
  type DeclarationEvent,
  type DeclarationHeader,
  MAX_PULL,
  MAX_REASON_CHARACTERS,
  MAX_STATUSES,
  DELIVERY_STATUSES,
  type PullRequest,
  STATUS_INFO_PREFIX,
  STATUS_TTL_SECONDS,
  type StatusMessage,
} from '../../schema/declaration.ts';
import { isDateTime } from '../../schema/textScalars.ts';
import { type DayKey, createDayKeys, deriveDayKey, shortName } from './dayKeys.ts';
import type { AgencyId } from './ids.ts';
import type { ExchangePublicJwk, HubKeys } from './keys.ts';
import { createIvs, sealText } from './seal.ts';
import { type SigningKeys, openSigningKeys } from './signingKeyFile.ts';
import { decryptSealed, kidOf, parseJson, splitSealed } from './unseal.ts';

/** Keys that sign declarations and nothing else: `dataDir`/keys/declarations.json. Throws a TypeError for a damaged file. */
export function openDeclarationKeys({ dataDir }: { readonly dataDir: string }): SigningKeys {
  return openSigningKeys(join(dataDir, 'keys', 'declarations.json'), DECLARATION_TYP);
}

export interface DeclarationToSeal {
  readonly agency: AgencyId;
  /** The agency's key: the same object each time. */
  readonly agencyKey: ExchangePublicJwk;
  readonly event: DeclarationEvent;
  /** Exactly what is signed. */
  readonly content: string;
  /** Seconds since the epoch. */
  readonly atSeconds: number;
  /** How long it is taken, at most DECLARATION_TTL_SECONDS. */
  readonly ttlSeconds: number;
}

/** Signs and seals a message for the agency that holds the private half of that key (schema/declaration.ts). */
export type DeclarationSealer = (message: DeclarationToSeal) => string;

export function createDeclarationSealer(
  keys: Pick<HubKeys, 'exchangeKeys'>,
  signingKeys: Pick<SigningKeys, 'sign'>,
): DeclarationSealer {
  const dayKeyFor = createDayKeys(keys, DECLARATION_INFO_PREFIX);
  const nextIv = createIvs();
  return ({ agency, agencyKey, event, content, atSeconds, ttlSeconds }) => {
    const iat = Math.floor(atSeconds);
    const exp = iat + Math.min(ttlSeconds, DECLARATION_TTL_SECONDS);
    const header: Omit<DeclarationHeader, 'alg' | 'typ' | 'kid'> = { iss: 'hub', aud: agency, iat, exp, event };
    const signed = signingKeys.sign(content, { ...header });
    return sealText(dayKeyFor(agencyKey, agency, iat), signed, nextIv());
  };
}

const words = z.string().min(1).max(MAX_REASON_CHARACTERS);
const statusSchema = z
  .strictObject({
    event: z.uuid(),
    status: z.enum(DELIVERY_STATUSES),
    reason: z.strictObject({ fr: words, en: words }).optional(),
    at: z.string().refine(isDateTime),
  })
  .refine(({ status, reason }) => reason !== undefined || !['NEEDS_CITIZEN', 'REFUSED'].includes(status));
const sent = { iss: z.string(), aud: z.literal('hub'), jti: z.string().min(16).max(64), iat: z.number() };
const statusMessageSchema = z.strictObject({ ...sent, statuses: z.array(statusSchema).min(1).max(MAX_STATUSES) });
const pullRequestSchema = z.strictObject({
  ...sent,
  after: z.string().regex(/^\d{0,12}$/),
  limit: z.number().int().min(1).max(MAX_PULL),
});

/** What an agency sealed for the hub; undefined for whatever is no such thing: another's, changed, too old, of another form. Replays are the caller's to refuse, by `jti`. */
export interface AgencyMessages {
  openStatus(sealed: string, from: Sender): StatusMessage | undefined;
  openPull(sealed: string, from: Sender): PullRequest | undefined;
}

export interface Sender {
  readonly agency: AgencyId;
  readonly agencyKey: ExchangePublicJwk;
  /** Seconds since the epoch. */
  readonly atSeconds: number;
}

const SECONDS_PER_DAY = 86_400;
/** A thousand statuses with the longest reasons in two languages have 1.2 million. */
const MAX_CHARACTERS = 2_000_000;
const MAX_DERIVED_KEYS = 1_000;

export function createAgencyMessages({ exchangeKeys }: Pick<HubKeys, 'exchangeKeys'>): AgencyMessages {
  const derived = new Map<string, DayKey>();

  /** The key that `kid` names, if it is one of hub and agency for today, or for yesterday as long as a message of then is taken. */
  function dayKeyOf(kid: string, { agency, agencyKey, atSeconds }: Sender): DayKey | undefined {
    const [hubName, agencyName, day] = kid.split('.');
    const days = [atSeconds, atSeconds - STATUS_TTL_SECONDS, atSeconds + STATUS_TTL_SECONDS].map(toDay);
    const hubKey = exchangeKeys.find(({ publicJwk }) => shortName(publicJwk) === hubName);
    if (hubKey === undefined || day === undefined || !days.includes(day)) return undefined;
    if (agencyName !== shortName(agencyKey)) return undefined;
    const name = `${kid} ${agency}`;
    const known = derived.get(name) ?? deriveDayKey({ hubKey, agencyKey, agency, day, infoPrefix: STATUS_INFO_PREFIX });
    if (derived.size >= MAX_DERIVED_KEYS) derived.clear();
    derived.set(name, known);
    return known;
  }

  function open<Message extends { readonly iss: string; readonly iat: number }>(
    schema: z.ZodType<Message>,
    text: string,
    from: Sender,
  ): Message | undefined {
    const sealed = text.length > MAX_CHARACTERS ? undefined : splitSealed(text);
    const kid = sealed && kidOf(sealed);
    const dayKey = kid === undefined ? undefined : dayKeyOf(kid, from);
    const plain = sealed && dayKey && decryptSealed(dayKey.key, sealed);
    const parsed = schema.safeParse(plain && parseJson(plain));
    if (!parsed.success || parsed.data.iss !== from.agency) return undefined;
    return Math.abs(from.atSeconds - parsed.data.iat) <= STATUS_TTL_SECONDS ? parsed.data : undefined;
  }

  return {
    openStatus: (sealed, from) => open(statusMessageSchema, sealed, from) as StatusMessage | undefined,
    openPull: (sealed, from) => open(pullRequestSchema, sealed, from),
  };
}

/** Which agency's key a message names: the second part of its `kid`. Nothing is verified yet. */
export function namedAgencyKey(sealedText: string): string | undefined {
  const sealed = splitSealed(sealedText);
  return sealed && kidOf(sealed)?.split('.')[1];
}

function toDay(atSeconds: number): string {
  return new Date(Math.floor(atSeconds / SECONDS_PER_DAY) * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10);
}
