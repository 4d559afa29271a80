import { hash } from 'node:crypto';
import { GRANT_TTL_SECONDS, splitGrant, withGrant, type Grant, type GrantSubject } from '../../../schema/grant.ts';
import { findScope, type ScopeName } from '../../../schema/scopes.ts';
import type { AgencyKeys } from '../../platform/agencyKeys.ts';
import type { AgencyRequestIdOf } from '../../platform/agencyRequestIds.ts';
import type { Clock } from '../../platform/clock.ts';
import { createNonce, type AgencyId, type RequestId, type SubjectKey } from '../../platform/ids.ts';
import type { ExchangePublicJwk } from '../../platform/keys.ts';
import type { IssuedGrant } from '../../platform/metPersons.ts';
import type { References } from '../../platform/references.ts';
import type { GrantSealer } from '../../platform/seal.ts';
import type { HubGrant } from '../../registers/faceContext.ts';
import type { Decided } from '../exchange.ts';
import { AgencyFault, type SealGrant } from './agencyPort.ts';

export interface GrantPowers {
  readonly seal: GrantSealer;
  readonly agencyKeys: Pick<AgencyKeys, 'find' | 'reread'>;
  /** Agencies of this very process (the hub's own subgraph): their grants leave nobody's hands and are carried, not sealed. */
  readonly carry: ReadonlyMap<AgencyId, (grant: HubGrant) => string>;
  readonly references: References;
  readonly agencyRequestIdOf: AgencyRequestIdOf;
  readonly clock: Clock;
}

/** The grants of one request. */
export interface RequestGrants {
  readonly seal: SealGrant;
  /** By what name the agency knows this request. */
  requestIdAt(agency: AgencyId): RequestId;
  /** Those sealed so far for that agency. */
  issuedTo(agency: AgencyId): readonly IssuedGrant[];
  /**
   * For a body whose grant the agency refused: the same under a fresh grant, when the agency's keys, read anew, show that it has changed its key
   * since; otherwise undefined.
   */
  renew(agency: AgencyId, body: string): Promise<string | undefined>;
}

interface Issued extends IssuedGrant {
  readonly head: string;
  readonly subjects: readonly SubjectKey[];
}

/**
 * States to one agency, sealed, what the hub decided: for this fetch, these subjects, these scopes (schema/grant.ts). Scopes are cut to
 * those that the agency holds: what another agency may give is none of its business.
 */
export function createGrants(powers: GrantPowers): (decided: Decided) => RequestGrants {
  return (decided) => {
    const issued: Issued[] = [];
    const requestIdAt = (agency: AgencyId): RequestId =>
      powers.carry.has(agency) ? decided.requestId : powers.agencyRequestIdOf(decided.requestId, agency);

    const seal: SealGrant = (agency, head, subjects) => {
      const carry = powers.carry.get(agency);
      if (carry) return carry({ ...grantFor(agency, CARRIED, subjects, decided, powers), ...eventOf(decided) });
      const agencyKey = keyOf(agency, powers);
      const sealed = {
        jti: createNonce(),
        requestId: requestIdAt(agency),
        // The one-shot hash takes half the time of createHash for a body of this size.
        digest: hash('sha256', head, 'base64url'),
      };
      const grant = grantFor(agency, sealed, subjects, decided, powers);
      issued.push({ agency, agencyKey, jti: grant.jti, iat: grant.iat, head, subjects });
      return powers.seal(agencyKey, grant);
    };

    return {
      seal,
      requestIdAt,
      issuedTo: (agency) => issued.filter((entry) => entry.agency === agency),
      async renew(agency, body) {
        const head = splitGrant(body)?.head;
        const refused = issued.find((entry) => entry.agency === agency && entry.head === head);
        if (refused === undefined) return undefined;
        // Another request may have found the new key meanwhile.
        const known = powers.agencyKeys.find(agency);
        const agencyKey = known === refused.agencyKey ? await powers.agencyKeys.reread(agency) : known;
        if (agencyKey === undefined || agencyKey === refused.agencyKey) return undefined;
        return withGrant(refused.head, seal(agency, refused.head, refused.subjects));
      },
    };
  };
}

/** Which event of a subscription is read is the hub's own to know. */
function eventOf({ event }: Decided): Pick<HubGrant, 'event'> {
  return event ? { event } : {};
}

/** What only a grant that leaves the process needs; undefined members are the hub's own, which it keeps. */
type Sealing = Pick<Grant, 'jti' | 'digest'> & { readonly requestId: Grant['requestId'] | undefined };

/** A carried grant meets nobody on its way: nothing to replay, nothing to swap. */
const CARRIED: Sealing = { jti: '', digest: '', requestId: undefined };

function grantFor(
  agency: AgencyId,
  sealing: Sealing,
  subjects: readonly SubjectKey[],
  decided: Decided,
  powers: GrantPowers,
): Grant {
  const { caller, judgement, requestId } = decided;
  const issuedAt = Math.floor(powers.clock() / 1000);
  const inFile = scopesHeldBy(agency, judgement.inFileScopes);
  return {
    iss: 'hub',
    aud: agency,
    jti: sealing.jti,
    iat: issuedAt,
    exp: issuedAt + GRANT_TTL_SECONDS,
    requestId: sealing.requestId ?? requestId,
    service: { clientId: caller.service.clientId, siret: caller.service.siret },
    purpose: caller.purpose.name,
    acr: caller.acr,
    digest: sealing.digest,
    subjects: subjects.map((subject) => grantSubject(subject, agency, decided, powers.references)),
    met: inFile.length > 0 ? { IN_FILE: inFile } : {},
  };
}

function keyOf(agency: AgencyId, { agencyKeys }: GrantPowers): ExchangePublicJwk {
  const agencyKey = agencyKeys.find(agency);
  if (agencyKey !== undefined) return agencyKey;
  throw new AgencyFault('UNAVAILABLE', { detail: 'no key of the agency', retryAfterSeconds: 1 });
}

function grantSubject(subject: SubjectKey, agency: AgencyId, decided: Decided, references: References): GrantSubject {
  const { caller, judgement, relatives } = decided;
  const reference = references.referenceFor(subject, `agency:${agency}`);
  if (subject === caller.subject) {
    const scopes = scopesHeldBy(agency, judgement.effectiveScopes);
    return { reference, role: 'SELF', scopes, pivot: caller.pivot };
  }
  const relative = relatives?.bySubject.get(subject);
  // A stranger has no right; the engine withholds them, and this says so a second time.
  if (relative?.standing !== 'PRESENT')
    throw new TypeError('grant: expected the caller or a relative, got another person');
  return {
    reference,
    role: relative.role === 'CHILD' ? 'CHILD_PROVEN' : 'SPOUSE',
    scopes: scopesHeldBy(agency, relative.effectiveScopes),
    pivot: relative.pivot,
  };
}

/** Sets of scopes are interned, so one set is cut once per agency. */
const heldScopes = new WeakMap<ReadonlySet<ScopeName>, Map<AgencyId, readonly ScopeName[]>>();

function scopesHeldBy(agency: AgencyId, scopes: ReadonlySet<ScopeName>): readonly ScopeName[] {
  const byAgency = heldScopes.get(scopes) ?? new Map<AgencyId, readonly ScopeName[]>();
  heldScopes.set(scopes, byAgency);
  const known = byAgency.get(agency);
  if (known !== undefined) return known;
  const held = [...scopes].filter((name) => findScope(name)?.holder === agency);
  byAgency.set(agency, held);
  return held;
}
