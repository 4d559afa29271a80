import type { Acr } from '../../schema/acr.ts';
import { PURPOSES, type LegalBasis } from '../../schema/purposes.ts';
import { SCOPES } from '../../schema/scopes.ts';
import type { Draw } from '../engine/draw.ts';

/** What somebody has said to this service for this purpose. */
export interface Word {
  readonly open: readonly string[];
  readonly declined: readonly string[];
}

/** A relative as civil status proves them to the hub. */
export interface AskersRelative {
  readonly person: string;
  readonly role: 'CHILD' | 'SPOUSE';
  readonly authority: boolean;
  readonly standing: 'PRESENT' | 'DECEASED' | 'PROTECTED';
  /** Their own word, from their own session. */
  readonly own: Word;
  /** What the caller has said for them. */
  readonly byCaller: Word;
}

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
  readonly declinedScopes: readonly string[];
  readonly relatives: readonly AskersRelative[];
  readonly acr: Acr;
  readonly minimumAcr: Acr;
}

/** `agencies`: whose scopes matter in this world. */
export function drawAsker(draw: Draw, person: string, agencies: readonly string[]): Asker {
  const scopes = scopesOf(agencies);
  const held = (percent: number): readonly string[] => scopes.filter(() => !draw.chance(100 - percent));
  const relatives = drawRelatives(draw, person, scopes);
  const consentedScopes = held(85);
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
    consentedScopes,
    declinedScopes: scopes.filter((scope) => !consentedScopes.includes(scope) && draw.chance(40)),
    relatives,
    acr: draw.pick(['eidas3', 'eidas2', 'eidas1'] as const),
    minimumAcr: draw.pick(['eidas1', 'eidas1', 'eidas1', 'eidas2', 'eidas3'] as const),
  };
}

export function scopesOf(agencies: readonly string[]): readonly string[] {
  return SCOPES.filter((scope) => agencies.includes(scope.holder)).map((scope) => scope.name);
}

/** Children, a partner who may be the other caller, and somebody who is dead or protected. */
function drawRelatives(draw: Draw, caller: string, scopes: readonly string[]): readonly AskersRelative[] {
  const partner = draw.pick(['p5', caller === 'p0' ? 'p1' : 'p0']);
  const isThere = (percent: number): boolean => draw.chance(percent);
  const children = ['p2', 'p3'].filter(() => isThere(60));
  // A namesake stands beside the one whose name they share.
  if (children.includes('p3') && isThere(40)) children.push('p4');
  const people: Pick<AskersRelative, 'person' | 'role'>[] = [
    ...children.map((person) => ({ person, role: 'CHILD' as const })),
    ...(isThere(60) ? [{ person: partner, role: 'SPOUSE' as const }] : []),
  ];
  const absent = ['p6', 'p7'].filter(() => isThere(30));
  return [
    ...people.map((one) => ({ ...one, standing: 'PRESENT' as const })),
    ...absent.map((person) => ({
      person,
      role: 'CHILD' as const,
      standing: draw.pick(['DECEASED', 'PROTECTED'] as const),
    })),
  ].map((one) => ({
    ...one,
    authority: !draw.chance(25),
    own: drawWord(draw, scopes),
    byCaller: drawWord(draw, scopes),
  }));
}

function drawWord(draw: Draw, scopes: readonly string[]): Word {
  const usual = draw.pick(['open', 'open', 'declined', 'unsaid']);
  const said = scopes.map((scope) => [scope, draw.chance(25) ? draw.pick(['unsaid', 'declined', 'open']) : usual]);
  const of = (kind: string): readonly string[] => said.flatMap(([scope, what]) => (what === kind ? [scope!] : []));
  return { open: of('open'), declined: of('declined') };
}
