import { createHash, randomBytes } from 'node:crypto';
import { GRANT_TTL_SECONDS, type Grant, type GrantSubject } from '../../../schema/grant.ts';
import { findScope, type ScopeName } from '../../../schema/scopes.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import type { ExchangePublicJwk } from '../../platform/keys.ts';
import type { References } from '../../platform/references.ts';
import type { GrantSealer } from '../../platform/seal.ts';
import type { Decided } from '../exchange.ts';
import { AgencyFault, type SealGrant } from './agencyPort.ts';

export interface GrantPowers {
  readonly seal: GrantSealer;
  /** Undefined while the agency's keys could not be read. */
  readonly findAgencyKey: (agency: AgencyId) => ExchangePublicJwk | undefined;
  /** Agencies of this very process (the hub's own subgraph): their grants leave nobody's hands and are carried, not sealed. */
  readonly carry: ReadonlyMap<AgencyId, (grant: Grant) => string>;
  readonly references: References;
  readonly clock: Clock;
}

/**
 * States to one agency, sealed, what the hub decided: for this fetch, these subjects, these scopes (schema/grant.ts). Scopes are cut to
 * those that the agency holds: what another agency may give is none of its business.
 */
export function createGrants(powers: GrantPowers): (decided: Decided) => SealGrant {
  return (decided) => (agency, head, subjects) => {
    const seal = powers.carry.get(agency) ?? sealFor(agency, powers);
    const { caller, judgement, requestId } = decided;
    const issuedAt = Math.floor(powers.clock() / 1000);
    const inFile = scopesHeldBy(agency, judgement.inFileScopes);
    return seal({
      iss: 'hub',
      aud: agency,
      jti: randomBytes(12).toString('base64url'),
      iat: issuedAt,
      exp: issuedAt + GRANT_TTL_SECONDS,
      requestId,
      service: { clientId: caller.service.clientId, siret: caller.service.siret },
      purpose: caller.purpose.name,
      acr: caller.acr,
      digest: createHash('sha256').update(head).digest('base64url'),
      subjects: subjects.map((subject) => grantSubject(subject, agency, decided, powers.references)),
      met: inFile.length > 0 ? { IN_FILE: inFile } : {},
    });
  };
}

function sealFor(agency: AgencyId, { findAgencyKey, seal }: GrantPowers): (grant: Grant) => string {
  const agencyKey = findAgencyKey(agency);
  if (agencyKey === undefined) {
    throw new AgencyFault('UNAVAILABLE', { detail: 'no key of the agency', retryAfterSeconds: 1 });
  }
  return (grant) => seal(agencyKey, grant);
}

function grantSubject(subject: SubjectKey, agency: AgencyId, decided: Decided, references: References): GrantSubject {
  const { caller, judgement } = decided;
  // Whoever is not the caller has no right yet; the engine withholds them, and this says so a second time.
  if (subject !== caller.subject) throw new TypeError('grant: expected the caller, got another person');
  return {
    reference: references.referenceFor(subject, `agency:${agency}`),
    role: 'SELF',
    scopes: scopesHeldBy(agency, judgement.effectiveScopes),
    pivot: caller.pivot,
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
