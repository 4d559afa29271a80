import type { Stage } from '../stage.ts';
import type { Contestant } from '../rounds.ts';
import { measureFirstUse, type FirstUse } from './firstUse.ts';
import { measureHangingAgency, type HangingAgency } from './hangingAgency.ts';
import { measureNewBesideKnown, type NewBesideKnown } from './newBesideKnown.ts';

/** What ratios do not show, by target. */
export type Extras = Readonly<
  Record<
    string,
    {
      readonly firstUse: FirstUse;
      readonly newBesideKnown: NewBesideKnown;
      readonly hangingAgency: HangingAgency;
    }
  >
>;

/** Measures the targets that protect, and the reference beside them. `seconds` and `connections` as for a cell. */
export async function measureExtras(
  stage: Stage,
  cell: { readonly seconds: number; readonly connections: number },
  say: (line: string) => void,
): Promise<Extras> {
  const result: Record<string, Extras[string]> = {};
  for (const contestant of stage.contestants.filter(isOfInterest)) {
    say(`first uses, new beside known and a hanging agency: ${contestant.target.title}`);
    result[contestant.target.name] = {
      firstUse: await measureFirstUse(stage, contestant),
      newBesideKnown: await measureNewBesideKnown(stage, contestant, cell),
      hangingAgency: await measureHangingAgency(stage, contestant),
    };
  }
  return result;
}

function isOfInterest({ target, comparisons }: Contestant): boolean {
  const answersAll = [...comparisons.values()].every((comparison) => comparison.difference === undefined);
  return answersAll && (target.protects || target.name === 'apollo');
}
