import { hash } from 'node:crypto';
import { GRANT_TTL_SECONDS, type Grant, withGrant } from '../../schema/grant.ts';
import type { AgencyKeys } from '../platform/agencyKeys.ts';
import type { AgencyRequestIdOf } from '../platform/agencyRequestIds.ts';
import { type Clock, dayInParis } from '../platform/clock.ts';
import { type AgencyId, type ClientId, createNonce } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import type { References } from '../platform/references.ts';
import type { GrantSealer } from '../platform/seal.ts';
import type { AccessLog } from '../registers/access/accessRecord.ts';
import type { HabilitationRegister } from '../registers/habilitation/habilitation.ts';
import type { HoldsFile, MoveCaller } from '../registers/moves/face.ts';
import type { AgencySend } from '../request/fetch/agencyPort.ts';

export interface HoldsFilePowers {
  readonly send: AgencySend;
  readonly seal: GrantSealer;
  readonly agencyKeys: Pick<AgencyKeys, 'find'>;
  readonly references: References;
  readonly agencyRequestIdOf: AgencyRequestIdOf;
  readonly habilitations: Pick<HabilitationRegister, 'getService' | 'findHabilitation'>;
  readonly accessLog: Pick<AccessLog, 'append'>;
  readonly clock: Clock;
  readonly log: Log;
}

const PORTAL = 'portal' as ClientId;
const PURPOSE = 'my-data';
/** A person of whom an agency has no record is null there, whatever is asked of them: so nothing else is. */
const QUERY = 'query($representations:[_Any!]!){_entities(representations:$representations){__typename}}';
const NOBODY_LEAVES = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };

/**
 * Asks an agency whether it has a record of the caller, and nothing of what stands in it: the portal's habilitation, the caller's own right of access, no
 * scope. Written to their log before anybody is told; undefined when agency or log does not answer.
 */
export function createHoldsFile(powers: HoldsFilePowers): HoldsFile {
  const { clock, log } = powers;
  return async (agency, caller) => {
    const askedAtMs = clock();
    const service = powers.habilitations.getService(PORTAL);
    const habilitation = powers.habilitations.findHabilitation(PORTAL, PURPOSE, dayInParis(askedAtMs));
    const body = service && bodyFor(agency, caller, { ...powers, siret: service.siret });
    if (body === undefined || habilitation === undefined) return undefined;
    try {
      const answer = await powers.send(agency, body, { kind: 'query', signal: NOBODY_LEAVES });
      const { data } = JSON.parse(answer) as { readonly data?: { readonly _entities?: readonly unknown[] } };
      const [entity] = data?._entities ?? [];
      if (entity === undefined) return undefined;
      await powers.accessLog.append([
        {
          ...{ requestId: caller.requestId, at: new Date(askedAtMs).toISOString(), role: 'SELF' },
          ...{
            subject: caller.subject,
            actor: caller.subject,
            clientId: PORTAL,
            agency,
            purpose: PURPOSE,
            acr: caller.acr,
          },
          ...{ legalBasis: habilitation.legalBasis, habilitationId: habilitation.id },
          fields: [{ coordinate: 'Citizen.__typename', outcome: entity === null ? 'ABSENT' : 'DELIVERED' }],
        },
      ]);
      return entity !== null;
    } catch (fault) {
      log.info({ agency, requestId: caller.requestId, detail: (fault as Error).name }, 'moves: an agency did not say');
      return undefined;
    }
  };
}

function bodyFor(
  agency: AgencyId,
  caller: MoveCaller,
  powers: HoldsFilePowers & { readonly siret: string },
): string | undefined {
  const agencyKey = powers.agencyKeys.find(agency);
  if (agencyKey === undefined) return undefined;
  const reference = powers.references.referenceFor(caller.subject, `agency:${agency}`);
  const representations = [{ __typename: 'Citizen', id: reference }];
  const head = JSON.stringify({ query: QUERY, variables: { representations } }).slice(0, -1);
  const issuedAt = Math.floor(powers.clock() / 1000);
  const grant: Grant = {
    ...{ iss: 'hub', aud: agency, jti: createNonce(), iat: issuedAt, exp: issuedAt + GRANT_TTL_SECONDS },
    requestId: powers.agencyRequestIdOf(caller.requestId, agency),
    service: { clientId: PORTAL, siret: powers.siret },
    ...{ purpose: PURPOSE, acr: caller.acr },
    digest: hash('sha256', head, 'base64url'),
    subjects: [{ reference, role: 'SELF', scopes: [], pivot: caller.identity }],
    met: {},
  };
  return withGrant(head, powers.seal(agencyKey, grant));
}
