import type { RefusalSubject } from '../../../schema/refusals.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { Refusal, SubjectSlot, Verdict } from '../exchange.ts';
import type { FieldReading, OperationReading } from './readOperation.ts';
import { isRefusal, withhold, type Addresses } from './protection.ts';
import type { Rights, ScopeSet } from './rights.ts';
import { ALLOWED, judgeRule, refuse, type YearNeed } from './verdict.ts';

/** What is judged, the same whoever's rights are looked at. */
export interface Question {
  readonly reading: OperationReading;
  readonly years: readonly YearNeed[];
  readonly addresses: Addresses;
}

/**
 * A verdict for every field, by index. What stands under a refused field is refused with it and for its reason. `years` has one entry per
 * field that asks for an income year, in the order of the reading's. `relatives`: verdicts on each one whom the caller has; where a relative may stand
 * a field is allowed when it is for one of them, since who stands there shows only at run time.
 */
export function judge(
  { reading, years, addresses }: Question,
  rights: Rights,
  relatives: readonly (readonly Verdict[])[] = NO_RELATIVES,
): readonly Verdict[] {
  const judged = judgeEach(reading, years, (field, year) =>
    field.slot.kind === 'RELATIVE' && relatives.length > 0
      ? anyOf(relatives, field.field.index)
      : judgeField(field, year, rights, relatives.length > 0),
  );
  const own = withoutAddresses(reading, judged, addresses);
  const offers = consentOffers(reading, own);
  return inherit(reading, own, offers, () => true);
}

const NO_RELATIVES: readonly (readonly Verdict[])[] = [];

/** What is absent would be served but for an order of protection: it says more of whom this is asked for than a refusal. */
function anyOf(relatives: readonly (readonly Verdict[])[], index: number): Verdict {
  const theirs = relatives.map((verdicts) => verdicts[index]!);
  return theirs.find(({ allowed }) => allowed) ?? theirs.find((verdict) => !isRefusal(verdict)) ?? theirs[0]!;
}

/**
 * The verdicts on one relative, wherever a relative may stand: by the rights that are theirs, or by none. What leads to the person is not theirs and
 * counts as passed.
 */
export function judgeRelative(
  { reading, years, addresses }: Question,
  rights: Rights | undefined,
  subject: RefusalSubject,
): readonly Verdict[] {
  const judged = judgeEach(reading, years, (field, year) =>
    field.slot.kind === 'RELATIVE' ? judgeTheirs(field, year, rights, subject) : ALLOWED,
  );
  const own = withoutAddresses(reading, judged, addresses);
  return inherit(reading, own, consentOffers(reading, own), isOfSamePerson);
}

/** What is refused anyway stays refused, as it would be to anybody. */
function withoutAddresses(
  { fields }: OperationReading,
  judged: readonly Verdict[],
  addresses: Addresses,
): readonly Verdict[] {
  if (addresses === 'SERVED') return judged;
  return judged.map((verdict, index) =>
    verdict.allowed && fields[index]!.tellsAddress ? withhold(addresses) : verdict,
  );
}

function judgeTheirs(
  { slot, standing, identifies, need }: FieldReading,
  year: YearNeed,
  rights: Rights | undefined,
  subject: RefusalSubject,
): Verdict {
  if (standing === 'STRANGER') return NOBODYS;
  if (standing === 'OPEN' && identifies) return ALLOWED;
  const isUnnamed = slot.kind === 'RELATIVE' && slot.unnamed === true;
  if (standing === 'UNRULED') return refuse('NO_RULE', isUnnamed ? 'OTHER' : subject);
  if (isUnnamed) return NOBODYS;
  if (!rights) return refuse('SUBJECT_NOT_COVERED', subject);
  if (standing === 'OPEN' && !year) return ALLOWED;
  return judgeRule(need.rule, year, rights, subject);
}

const NOBODYS = refuse('SUBJECT_NOT_COVERED', 'OTHER');

function isOfSamePerson({ slot }: FieldReading, above: FieldReading): boolean {
  return slot.kind === 'RELATIVE' && above.slot.kind === 'RELATIVE' && above.slot.through === slot.through;
}

type JudgeOne = (field: FieldReading, year: YearNeed) => Verdict;

function judgeEach({ fields }: OperationReading, years: readonly YearNeed[], judgeOne: JudgeOne): readonly Verdict[] {
  let nextYear = 0;
  return fields.map((field) => judgeOne(field, field.year && years[nextYear++]));
}

/** Refusals go down the tree, as far as `reaches` says; those that consent would open say which. */
function inherit(
  reading: OperationReading,
  own: readonly Verdict[],
  offers: readonly (ScopeSet | undefined)[],
  reaches: (field: FieldReading, above: FieldReading) => boolean,
): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  for (const [index, field] of reading.fields.entries()) {
    const { parent } = field;
    const above = parent && reaches(field, parent) ? verdicts[parent.field.index]! : undefined;
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

function judgeField(reading: FieldReading, year: YearNeed, rights: Rights, hasRelatives: boolean): Verdict {
  const subject = refusalSubject(reading.slot);
  if (reading.standing === 'STRANGER') return refuse('SUBJECT_NOT_COVERED', 'OTHER');
  if (reading.standing === 'UNRULED') return refuse('NO_RULE', subject);
  if (!isCovered(reading, rights, hasRelatives)) return refuse('SUBJECT_NOT_COVERED', subject);
  if (reading.standing === 'OPEN' && !year) return ALLOWED;
  return judgeRule(reading.need.rule, year, rights, subject);
}

/**
 * Whether the caller's rights speak for whom the field is about. Of anybody else a caller learns here that they are named (`id`,
 * `__typename`) and no more; relatives are judged by rights of their own. Who of them stands behind a line of the caller's file may be asked, since
 * it is the hub that tells, and nobody else is told of.
 */
function isCovered(
  { slot, standing, identifies, pointsToPerson }: FieldReading,
  rights: Rights,
  hasRelatives: boolean,
): boolean {
  if (slot.kind === 'NONE' || slot.kind === 'CALLER') return true;
  if (slot.kind === 'IN_FILE' && (rights.coversFile || (pointsToPerson && hasRelatives))) return true;
  return standing === 'OPEN' && identifies;
}

function refusalSubject(slot: SubjectSlot): RefusalSubject {
  return slot.kind === 'NONE' || slot.kind === 'CALLER' ? 'SELF' : 'OTHER';
}
