const MAJORITY_YEARS = 18;

/**
 * Whether a person is certainly under 18 on that day in Paris (`YYYY-MM-DD`): the birthday itself ends minority (Code civil, article
 * 388), and of a presumed birth date the earliest day counts, so that nobody's minority is guessed.
 */
export function isMinor(birthDate: string, dayInParis: string): boolean {
  const [year = '', month = '01', day = '01'] = birthDate.split('-');
  const eighteenth = `${Number(year) + MAJORITY_YEARS}-${month}-${day}`;
  return dayInParis < eighteenth;
}
