import type { RefusalReason, RefusalSubject } from '../../../schema/refusals.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { AgencyId } from '../../platform/ids.ts';
import type { Judgement, OperationSelection, Refusal } from '../exchange.ts';

/** One field of the operation in words; its path has response keys and no list positions, since nothing has been read. */
export interface ExplainedField {
  readonly path: readonly string[];
  readonly coordinate: string;
  readonly agency: AgencyId;
  readonly allowed: boolean;
  readonly reason?: RefusalReason;
  readonly missingScopes?: readonly (readonly ScopeName[])[];
  readonly subject?: RefusalSubject;
  /** What the citizen would have to open, when consent alone is missing. */
  readonly consentScopes?: readonly ScopeName[];
  readonly withheld?: Refusal['withheld'];
}

/** Every verdict of a judgement, in the order of the operation: the answer of a dry run. Under a refused field nothing is listed. */
export function explain(judgement: Judgement): readonly ExplainedField[] {
  return explainSelection(judgement, judgement.operation.root, []);
}

/** The refusals alone. */
export function refusals(judgement: Judgement): readonly ExplainedField[] {
  return explain(judgement).filter((field) => !field.allowed && !field.withheld);
}

function explainSelection(
  judgement: Judgement,
  selection: OperationSelection,
  above: readonly string[],
): readonly ExplainedField[] {
  return [...selection.byType.values()].flat().flatMap((field) => {
    const path = [...above, field.responseKey];
    const verdict = judgement.verdicts[field.index]!;
    const explained = { path, coordinate: field.coordinate, agency: judgement.agencies[field.index]!, ...verdict };
    const below = verdict.allowed && field.selection ? explainSelection(judgement, field.selection, path) : [];
    return [explained, ...below];
  });
}
