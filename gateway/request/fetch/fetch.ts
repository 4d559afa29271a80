import { MET_PERSON_PREFIX } from '../../../schema/metPerson.ts';
import type { Log } from '../../platform/log.ts';
import type { OpenMetPerson } from '../../platform/metPersons.ts';
import type { References } from '../../platform/references.ts';
import { advance } from '../advance.ts';
import type { Decided, Fetched, Refusal } from '../exchange.ts';
import { AgencyFault, type AgencySend } from './agencyPort.ts';
import type { Engine } from './engine.ts';
import type { PersonDesk } from './personDesk.ts';
import type { RequestGrants } from './sealGrants.ts';
import type { WhoIs } from './whoIs.ts';

export interface FetchPowers {
  readonly engine: Engine;
  readonly send: AgencySend;
  readonly grants: (decided: Decided) => RequestGrants;
  readonly references: References;
  readonly openMetPerson: OpenMetPerson;
  readonly whoIs: WhoIs;
  readonly log: Log;
}

/** The fourth step: plans what was decided, asks the agencies under grants, and writes the reply's data. Agencies that fail leave nulls. */
export function createFetch(powers: FetchPowers): (decided: Decided) => Promise<Fetched> {
  return async (decided) => {
    const { graph, judgement, coercedVariables, signal, requestId } = decided;
    const program = await powers.engine.prepare(graph, judgement);
    const grants = powers.grants(decided);
    const result = await powers.engine.run(program, {
      variables: coercedVariables,
      verdicts: judgement.verdicts,
      signal,
      send: renewing(powers.send, grants),
      seal: grants.seal,
      persons: personDesk(decided, grants, powers),
      report(agency, fault) {
        const agencyRequestId = grants.requestIdAt(agency);
        powers.log.warn({ requestId, agency, agencyRequestId, ...fault }, 'an agency answered wrongly');
      },
    });
    return advance(decided, result);
  };
}

/**
 * An agency that changed its key without a word refuses what was sealed to the old one. Its keys are read anew, and a read is sent once more under a
 * fresh grant: nobody notices a rotation. A mutation is never sent twice.
 */
function renewing(send: AgencySend, grants: RequestGrants): AgencySend {
  return (agency, body, options) =>
    send(agency, body, options).catch(async (fault: unknown) => {
      if (!(fault instanceof AgencyFault) || !fault.grantRefused) throw fault;
      const renewed = await grants.renew(agency, body);
      if (renewed === undefined || options.kind === 'mutation' || options.signal.aborted) throw fault;
      return send(agency, renewed, options);
    });
}

const NOT_COVERED: Refusal = { reason: 'SUBJECT_NOT_COVERED', missingScopes: [], subject: 'OTHER' };

/** Today the caller is the one person whom agencies may be asked about; everybody else is withheld at the fetch. */
function personDesk(
  { caller }: Decided,
  grants: RequestGrants,
  { references, openMetPerson, whoIs }: Pick<FetchPowers, 'references' | 'openMetPerson' | 'whoIs'>,
): PersonDesk {
  const service = `service:${caller.service.siret}` as const;
  return {
    caller: caller.subject,
    judge: (subject) => (subject === caller.subject ? undefined : NOT_COVERED),
    toAgency: (subject, agency) => references.referenceFor(subject, `agency:${agency}`),
    fromAgency(reference, agency) {
      if (!reference.startsWith(MET_PERSON_PREFIX)) return references.openReference(reference, `agency:${agency}`);
      const met = openMetPerson(reference, grants.issuedTo(agency));
      return met && whoIs(met);
    },
    toService: (subject) => references.referenceFor(subject, service),
    fromService: (reference) => references.openReference(reference, service),
  };
}
