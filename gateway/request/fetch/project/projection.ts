import type { SubjectKey } from '../../../platform/ids.ts';
import type { Judgement, OperationField, OperationSelection, ReplyFault, SubjectSlot } from '../../exchange.ts';
import type { DataKeys } from '../compile/dataKeys.ts';
import type { Naming } from '../compile/place.ts';
import type { Fault } from '../merge/faults.ts';
import type { PersonDesk } from '../personDesk.ts';
import type { TraceSheet, TracedOutcome } from './traceSheet.ts';

/** The state of one reply while it is written. */
export interface Projection {
  readonly variables: Readonly<Record<string, unknown>>;
  /** By field index; which are allowed is the program's, why the others are not is this caller's. */
  readonly verdicts: Judgement['verdicts'];
  readonly persons: PersonDesk | undefined;
  /** By fetch number. */
  readonly fetchFaults: readonly (Fault | undefined)[];
  /** By fetch number and variable that named somebody. */
  readonly namingFaults: readonly (ReadonlyMap<string, Fault> | undefined)[];
  readonly faults: ReplyFault[];
  /** Response path of the value that is written. */
  readonly path: (string | number)[];
  readonly traces: TraceSheet;
  /** JSON text of `__schema` and `__type` fields by response key. */
  readonly introspected: ReadonlyMap<string, string>;
  /** Whose object is being written, below a person other than the caller. */
  subject: SubjectKey | undefined;
}

/** JSON text of a value; 'null' for null. undefined = null where none may stand, so the parent becomes null. */
export type WriteValue = (value: unknown, projection: Projection) => string | undefined;

/** Adds a fault at the path that is being written. */
export function addFault(projection: Projection, fault: Omit<ReplyFault, 'path'>): void {
  projection.faults.push({ ...fault, path: projection.path.slice() });
}

/** Turns a fault of the data tree into one of the reply; `below` goes on from the current path in the client's words. */
export function addDataFault(
  projection: Projection,
  fault: Fault,
  selection: OperationSelection | undefined,
  dataKeys: DataKeys,
): void {
  const { code, agency, refusal, retryAfterSeconds, input } = fault;
  projection.faults.push({
    code,
    agency,
    path: [...projection.path, ...toResponsePath(fault.below, selection, dataKeys)],
    ...(refusal && { refusal }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(input !== undefined && { input }),
  });
}

/** What went wrong with one of the fetches that were to write a value. */
export function firstFault(writers: readonly number[], { fetchFaults }: Projection): Fault | undefined {
  for (const writer of writers) if (fetchFaults[writer]) return fetchFaults[writer];
  return undefined;
}

/** Why a field was not asked for: one of its arguments names somebody. */
export function namingFault(naming: readonly Naming[], { namingFaults }: Projection): Fault | undefined {
  for (const { fetch, variable } of naming) {
    const fault = namingFaults[fetch]?.get(variable);
    if (fault) return fault;
  }
  return undefined;
}

/** Notes a field's outcome for the subject whose data it is; nobody's data leaves no trace. */
export function note(projection: Projection, index: number, slot: SubjectSlot['kind'], outcome: TracedOutcome): void {
  const subject = subjectOf(projection, slot);
  if (subject !== undefined) projection.traces.note(index, subject, outcome);
}

/** Who the slot means here; undefined where the graph has no persons, or where a relative is not known by name. */
export function subjectOf(projection: Projection, slot: SubjectSlot['kind']): SubjectKey | undefined {
  switch (slot) {
    case 'NONE':
      return undefined;
    case 'CALLER':
    case 'IN_FILE':
      return projection.persons?.caller;
    case 'RELATIVE':
      return projection.subject;
    default:
      return slot satisfies never;
  }
}

export function dataKeyOf(field: OperationField, dataKeys: DataKeys): string {
  const { responseKey, fieldName } = field;
  return dataKeys.keyOf({ responseKey, fieldName, hasArguments: field.arguments.length > 0 });
}

function toResponsePath(
  below: readonly (string | number)[],
  selection: OperationSelection | undefined,
  dataKeys: DataKeys,
): (string | number)[] {
  const path: (string | number)[] = [];
  let here = selection;
  for (const part of below) {
    if (typeof part === 'number') {
      path.push(part);
      continue;
    }
    const field: OperationField | undefined = [...(here?.byType.values() ?? [])]
      .flat()
      .find((candidate) => dataKeyOf(candidate, dataKeys) === part);
    if (!field) break;
    path.push(field.responseKey);
    here = field.selection;
  }
  return path;
}
