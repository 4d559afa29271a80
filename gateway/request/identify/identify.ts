import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { findPurpose, type Purpose, type PurposeName } from '../../../schema/purposes.ts';
import { dayInParis, type Clock } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import type { SubjectKey } from '../../platform/ids.ts';
import type { VerifyProof } from '../../platform/proofOfPossession.ts';
import type { Habilitation, HabilitationRegister, Service } from '../../registers/habilitation/habilitation.ts';
import { advance } from '../advance.ts';
import type { Caller, Identified, Office, Received } from '../exchange.ts';
import { createScopeSets } from './scopeSets.ts';
import { createTokenCache } from './tokenCache.ts';
import {
  createTokenVerifier,
  type IssuerConfig,
  type TokenSources,
  type VerifiedBearer,
  type VerifiedOfficeToken,
  type VerifiedToken,
} from './verifyToken.ts';

export interface IdentifyOptions extends TokenSources {
  readonly issuers: readonly IssuerConfig[];
  readonly habilitations: HabilitationRegister;
  /** The hub's own key of a person, from the full pivot identity. */
  readonly subjectKeyOf: (pivot: PivotIdentity) => SubjectKey;
  readonly clock: Clock;
  /** For tokens bound to a key (RFC 9449), and where clients send them; without it those are refused. */
  readonly proofs?: { readonly verify: VerifyProof; readonly graphUrl: () => string };
  /** Informs a citizen whose FranceConnect token comes straight to the gateway; one who comes by the token endpoint was informed there. */
  readonly giveNotice?: (subject: SubjectKey, habilitation: Habilitation) => Promise<void>;
  /** Memory for verified tokens [64 MB: about 20,000 of them]. */
  readonly tokenCacheBytes?: number;
}

/** At once for a token that was verified before, as a promise for a new one. */
export type Identify = (received: Received) => AnyIdentified | Promise<AnyIdentified>;

type AnyIdentified = Identified | Identified<Office>;

const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;

/**
 * The second step: from a token to the citizen who asks, the service it asks through, and the habilitation under which it may; or to the agent or the
 * service that asks for an organisation.
 * Throws (or rejects with) HubError HUB_TOKEN_*. The habilitation is looked up on every request and never kept with the token: one
 * that was revoked is gone for the next request. Rights are not weighed here, they are the decide step's.
 */
export function createIdentify(options: IdentifyOptions): Identify {
  const { clock, habilitations } = options;
  const verify = createTokenVerifier(options.issuers, clock, options);
  const internScopes = createScopeSets();
  const parisDay = createParisDay(clock);
  const bearerOf = createTokenCache({
    maxBytes: options.tokenCacheBytes ?? DEFAULT_CACHE_BYTES,
    clock,
    verify,
    toEntry: (token): Bearer | OfficeBearer =>
      'office' in token
        ? { token }
        : {
            token: { ...token, scopes: internScopes(token.scopes) },
            subject: options.subjectKeyOf(token.pivot),
            caller: undefined,
            informedOf: undefined,
          },
  });

  const toIdentified = (received: Received, bearer: Bearer): Identified => {
    const { token } = bearer;
    const service = requireService(token, token.sessionId !== undefined, habilitations);
    const purpose = requirePurpose(token.purpose ?? received.purposeHeader);
    const habilitation = habilitations.findHabilitation(service.clientId, purpose.name, parisDay());
    if (habilitation === undefined) throw new HubError('HUB_TOKEN_PURPOSE_UNKNOWN');
    return advance(received, { caller: callerOf(bearer, service, purpose, habilitation) });
  };

  const admitOffice = (
    received: Received,
    { token }: OfficeBearer,
  ): Identified<Office> | Promise<Identified<Office>> => {
    const identified = (): Identified<Office> =>
      advance(received, {
        caller: officeOf(token, requireService(token, token.office === 'service', habilitations)),
      });
    if (token.jkt === undefined && received.proof === undefined) return identified();
    return requireProof(received, token.jkt, options.proofs).then(identified);
  };

  const admit = (received: Received, bearer: Bearer | OfficeBearer): AnyIdentified | Promise<AnyIdentified> => {
    if ('office' in bearer.token) return admitOffice(received, bearer as OfficeBearer);
    return admitCitizen(received, bearer as Bearer);
  };

  const admitCitizen = (received: Received, bearer: Bearer): Identified | Promise<Identified> => {
    const { sessionId, jkt } = bearer.token;
    if (sessionId !== undefined && options.hubTokens?.isRevoked(sessionId) !== false) {
      throw new HubError('HUB_TOKEN_REVOKED');
    }
    const isBound = jkt !== undefined || received.proof !== undefined;
    // Later events of a stream rest on the proof with which it was opened.
    if (isBound && (received.event === undefined || received.event.opens === true)) {
      return requireProof(received, jkt, options.proofs).then(() => toIdentified(received, bearer));
    }
    const identified = toIdentified(received, bearer);
    return bearer.token.introspected === true ? inform(identified, bearer) : identified;
  };

  const inform = (identified: Identified, bearer: Bearer): Identified | Promise<Identified> => {
    const { habilitation, subject } = identified.caller;
    if (bearer.informedOf === habilitation || options.giveNotice === undefined) return identified;
    return options.giveNotice(subject, habilitation).then(() => {
      bearer.informedOf = habilitation;
      return identified;
    });
  };

  return (received) => {
    if (received.token === undefined) throw new HubError('HUB_TOKEN_MISSING');
    const bearer = bearerOf(received.token);
    if (bearer instanceof Promise) return bearer.then((verified) => admit(received, verified));
    return admit(received, bearer);
  };
}

