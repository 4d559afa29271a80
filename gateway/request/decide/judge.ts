import type { RefusalSubject } from '../../../schema/refusals.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { Refusal, SubjectSlot, Verdict } from '../exchange.ts';
import type { FieldReading, OperationReading } from './readOperation.ts';
import type { Rights, ScopeSet } from './rights.ts';
import { ALLOWED, judgeRule, refuse, type YearNeed } from './verdict.ts';

/**
 * A verdict for every field, by index. What stands under a refused field is refused with it and for its reason. `years` has one entry per
 * field that asks for an income year, in the order of the reading's.
 */
export function judge(reading: OperationReading, years: readonly YearNeed[], rights: Rights): readonly Verdict[] {
  let nextYear = 0;
  const own = reading.fields.map((field) => judgeField(field, field.year && years[nextYear++], rights));
  const offers = consentOffers(reading, own);
  const verdicts: Verdict[] = [];
  for (const [index, { parent }] of reading.fields.entries()) {
    const above = parent && verdicts[parent.field.index]!;
    const verdict = own[index]!;
    const offer = offers[index];
    verdicts.push(above?.allowed === false ? above : offer && !verdict.allowed ? withOffer(verdict, offer) : verdict);
  }
  return verdicts;
}

function withOffer(verdict: Verdict & { readonly allowed: false }, offer: ScopeSet): Verdict {
  return { ...verdict, consentScopes: [...offer].sort() };
}

/**
 * For each field that consent alone would open: the scopes to consent to. An agency's object opens with any scope of its fields, so what is asked below
 * it decides which are worth asking a citizen for; what consent can't open asks for none.
 */
function consentOffers(
  { fields }: OperationReading,
  own: readonly Verdict[],
): readonly (ReadonlySet<ScopeName> | undefined)[] {
  const offers: (Set<ScopeName> | undefined)[] = own.map(() => undefined);
  // Those below come after those above.
  for (let index = fields.length - 1; index >= 0; index -= 1) {
    const verdict = own[index]!;
    if (!verdict.allowed && verdict.reason !== 'CONSENT_REQUIRED') offers[index] = undefined;
    else if (!verdict.allowed) {
      const offer = (offers[index] ??= new Set());
      for (const scope of cheapest(verdict.missingScopes, offer)) offer.add(scope);
    }
    const offer = offers[index];
    const parent = fields[index]!.parent;
    if (!offer || !parent) continue;
    const above = (offers[parent.field.index] ??= new Set());
    for (const scope of offer) above.add(scope);
  }
  return offers;
}

/** The alternative that adds least to what is asked for anyway. */
function cheapest(alternatives: Refusal['missingScopes'], asked: ScopeSet): readonly ScopeName[] {
  const added = (all: readonly ScopeName[]): number => all.filter((scope) => !asked.has(scope)).length;
  return alternatives.toSorted((a, b) => added(a) - added(b))[0] ?? [];
}

function judgeField(reading: FieldReading, year: YearNeed, rights: Rights): Verdict {
  const subject = refusalSubject(reading.slot);
  if (reading.standing === 'STRANGER') return refuse('SUBJECT_NOT_COVERED', 'OTHER');
  if (reading.standing === 'UNRULED') return refuse('NO_RULE', subject);
  if (!isCovered(reading, rights)) return refuse('SUBJECT_NOT_COVERED', subject);
  if (reading.standing === 'OPEN' && !year) return ALLOWED;
  return judgeRule(reading.need.rule, year, rights, subject);
}

/**
 * Whether the caller's rights speak for whom the field is about. Of anybody else a caller learns here that they are named (`id`,
 * `__typename`) and no more; who they are, and their own rights, show only at run time.
 */
function isCovered({ slot, standing, identifies }: FieldReading, rights: Rights): boolean {
  if (slot.kind === 'NONE' || slot.kind === 'CALLER') return true;
  if (slot.kind === 'IN_FILE' && rights.coversFile) return true;
  return standing === 'OPEN' && identifies;
}

function refusalSubject(slot: SubjectSlot): RefusalSubject {
  return slot.kind === 'NONE' || slot.kind === 'CALLER' ? 'SELF' : 'OTHER';
}
