const parisDay = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Paris',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The calendar day in Paris, `YYYY-MM-DD`: majorities, income years and validity days change at midnight there. */
export function dayInParis(nowMs: number): string {
  return parisDay.format(nowMs);
}

/** The calendar year from which `@scopeByYear` counts back; hub and agencies must agree on it. */
export function yearInParis(nowMs: number): number {
  return Number(dayInParis(nowMs).slice(0, 4));
}