/** Who the hub has named itself is named by its own id; all others by the credential under which their issuer knows them. */
function requireService(
  { issuer, clientId }: VerifiedBearer,
  isHubs: boolean,
  register: HabilitationRegister,
): Service {
  const service = isHubs
    ? register.getService(clientId as Service['clientId'])
    : register.findService(issuer, clientId);
  if (service === undefined) throw new HubError('HUB_TOKEN_UNKNOWN_SERVICE');
  return service;
}

function officeOf({ office }: VerifiedOfficeToken, service: Service): Office {
  return office === 'service' ? { kind: 'service', service } : { kind: 'agent', agent: office, service };
}

/** A bound token without its key's proof for this very request is a copy; so is a proof for a token that is bound to no key (RFC 9449, 7.1). */
async function requireProof(
  { token, proof, method }: Received,
  jkt: string | undefined,
  proofs: IdentifyOptions['proofs'],
): Promise<void> {
  const holds =
    jkt !== undefined &&
    proof !== undefined &&
    (await proofs?.verify(proof.jwt, { method, url: proofs.graphUrl(), accessToken: token! })) === jkt;
  if (!holds) throw new HubError('HUB_TOKEN_PROOF_INVALID');
}

interface OfficeBearer {
  readonly token: VerifiedOfficeToken;
}

/** A citizen's verified token with what is worked out from it once. */
interface Bearer {
  readonly token: VerifiedToken;
  readonly subject: SubjectKey;
  /** The caller of the last request; good for the next while register and purpose say the same. */
  caller: Caller | undefined;
  /** The habilitation of which this token's citizen has been informed. */
  informedOf: Habilitation | undefined;
}

function callerOf(bearer: Bearer, service: Service, purpose: Purpose, habilitation: Habilitation): Caller {
  const last = bearer.caller;
  if (
    last !== undefined &&
    last.habilitation === habilitation &&
    last.service === service &&
    last.purpose === purpose
  ) {
    return last;
  }
  const { token, subject } = bearer;
  bearer.caller = {
    subject,
    pivot: token.pivot,
    service,
    purpose,
    habilitation,
    tokenScopes: token.scopes,
    acr: token.acr,
    tokenExpiresAtMs: token.expiresAtMs,
  };
  return bearer.caller;
}

function requirePurpose(name: PurposeName | undefined): Purpose {
  const purpose = name === undefined ? undefined : findPurpose(name);
  if (purpose === undefined) throw new HubError('HUB_TOKEN_PURPOSE_UNKNOWN');
  return purpose;
}

const HOUR_MS = 3_600_000;

/** The day in Paris, worked out once an hour: its midnights fall on full hours of UTC, and Intl takes 2 us each time. */
function createParisDay(clock: Clock): () => string {
  let hour = -1;
  let day = '';
  return () => {
    const nowMs = clock();
    const currentHour = Math.floor(nowMs / HOUR_MS);
    if (currentHour !== hour) {
      hour = currentHour;
      day = dayInParis(nowMs);
    }
    return day;
  };
}
