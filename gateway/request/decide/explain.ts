import type { RefusalReason, RefusalSubject } from '../../../schema/refusals.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { AgencyId } from '../../platform/ids.ts';
import type { Judgement, OperationSelection, Refusal, SubjectSlot, SupposedRelative, Verdict } from '../exchange.ts';

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
  /** Where a relative may stand: what would hold for each kind of them. `allowed` is then said of one of them at least, of a stranger never. */
  readonly relatives?: readonly ExplainedRelative[];
}

/** A verdict on a child for whom the caller may speak, or on a partner who has said nothing. */
export type ExplainedRelative = Verdict & { readonly subject: RefusalSubject };

/**
 * Every verdict of a judgement, in the order of the operation: the answer of a dry run. Under a refused field nothing is listed. `supposed`: whoever
 * might stand where relatives do, since a dry run looks nobody up.
 */
export function explain(
  judgement: Judgement,
  supposed: readonly SupposedRelative[] = NOBODY,
): readonly ExplainedField[] {
  return explainSelection(judgement, judgement.operation.root, [], supposed);
}

const NOBODY: readonly SupposedRelative[] = [];

/** The refusals alone. */
export function refusals(judgement: Judgement): readonly ExplainedField[] {
  return explain(judgement).filter((field) => !field.allowed && !field.withheld);
}

function explainSelection(
  judgement: Judgement,
  selection: OperationSelection,
  above: readonly string[],
  supposed: readonly SupposedRelative[],
): readonly ExplainedField[] {
  return [...selection.byType.values()].flat().flatMap((field) => {
    const path = [...above, field.responseKey];
    const verdict = judgement.verdicts[field.index]!;
    const relatives =
      supposed.length > 0 ? explainRelatives(judgement.subjects[field.index]!, field.index, supposed) : [];
    const explained = {
      ...{ path, coordinate: field.coordinate, agency: judgement.agencies[field.index]!, ...verdict },
      ...(relatives.length > 0 && { relatives }),
    };
    const below =
      verdict.allowed && field.selection ? explainSelection(judgement, field.selection, path, supposed) : [];
    return [explained, ...below];
  });
}

function explainRelatives(
  slot: SubjectSlot,
  index: number,
  supposed: readonly SupposedRelative[],
): readonly ExplainedRelative[] {
  if (slot.kind !== 'RELATIVE' || slot.unnamed) return [];
  return supposed.map(({ role, verdicts }) => ({ subject: role, ...verdicts[index]! }));
}
