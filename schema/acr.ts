/** Levels of assurance as FranceConnect names them, weakest first (eIDAS, Regulation (EU) 910/2014, article 8). */
export const ACR_LEVELS = ['eidas1', 'eidas2', 'eidas3'] as const;
export type Acr = (typeof ACR_LEVELS)[number];

export function isAcr(value: unknown): value is Acr {
  return ACR_LEVELS.includes(value as Acr);
}

/** Whether a session of level `held` may read what asks for `needed`. */
export function meetsAcr(held: Acr, needed: Acr): boolean {
  return ACR_LEVELS.indexOf(held) >= ACR_LEVELS.indexOf(needed);
}
