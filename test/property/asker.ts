import type { Acr } from '../../schema/acr.ts';
import { PURPOSES, type LegalBasis } from '../../schema/purposes.ts';
import { SCOPES } from '../../schema/scopes.ts';
import type { Draw } from '../engine/draw.ts';

/** One caller at one service: all that verdicts depend on. */
export interface Asker {
  /** Of world.ts PEOPLE. */
  readonly person: string;
  readonly service: string;
  readonly siret: string;
  readonly purpose: string;
  readonly household: boolean;
  readonly legalBasis: LegalBasis;
  readonly tokenScopes: readonly string[];
  readonly habilitatedScopes: readonly string[];
  readonly consentedScopes: readonly string[];
  readonly acr: Acr;
  readonly minimumAcr: Acr;
}

/** `agencies`: whose scopes matter in this world. */
export function drawAsker(draw: Draw, person: string, agencies: readonly string[]): Asker {
  const scopes = scopesOf(agencies);
  const held = (percent: number): readonly string[] => scopes.filter(() => !draw.chance(100 - percent));
  const service = draw.pick(['canteen', 'creche', 'portal']);
  const purpose = draw.pick(PURPOSES);
  return {
    person,
    service,
    siret: `9990000000000${service.length}`,
    purpose: purpose.name,
    household: purpose.household,
    legalBasis: draw.pick(['INFORMATION_L114_8', 'CONSENT_RGPD_6_1_A', 'RIGHT_OF_ACCESS_RGPD_15'] as const),
    tokenScopes: held(85),
    habilitatedScopes: held(90),
    consentedScopes: held(85),
    acr: draw.pick(['eidas3', 'eidas2', 'eidas1'] as const),
    minimumAcr: draw.pick(['eidas1', 'eidas1', 'eidas1', 'eidas2', 'eidas3'] as const),
  };
}

export function scopesOf(agencies: readonly string[]): readonly string[] {
  return SCOPES.filter((scope) => agencies.includes(scope.holder)).map((scope) => scope.name);
}
