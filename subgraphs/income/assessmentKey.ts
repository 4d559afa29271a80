import type { AssessmentKey } from './source.ts';

/** Loader keys are compared by identity, so a key of two parts becomes one text. */
export function keyText({ household, incomeYear }: AssessmentKey): string {
  return `${incomeYear} ${household}`;
}

export function parseKey(text: string): AssessmentKey {
  const [incomeYear, household] = text.split(' ') as [string, string];
  return { household, incomeYear: Number(incomeYear) };
}
