import { GRANT_TTL_SECONDS } from '../../../schema/grant.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AgencyId } from '../../platform/ids.ts';
import type { Log } from '../../platform/log.ts';
import type { HubGrant } from '../../registers/faceContext.ts';
import { advance } from '../advance.ts';
import type { Decided, Fetched, Office } from '../exchange.ts';
import type { AgencySend } from './agencyPort.ts';
import type { Engine } from './engine.ts';

export interface FetchOfficePowers {
  readonly engine: Engine;
  readonly send: AgencySend;
  /** Takes a grant for the hub's own subgraph; there is no other whom an office may ask. */
  readonly carry: (grant: HubGrant) => string;
  readonly clock: Clock;
  readonly log: Log;
}

const HUB = 'hub' as AgencyId;
/** What the kit's guard holds against a level of assurance; an office has no citizen's session. */
const NO_SESSION = 'eidas1';

/** The fourth step where no citizen asks: the hub's own subgraph, under a grant that names the office and no subject. */
export function createFetchOffice(powers: FetchOfficePowers): (decided: Decided<Office>) => Promise<Fetched<Office>> {
  return async (decided) => {
    const { graph, judgement, coercedVariables, signal, requestId } = decided;
    const program = await powers.engine.prepare(graph, judgement);
    const result = await powers.engine.run(program, {
      variables: coercedVariables,
      verdicts: judgement.verdicts,
      signal,
      send: powers.send,
      seal(agency) {
        // The decide step allows nothing of another's; this says so a second time.
        if (agency !== HUB) throw new TypeError('grant: an office asks the hub alone');
        return powers.carry(grantFor(decided, powers.clock()));
      },
      report: (agency, fault) => powers.log.warn({ requestId, agency, ...fault }, 'an agency answered wrongly'),
    });
    return advance(decided, result);
  };
}

function grantFor({ caller, requestId }: Decided<Office>, nowMs: number): HubGrant {
  const issuedAt = Math.floor(nowMs / 1000);
  return {
    iss: 'hub',
    aud: HUB,
    jti: '',
    iat: issuedAt,
    exp: issuedAt + GRANT_TTL_SECONDS,
    requestId,
    service: { clientId: caller.service.clientId, siret: caller.service.siret },
    purpose: '',
    acr: NO_SESSION,
    digest: '',
    subjects: [],
    met: {},
    office: caller.kind === 'agent' ? { kind: 'agent', agent: caller.agent } : { kind: 'service' },
  };
}
