/**
 * Whole years of a person on that day in Paris (`YYYY-MM-DD`), the birthday itself counted. Of a presumed birth date (`1994-04`, `1994-04-00`, `1994`)
 * the earliest day counts, so that nobody is taken for younger than they may be; who is born on 29 February has their birthday on 1 March of other years.
 */
export function ageOf(birthdate: string, dayInParis: string): number {
  // What is no date makes nobody a minor.
  if (!DATE.test(birthdate)) return Infinity;
  const [year, month, day] = birthdate.split('-');
  const birthday = `${known(month)}-${known(day)}`;
  const years = Number(dayInParis.slice(0, 4)) - Number(year);
  return dayInParis.slice(5) < birthday ? years - 1 : years;
}

const DATE = /^\d{4}(?:-\d{2}){0,2}$/;

function known(part: string | undefined): string {
  return part === undefined || part === '00' ? '01' : part;
}
