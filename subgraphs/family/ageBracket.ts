export type AgeBracket = 'UNDER_3' | 'FROM_3_TO_5' | 'FROM_6_TO_10' | 'FROM_11_TO_14' | 'FROM_15_TO_17' | 'ADULT';

/** First age, in years, of each bracket but the first. */
const BRACKETS: readonly (readonly [number, AgeBracket])[] = [
  [18, 'ADULT'],
  [15, 'FROM_15_TO_17'],
  [11, 'FROM_11_TO_14'],
  [6, 'FROM_6_TO_10'],
  [3, 'FROM_3_TO_5'],
];

/**
 * Bracket of a person's age on that day in Paris (`YYYY-MM-DD`). Of a presumed birth date both ends count: a bracket is told only when
 * the earliest and the latest day lead to the same one, else null.
 */
export function ageBracketOf(birthDate: string, dayInParis: string): AgeBracket | null {
  const [year = '', month, day] = birthDate.split('-');
  const oldest = bracketOf([year, month ?? '01', day ?? '01'].join('-'), dayInParis);
  const youngest = bracketOf([year, month ?? '12', day ?? '31'].join('-'), dayInParis);
  return oldest === youngest ? oldest : null;
}

function bracketOf(birthDay: string, today: string): AgeBracket {
  const years = Number(today.slice(0, 4)) - Number(birthDay.slice(0, 4));
  const age = today.slice(5) < birthDay.slice(5) ? years - 1 : years;
  return BRACKETS.find(([from]) => age >= from)?.[1] ?? 'UNDER_3';
}
