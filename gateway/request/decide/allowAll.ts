import { createHash } from 'node:crypto';
import type { AgencyId } from '../../platform/ids.ts';
import type { Graph, Judgement, Operation, SubjectSlot, Verdict } from '../exchange.ts';

const ALLOWED: Verdict = { allowed: true };
const NOBODY: SubjectSlot = { kind: 'NONE' };
const NOTHING: ReadonlySet<string> = new Set();

/** The judgement of a graph without rules, where nobody is asked who they are. Throws a TypeError for a graph that has rules. */
export function allowAll(graph: Graph, operation: Operation): Judgement {
  if (!graph.rules.empty) throw new TypeError('a graph with rules is served under its rules only');
  return {
    operation,
    shape: 'all',
    verdicts: operation.fields.map(() => ALLOWED),
    subjects: operation.fields.map(() => NOBODY),
    agencies: operation.fields.map((field) => graph.rules.agencyOf.get(field.coordinate) ?? ('' as AgencyId)),
    scopes: operation.fields.map(() => undefined),
    narrowed: operation.document,
    narrowedHash: createHash('sha256').update(`${operation.hash}:all:${graph.version}`).digest('base64url'),
    effectiveScopes: NOTHING,
    inFileScopes: NOTHING,
    refusedCount: 0,
  };
}
