/** A line of the town's tariff: what a family pays whose quotient is below that, in euros; the last line has no end. */
export interface TariffLine {
  readonly below: number;
  /** Of a meal, or of an hour at the crèche. */
  readonly cents: number;
}

export type Tariff = readonly TariffLine[];

/** Invented, and shown on the page as it stands here. */
export const CANTEEN_TARIFF: Tariff = [
  { below: 600, cents: 100 },
  { below: 1200, cents: 250 },
  { below: 2000, cents: 380 },
  { below: Infinity, cents: 520 },
];

export const CRECHE_TARIFF: Tariff = [
  { below: 600, cents: 60 },
  { below: 1200, cents: 140 },
  { below: 2000, cents: 230 },
  { below: Infinity, cents: 310 },
];

/** Cents to pay. Throws a TypeError for what no quotient can be. */
export function priceOf(quotient: number, tariff: Tariff): number {
  if (!Number.isFinite(quotient) || quotient < 0) throw new TypeError('a quotient is a number from 0');
  return tariff.find(({ below }) => quotient < below)!.cents;
}
