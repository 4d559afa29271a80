import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import type { Log } from '../../platform/log.ts';
import { advance } from '../advance.ts';
import type { Decided, Fetched } from '../exchange.ts';
import { AgencyFault, type AgencySend } from './agencyPort.ts';
import type { Engine } from './engine.ts';
import { createStillAllowed, type LookAgainPowers } from './lookAgain.ts';
import { createPersonDesk, type PersonDeskPowers } from './personDesk.ts';
import type { ChargePlanning } from './planningBudget.ts';
import type { RequestGrants } from './sealGrants.ts';

export interface FetchPowers extends PersonDeskPowers {
  readonly engine: Engine;
  /** Without it everybody may have as much planned as they like. */
  readonly chargePlanning?: ChargePlanning;
  readonly send: AgencySend;
  /** What an agency of this process would answer about the caller; undefined when it has to be asked. */
  readonly knownAnswer?: (agency: AgencyId, head: string, caller: SubjectKey) => string | undefined;
  /** Looked at before each fetch; left out, a decision holds to the end of its request. */
  readonly lookAgain?: LookAgainPowers;
  readonly grants: (decided: Decided) => RequestGrants;
  readonly log: Log;
}

/** The fourth step: plans what was decided, asks the agencies under grants, and writes the reply's data. Agencies that fail leave nulls. */
export function createFetch(powers: FetchPowers): (decided: Decided) => Promise<Fetched> {
  return async (decided) => {
    const { graph, judgement, coercedVariables, signal, requestId } = decided;
    const program = await powers.engine.prepare(graph, judgement, () => {
      powers.chargePlanning?.(`${decided.caller.service.clientId} ${decided.caller.subject}`);
    });
    const grants = powers.grants(decided);
    let toldOfLeaving = false;
    const result = await powers.engine.run(program, {
      variables: coercedVariables,
      verdicts: judgement.verdicts,
      signal,
      send: renewing(powers.send, grants),
      knownAnswer: (agency, head) => powers.knownAnswer?.(agency, head, decided.caller.subject),
      seal: grants.seal,
      ...(powers.lookAgain && { stillAllowed: createStillAllowed(decided, powers.lookAgain) }),
      persons: createPersonDesk(decided, grants, powers),
      report(agency, fault) {
        // Nobody is at fault when the client has left, and one line says so for all agencies.
        if (signal.aborted) {
          if (!toldOfLeaving) powers.log.debug({ requestId }, 'the client left before its answer');
          toldOfLeaving = true;
          return;
        }
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
