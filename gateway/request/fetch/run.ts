import type { AgencyId } from '../../platform/ids.ts';
import type { Departure, Judgement } from '../exchange.ts';
import type { HubErrorCode } from '../../../schema/errorCodes.ts';
import type { AgencySend, SealGrant } from './agencyPort.ts';
import type { Fault } from './merge/faults.ts';
import type { StillAllowed } from './lookAgain.ts';
import type { PersonDesk } from './personDesk.ts';
import type { DataNode } from './compile/place.ts';

/** What one request brings to a program. */
export interface RunInput {
  /** Coerced, defaults filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
  /**
   * This caller's verdicts: the program is shared by all for whom the same fields are refused, and why they are differs. Left out for a
   * graph without rules.
   */
  readonly verdicts?: Judgement['verdicts'];
  /** Aborted when the client leaves. */
  readonly signal: Departure;
  readonly send: AgencySend;
  /** The answer of an agency that need not be asked: undefined for nearly every question. */
  readonly knownAnswer?: (agency: AgencyId, head: string) => string | undefined;
  /** Absent for a graph without rules. */
  readonly seal?: SealGrant;
  /** Asked before each fetch; absent where nothing can be withdrawn. */
  readonly stillAllowed?: StillAllowed;
  /** Absent for a graph without persons. */
  readonly persons?: PersonDesk;
  /** For the log: what an agency did wrong. `detail` holds keys of ours, never a value. */
  readonly report?: (agency: AgencyId, fault: { readonly code: HubErrorCode; readonly detail: string }) => void;
}

/** One run of a program: the data as it grows, and what went wrong. */
export interface Run {
  readonly input: RunInput;
  readonly personTypes: ReadonlySet<string>;
  readonly root: DataNode;
  /** By fetch number. */
  readonly fetchFaults: (Fault | undefined)[];
  /** By fetch number and variable: why a field was not asked for because of whom its argument names. */
  readonly namingFaults: (ReadonlyMap<string, Fault> | undefined)[];
  /** Errors of agencies that belong to no place. */
  readonly loose: Fault[];
  /** Ends the run: something happened that must not. */
  readonly fail: (defect: unknown) => void;
}
