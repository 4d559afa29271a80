import type { Acr } from '../../../schema/acr.ts';
import type { Purpose } from '../../../schema/purposes.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import { LRUCache } from 'lru-cache';
import type { Habilitation } from '../../registers/habilitation/habilitation.ts';
import type { Caller } from '../exchange.ts';

export type ScopeSet = ReadonlySet<ScopeName>;

/** All of a caller that verdicts depend on. Equal rights are one object, so that `id` can stand for them in a key. */
export interface Rights {
  readonly id: number;
  /**
   * The habilitation's, then cut by the token, then by the live consents: each a subset of the one before. In this order, since the first that
   * lacks a scope is the one named: another token is no help where the habilitation does not cover the field.
   */
  readonly habilitationScopes: ScopeSet;
  readonly tokenScopes: ScopeSet;
  readonly effectiveScopes: ScopeSet;
  /** Effective for third parties inside the caller's own file; empty when these are judged as themselves. */
  readonly inFileScopes: ScopeSet;
  readonly coversFile: boolean;
  readonly acr: Acr;
  readonly minimumAcr: Acr;
  readonly metPolicies: ReadonlySet<string>;
}

/** Enough for every combination a busy day sees; the least used is made again. */
const MAX_KEPT = 10_000;

const NOTHING: ScopeSet = new Set<ScopeName>();

/** Weak at every level: what is no longer anybody's token or consents is forgotten with it. */
type Shelf = WeakMap<object, Shelf | Rights>;

/**
 * Turns a caller and the subject's open consents into rights. The parts come interned (one object per token, habilitation, set of
 * consents), so that a known combination costs lookups by identity and no text is built. The token comes last: it is what is new most
 * often, and then nothing has to be built above it.
 */
export function createRightsRegister(): (caller: Caller, open: ScopeSet, metPolicies: ReadonlySet<string>) => Rights {
  const shelves = new Map<Acr, Shelf>();
  const byText = new LRUCache<string, Rights>({ max: MAX_KEPT });
  const textOf = createTextOf();
  let lastId = 0;

  return (caller, open, metPolicies) => {
    let shelf = shelves.get(caller.acr);
    if (!shelf) shelves.set(caller.acr, (shelf = new WeakMap()));
    shelf = below(below(below(below(shelf, caller.habilitation), caller.purpose), metPolicies), open);
    const found = shelf.get(caller.tokenScopes) as Rights | undefined;
    if (found) return found;
    const text = textOf(caller, open, metPolicies);
    const rights = byText.get(text) ?? toRights((lastId += 1), caller, open, metPolicies);
    byText.set(text, rights);
    shelf.set(caller.tokenScopes, rights);
    return rights;
  };
}

function below(shelf: Shelf, part: object): Shelf {
  let next = shelf.get(part) as Shelf | undefined;
  if (!next) shelf.set(part, (next = new WeakMap()));
  return next;
}

/** Equal for two callers exactly when nothing that `toRights` reads tells them apart. Names hold no space and no line feed. */
function createTextOf(): (caller: Caller, open: ScopeSet, metPolicies: ReadonlySet<string>) => string {
  const ofHabilitation = new WeakMap<Habilitation, string>();
  return ({ tokenScopes, habilitation, purpose, acr }, open, metPolicies) => {
    let approved = ofHabilitation.get(habilitation);
    if (approved === undefined) ofHabilitation.set(habilitation, (approved = textOfHabilitation(habilitation)));
    const token = [...tokenScopes].sort();
    const opened = token.filter((scope) => open.has(scope) && habilitation.scopes.has(scope));
    return [
      token.join(' '),
      opened.join(' '),
      approved,
      purpose.name,
      acr,
      JSON.stringify([...metPolicies].sort()),
    ].join('\n');
  };
}

function textOfHabilitation({ id, version, legalBasis, minimumAcr, scopes }: Habilitation): string {
  return [id, version, legalBasis, minimumAcr, [...scopes].sort().join(' ')].join('\n');
}

function toRights(id: number, caller: Caller, open: ScopeSet, metPolicies: ReadonlySet<string>): Rights {
  const { tokenScopes, habilitation, purpose, acr } = caller;
  const heldScopes = new Set([...tokenScopes].filter((scope) => habilitation.scopes.has(scope)));
  const effectiveScopes = new Set([...heldScopes].filter((scope) => open.has(scope)));
  const coversFile = coversOwnFile(habilitation, purpose);
  return {
    id,
    habilitationScopes: habilitation.scopes,
    tokenScopes: heldScopes,
    effectiveScopes,
    inFileScopes: coversFile ? effectiveScopes : NOTHING,
    coversFile,
    acr,
    minimumAcr: habilitation.minimumAcr,
    metPolicies,
  };
}

/**
 * Third parties inside the caller's own file (DOMAIN, "Who is the data subject when the query walks"): under L114-8 when the purpose is
 * computed on the household; when citizens read their own file (RGPD, article 15), since they are part of it. Under consent each speaks for
 * themself.
 */
function coversOwnFile(habilitation: Habilitation, purpose: Purpose): boolean {
  if (habilitation.legalBasis === 'INFORMATION_L114_8') return purpose.household;
  return habilitation.legalBasis === 'RIGHT_OF_ACCESS_RGPD_15';
}

/** Whether no consent is asked for the caller's own data: citizens who read it themselves, by right of access. */
export function readsByRightOfAccess({ habilitation, purpose }: Caller): boolean {
  return habilitation.legalBasis === 'RIGHT_OF_ACCESS_RGPD_15' && purpose.name === 'my-data';
}
