import type { SubjectKey } from '../../platform/ids.ts';
import type { AccessEntry, AccessLog, CallerRole } from '../../registers/access/accessRecord.ts';
import { advance } from '../advance.ts';
import type { Masked, Recorded } from '../exchange.ts';
import { summarise } from './summarise.ts';

/**
 * The sixth step: resolves when what became of every personal field is durable, per subject and agency. Rejects with HubError
 * HUB_AUDIT_UNAVAILABLE when that can't be done: no record, no reply.
 */
export function createRecord(log: Pick<AccessLog, 'append'>): (masked: Masked) => Promise<Recorded> {
  return async (masked) => {
    const entries = toEntries(masked);
    if (entries.length > 0) await log.append(entries);
    return advance(masked, { recordedCount: entries.length });
  };
}

function toEntries(masked: Masked): AccessEntry[] {
  const { caller, requestId, receivedAtMs } = masked;
  const at = new Date(receivedAtMs).toISOString();
  return summarise(masked).map(({ subject, agency, fields }) => ({
    requestId,
    at,
    subject,
    actor: caller.subject,
    role: roleOf(subject, masked),
    clientId: caller.service.clientId,
    agency,
    purpose: caller.purpose.name,
    legalBasis: caller.habilitation.legalBasis,
    habilitationId: caller.habilitation.id,
    acr: caller.acr,
    fields,
  }));
}

/** What the caller is to the subject. */
function roleOf(subject: SubjectKey, { caller, relatives }: Masked): CallerRole {
  if (subject === caller.subject) return 'SELF';
  switch (relatives?.bySubject.get(subject)?.role) {
    case 'CHILD':
      return 'PARENT';
    case 'SPOUSE':
      return 'SPOUSE';
    default:
      return 'OTHER';
  }
}
