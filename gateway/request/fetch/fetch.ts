import type { Log } from '../../platform/log.ts';
import type { References } from '../../platform/references.ts';
import type { Decided, Fetched, Refusal } from '../exchange.ts';
import type { AgencySend, SealGrant } from './agencyPort.ts';
import type { Engine } from './engine.ts';
import type { PersonDesk } from './personDesk.ts';

export interface FetchPowers {
  readonly engine: Engine;
  readonly send: AgencySend;
  readonly grants: (decided: Decided) => SealGrant;
  readonly references: References;
  readonly log: Log;
}

/** The fourth step: plans what was decided, asks the agencies under grants, and writes the reply's data. Agencies that fail leave nulls. */
export function createFetch(powers: FetchPowers): (decided: Decided) => Promise<Fetched> {
  return async (decided) => {
    const { graph, judgement, coercedVariables, signal, requestId } = decided;
    const program = await powers.engine.prepare(graph, judgement);
    const result = await powers.engine.run(program, {
      variables: coercedVariables,
      signal,
      send: powers.send,
      seal: powers.grants(decided),
      persons: personDesk(decided, powers.references),
      report: (agency, fault) => powers.log.warn({ requestId, agency, ...fault }, 'an agency answered wrongly'),
    });
    return { ...decided, ...result };
  };
}

const NOT_COVERED: Refusal = { reason: 'SUBJECT_NOT_COVERED', missingScopes: [], subject: 'OTHER' };

/** Today the caller is the one person whom agencies may be asked about; everybody else is withheld at the fetch. */
function personDesk({ caller }: Decided, references: References): PersonDesk {
  const service = `service:${caller.service.siret}` as const;
  return {
    caller: caller.subject,
    judge: (subject) => (subject === caller.subject ? undefined : NOT_COVERED),
    toAgency: (subject, agency) => references.referenceFor(subject, `agency:${agency}`),
    fromAgency: (reference, agency) => references.openReference(reference, `agency:${agency}`),
    toService: (subject) => references.referenceFor(subject, service),
    fromService: (reference) => references.openReference(reference, service),
  };
}
