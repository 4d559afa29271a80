import type { Asker, Decided, Fetched, FieldTrace, ReplyFault } from '../exchange.ts';
import { refusals } from './explain.ts';
import { isRefusal } from './protection.ts';

/**
 * `Hub-Mode: reject` with at least one refusal: nothing is asked and nothing is served. It walks the last steps like any other request, so
 * that the citizen reads in the log what was refused.
 */
export function rejectWhole<Who extends Asker>(decided: Decided<Who>): Fetched<Who> {
  const { judgement, caller } = decided;
  const faults: ReplyFault[] = refusals(judgement).map(
    ({ path, agency, reason, missingScopes, subject, consentScopes }) => ({
      code: 'UNAUTHORIZED_FIELD_OR_TYPE',
      path,
      agency,
      refusal: {
        reason: reason!,
        missingScopes: missingScopes ?? [],
        subject: subject ?? 'SELF',
        ...(consentScopes && { consentScopes }),
      },
    }),
  );
  const traces = judgement.verdicts.flatMap((verdict, index): FieldTrace[] => {
    if (!isRefusal(verdict) || 'kind' in caller) return [];
    const agency = judgement.agencies[index]!;
    return [{ index, subject: caller.subject, agency, outcome: 'REFUSED', reason: verdict.reason }];
  });
  return { ...decided, data: 'null', faults: [REJECTED, ...faults], traces };
}

/**
 * The same for what only the answers could tell: who of several relatives stands where one of them may be read. Nothing is served, so nothing but
 * refusals is in the log. A write has been made by now, and its result is told.
 */
export function rejectRefused<Who extends Asker>(fetched: Fetched<Who>): Fetched<Who> {
  const { mode, operation, traces } = fetched;
  const refused = fetched.faults.filter(({ code }) => code === 'UNAUTHORIZED_FIELD_OR_TYPE');
  if (mode !== 'reject' || operation.kind === 'mutation' || refused.length === 0) return fetched;
  return {
    ...fetched,
    data: 'null',
    faults: [REJECTED, ...refused],
    traces: traces.filter(({ outcome }) => outcome === 'REFUSED'),
  };
}

const REJECTED: ReplyFault = { code: 'HUB_OPERATION_REJECTED', path: [] };

/** Whether the client wants all or nothing, and cannot have all. */
export function isRejected({ mode, judgement }: Pick<Decided, 'mode' | 'judgement'>): boolean {
  return mode === 'reject' && judgement.refusedCount > 0;
}
