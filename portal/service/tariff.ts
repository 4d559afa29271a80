/** A line of a tariff: what is paid by whose quotient, or yearly income, is below that, in euros; the last line has no end. */
export interface TariffLine {
  readonly below: number;
  /** Of a meal, of an hour at the crèche, of a square metre each month. */
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

export const RENT_TARIFF: Tariff = [
  { below: 25_000, cents: 490 },
  { below: 45_000, cents: 610 },
  { below: 70_000, cents: 750 },
  { below: Infinity, cents: 980 },
];

/** Cents to pay. Throws a TypeError for what no quotient and no income can be. */
export function priceOf(euros: number, tariff: Tariff): number {
  if (!Number.isFinite(euros) || euros < 0) throw new TypeError('a quotient or an income is a number from 0');
  return tariff.find(({ below }) => euros < below)!.cents;
}
