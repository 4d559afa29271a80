import { dayInParis } from '../../../schema/parisCalendar.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ConsentLedger, OpenConsents } from '../../registers/consent/consent.ts';
import type { Caller, ProvenRelative, RelationProof } from '../exchange.ts';
import { ageOf } from '../../platform/ages.ts';
import { readsByRightOfAccess, type ScopeSet } from './rights.ts';

/** A relative, and the scopes that somebody who may speak for them has opened; undefined when nobody may. */
export interface RelativesWord {
  readonly relative: ProvenRelative;
  readonly open: ScopeSet | undefined;
}

/** The same of somebody who is not known to be there. */
export interface SupposedWord {
  readonly role: ProvenRelative['role'];
  readonly open: ScopeSet | undefined;
}

/** From this age a minor also has a word of their own (loi Informatique et Libertés, article 45). */
const OWN_WORD_FROM = 15;
const MAJORITY = 18;

const NOTHING: ScopeSet = new Set<ScopeName>();

/**
 * Who has said what about the caller's relatives (DOMAIN, "Who is the data subject when the query walks"):
 *
 * - a child under 15 is spoken for by the caller who holds parental authority: by a consent given for that child, or by a notice of the law
 *   (CRPA, L114-8) for a purpose that is computed on the household, or by right of access, which a parent exercises for the child;
 * - from 15 to 17 the minor's own consent does as well, and what either of the two has declined stays closed;
 * - from the eighteenth birthday, and without authority, nobody but themself: and that is not by way of the caller;
 * - a partner by their own consent alone. A notice informs, it is no leave to be read by another.
 *
 * Of a presumed birth date the earliest day counts: nobody is taken for younger than they may be.
 */
export function hearRelatives(
  caller: Caller,
  callersOwn: OpenConsents | undefined,
  { relatives }: RelationProof,
  { openConsents, clock }: { readonly openConsents: ConsentLedger['openConsents']; readonly clock: Clock },
): readonly RelativesWord[] | Promise<readonly RelativesWord[]> {
  const today = dayInParis(clock());
  // At once when the ledger answers from memory: before each fetch this is asked again.
  const own = relatives.map((relative) =>
    hasOwnWord(relative, today)
      ? openConsents(relative.subject, caller.service.clientId, caller.purpose.name)
      : undefined,
  );
  const hear = (theirOwn: readonly (OpenConsents | undefined)[]) =>
    relatives.map((relative, index) => {
      return { relative, open: openFor(relative, theirOwn[index], { caller, callersOwn, today }) };
    });
  return own.some((one) => one instanceof Promise)
    ? Promise.all(own).then(hear)
    : hear(own as readonly (OpenConsents | undefined)[]);
}

/** What would be open of whoever might be there, as far as the caller's own word goes: a child under 15 under their authority, a partner. */
export function supposeRelatives(caller: Caller, callersOwn: OpenConsents | undefined): readonly SupposedWord[] {
  return [
    { role: 'CHILD', open: parentsWord(caller, callersOwn).open },
    { role: 'SPOUSE', open: readsByRightOfAccess(caller) ? undefined : NOTHING },
  ];
}

/** A partner, and a minor from 15 on; of whom nothing may be said nothing is asked either. */
function hasOwnWord(relative: ProvenRelative, today: string): boolean {
  if (relative.standing !== 'PRESENT') return false;
  return (
    relative.role === 'SPOUSE' ||
    (isSpokenFor(relative, today) && ageOf(relative.pivot.birthdate, today) >= OWN_WORD_FROM)
  );
}

function isSpokenFor({ parentalAuthority, pivot }: ProvenRelative, today: string): boolean {
  return parentalAuthority && ageOf(pivot.birthdate, today) < MAJORITY;
}

function openFor(
  relative: ProvenRelative,
  theirOwn: OpenConsents | undefined,
  by: { readonly caller: Caller; readonly callersOwn: OpenConsents | undefined; readonly today: string },
): ScopeSet | undefined {
  const { caller, callersOwn, today } = by;
  if (relative.standing !== 'PRESENT') return undefined;
  if (relative.role === 'SPOUSE') return readsByRightOfAccess(caller) ? undefined : theirOwn!.consented;
  if (!isSpokenFor(relative, today)) return undefined;
  const parents = parentsWord(caller, callersOwn, relative);
  if (!theirOwn) return parents.open;
  const open = new Set([...parents.open, ...theirOwn.consented]);
  for (const { declined } of [parents, theirOwn]) for (const scope of declined) open.delete(scope);
  return open;
}

/** `own` is undefined for a caller who reads by right of access; `child`, for one about whom nothing has been said. */
function parentsWord(
  { habilitation, purpose }: Caller,
  own: OpenConsents | undefined,
  child?: ProvenRelative,
): { readonly open: ScopeSet; readonly declined: ScopeSet } {
  if (!own) return { open: habilitation.scopes, declined: NOTHING };
  const forChild = (child && own.children.get(child.subject)) ?? { open: NOTHING, declined: NOTHING };
  // The household's tariff is the child's affair too: whom the notice informs it informs for them.
  if (habilitation.legalBasis !== 'INFORMATION_L114_8' || !purpose.household) return forChild;
  const open = new Set(own.scopes);
  for (const scope of forChild.declined) open.delete(scope);
  for (const scope of forChild.open) open.add(scope);
  return { open, declined: new Set([...own.declined, ...forChild.declined]) };
}
