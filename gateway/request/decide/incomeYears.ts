import { yearScope } from '../../../schema/scopes.ts';
import { yearInParis, type Clock } from '../../platform/clock.ts';
import type { YearSource } from './readOperation.ts';
import type { YearNeed } from './verdict.ts';

const CLOSED: YearNeed = { kind: 'closed' };

/** Years back within which the treaty's scopes of income years are looked for. */
const OLDEST_INCOME_YEAR = 20;

/** What each field that asks for an income year needs, in the order of `sources`. */
export function yearNeeds(
  sources: readonly YearSource[],
  variables: Readonly<Record<string, unknown>>,
  openYears: ReadonlyMap<unknown, YearNeed>,
): readonly YearNeed[] {
  return sources.map((source) => openYears.get(yearOf(source, variables)) ?? CLOSED);
}

/** A variable that was not given leaves the argument's default in force; one that is null does not. */
function yearOf(source: YearSource, variables: Readonly<Record<string, unknown>>): unknown {
  if (source.kind === 'LITERAL') return source.value;
  return Object.hasOwn(variables, source.name) ? variables[source.name] : source.otherwise;
}

/**
 * Income years that a scope opens today. Paris changes its year on the hour of UTC, so that one look at the calendar an hour is enough (it
 * costs 2 us).
 */
export function createOpenYears(clock: Clock): () => ReadonlyMap<unknown, YearNeed> {
  let hour = Number.NaN;
  let open: ReadonlyMap<unknown, YearNeed> = new Map();
  return () => {
    const nowMs = clock();
    const thisHour = Math.floor(nowMs / 3_600_000);
    if (thisHour !== hour) [hour, open] = [thisHour, openYearsOf(yearInParis(nowMs))];
    return open;
  };
}

function openYearsOf(currentYear: number): ReadonlyMap<unknown, YearNeed> {
  const open = new Map<unknown, YearNeed>();
  for (let year = currentYear - OLDEST_INCOME_YEAR; year <= currentYear; year += 1) {
    const scope = yearScope(year, currentYear);
    if (scope !== undefined) open.set(year, { kind: 'needed', scope });
  }
  return open;
}
