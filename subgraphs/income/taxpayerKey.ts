import type { Taxpayer } from './source.ts';

/** Loader keys are compared by identity, so a key of two parts becomes one text. */
export function taxpayerText({ household, declarant }: Taxpayer): string {
  return `${declarant} ${household}`;
}

export function parseTaxpayer(text: string): Taxpayer {
  const [declarant, household] = text.split(' ') as [string, string];
  return { household, declarant: declarant === '1' ? 1 : 2 };
}
