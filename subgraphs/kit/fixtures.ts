import { readFile } from 'node:fs/promises';
import { yearInParis } from '../../schema/parisCalendar.ts';
import type { Clock } from './agencyModule.ts';

/**
 * Reads a fixture file and resolves dates that move with time: `{"$yearsAgo": 3, "monthDay": "09-14"}` becomes a date
 * (`2023-09-14` in 2026, Paris), `{"$yearsAgo": 3}` the bare year as a number. Throws a TypeError that names the file when it is malformed.
 */
export async function readFixture<T>(file: string, clock: Clock): Promise<T> {
  const year = yearInParis(clock());
  try {
    return JSON.parse(await readFile(file, 'utf8'), (_key, value: unknown) => resolveYearsAgo(value, year)) as T;
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) {
      throw new TypeError(`${file}: ${cause instanceof TypeError ? cause.message : 'must be JSON'}`, { cause });
    }
    throw cause;
  }
}

function resolveYearsAgo(value: unknown, currentYear: number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '$yearsAgo')) return value;
  const { $yearsAgo: yearsAgo, monthDay } = value as { $yearsAgo: unknown; monthDay?: unknown };
  if (!Number.isInteger(yearsAgo)) throw new TypeError('"$yearsAgo" must be a whole number of years');
  const year = currentYear - (yearsAgo as number);
  if (monthDay === undefined) return year;
  if (typeof monthDay !== 'string' || !/^\d\d-\d\d$/.test(monthDay)) throw new TypeError('"monthDay" must be MM-DD');
  return `${year}-${monthDay === '02-29' && !isLeap(year) ? '02-28' : monthDay}`;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
