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
  /** Token's, then cut by the habilitation, then by the live consents: each a subset of the one before. */
  readonly tokenScopes: ScopeSet;
  readonly habilitatedScopes: ScopeSet;
  readonly effectiveScopes: ScopeSet;
  /** Effective for third parties inside the caller's own file; empty when these are judged as themselves. */
  readonly inFileScopes: ScopeSet;
  readonly coversFile: boolean;
  readonly acr: Acr;
  readonly minimumAcr: Acr;
  readonly metPolicies: ReadonlySet<string>;
}

/** Enough for every combination a busy day sees; the least used is made again. */
const MAX_KEPT = 20_000;

const NOTHING: ScopeSet = new Set<ScopeName>();

/**
 * Turns a caller and the subject's open consents into rights. The parts come interned (one object per token, habilitation, set of
 * consents), so that a known combination costs lookups by identity and no text is built.
 */
export function createRightsRegister(): (caller: Caller, open: ScopeSet, metPolicies: ReadonlySet<string>) => Rights {
  const byIdentity = new WeakMap<object, unknown>();
  const byText = new LRUCache<string, Rights>({ max: MAX_KEPT });
  const textOf = createTextOf();
  let lastId = 0;

  return (caller, open, metPolicies) => {
    const parts = [caller.tokenScopes, caller.habilitation, open, metPolicies, caller.purpose];
    const byAcr = descend(byIdentity, parts);
    const found = byAcr.get(caller.acr);
    if (found) return found;
    const text = textOf(caller, open, metPolicies);
    const rights = byText.get(text) ?? toRights((lastId += 1), caller, open, metPolicies);
    byText.set(text, rights);
    byAcr.set(caller.acr, rights);
    return rights;
  };
}

/** A map of maps, weak at every level: what is no longer anybody's token or consents is forgotten with it. */
function descend(root: WeakMap<object, unknown>, parts: readonly object[]): Map<Acr, Rights> {
  let level = root;
  for (let depth = 0; depth < parts.length - 1; depth += 1) {
    let next = level.get(parts[depth]!) as WeakMap<object, unknown> | undefined;
    if (!next) level.set(parts[depth]!, (next = new WeakMap<object, unknown>()));
    level = next;
  }
  const last = parts.at(-1)!;
  let leaf = level.get(last) as Map<Acr, Rights> | undefined;
  if (!leaf) level.set(last, (leaf = new Map<Acr, Rights>()));
  return leaf;
}

/** Equal for two callers exactly when nothing that `toRights` reads tells them apart. */
function createTextOf(): (caller: Caller, open: ScopeSet, metPolicies: ReadonlySet<string>) => string {
  const sorted = new WeakMap<ScopeSet, readonly ScopeName[]>();
  const sort = (set: ScopeSet): readonly ScopeName[] => {
    const known = sorted.get(set);
    if (known) return known;
    const names = [...set].sort();
    sorted.set(set, names);
    return names;
  };
  return ({ tokenScopes, habilitation, purpose, acr }, open, metPolicies) => {
    const token = sort(tokenScopes);
    const opened = token.filter((scope) => open.has(scope) && habilitation.scopes.has(scope));
    const { id, version, legalBasis, minimumAcr, scopes } = habilitation;
    return JSON.stringify([
      acr,
      purpose.name,
      id,
      version,
      legalBasis,
      minimumAcr,
      sort(scopes),
      token,
      opened,
      sort(metPolicies),
    ]);
  };
}

function toRights(id: number, caller: Caller, open: ScopeSet, metPolicies: ReadonlySet<string>): Rights {
  const { tokenScopes, habilitation, purpose, acr } = caller;
  const habilitatedScopes = new Set([...tokenScopes].filter((scope) => habilitation.scopes.has(scope)));
  const effectiveScopes = new Set([...habilitatedScopes].filter((scope) => open.has(scope)));
  const coversFile = coversOwnFile(habilitation, purpose);
  return {
    id,
    tokenScopes,
    habilitatedScopes,
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
