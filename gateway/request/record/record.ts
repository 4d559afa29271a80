import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import type {
  AccessEntry,
  AccessedField,
  AccessLog,
  CallerRole,
  FieldOutcome,
} from '../../registers/access/accessRecord.ts';
import type { Caller, FieldTrace, Judgement, Masked, Recorded } from '../exchange.ts';

/** Of several positions with one coordinate the first of these counts: what left the hub outweighs what did not. */
const WEIGHT: Readonly<Record<FieldOutcome, number>> = { DELIVERED: 4, MASKED: 3, REFUSED: 2, ERROR: 1, ABSENT: 0 };

/**
 * The sixth step: resolves when what became of every personal field is durable, per subject and agency. Rejects with HubError
 * HUB_AUDIT_UNAVAILABLE when that can't be done: no record, no reply.
 */
export function createRecord(log: Pick<AccessLog, 'append'>): (masked: Masked) => Promise<Recorded> {
  return async (masked) => {
    const entries = toEntries(masked);
    if (entries.length > 0) await log.append(entries);
    return { ...masked, recordedCount: entries.length };
  };
}

function toEntries({ traces, judgement, caller, requestId, receivedAtMs }: Masked): AccessEntry[] {
  const at = new Date(receivedAtMs).toISOString();
  return groupTraces(traces, judgement).map(({ subject, agency, fields }) => ({
    requestId,
    at,
    subject,
    actor: caller.subject,
    role: roleOf(subject, caller),
    clientId: caller.service.clientId,
    agency,
    purpose: caller.purpose.name,
    legalBasis: caller.habilitation.legalBasis,
    habilitationId: caller.habilitation.id,
    acr: caller.acr,
    fields: [...fields.values()],
  }));
}

interface Group {
  readonly subject: SubjectKey;
  readonly agency: AgencyId;
  /** By coordinate. */
  readonly fields: Map<string, AccessedField>;
}

function groupTraces(traces: readonly FieldTrace[], judgement: Judgement): readonly Group[] {
  const groups: Group[] = [];
  for (const trace of traces) {
    const field = judgement.operation.fields[trace.index]!;
    // What belongs to nobody, and what only names a type, is no reading of anybody's data.
    if (judgement.subjects[trace.index]!.kind === 'NONE' || field.fieldName.startsWith('__')) continue;
    const group = groupOf(groups, trace);
    const known = group.fields.get(field.coordinate);
    if (known && WEIGHT[known.outcome] >= WEIGHT[trace.outcome]) continue;
    group.fields.set(field.coordinate, toAccessedField(field.coordinate, trace, judgement));
  }
  return groups;
}

/** A request has a handful of groups at most: a household and a few agencies. */
function groupOf(groups: Group[], { subject, agency }: FieldTrace): Group {
  const known = groups.find((group) => group.subject === subject && group.agency === agency);
  if (known) return known;
  const group: Group = { subject, agency, fields: new Map() };
  groups.push(group);
  return group;
}

function toAccessedField(
  coordinate: string,
  { index, outcome, reason }: FieldTrace,
  judgement: Judgement,
): AccessedField {
  const scope = judgement.scopes[index];
  return { coordinate, ...(scope !== undefined && { scope }), outcome, ...(reason !== undefined && { reason }) };
}

function roleOf(subject: SubjectKey, caller: Caller): CallerRole {
  return subject === caller.subject ? 'SELF' : 'OTHER';
}
