import { meetsAcr, type Acr } from '../../../schema/acr.ts';
import { findScope, yearScope } from '../../../schema/scopes.ts';
import type { Asker } from '../asker.ts';
import type { World } from '../world.ts';
import type { Demand, FieldFacts, Model, TypeFacts } from './model.ts';
import {
  askingAbout,
  hidesAddresses,
  isMet,
  meet,
  refusalByStanding,
  subjectOf,
  type Standing,
  type Subject,
} from './people.ts';

export type Reason =
  | 'NO_RULE'
  | 'SUBJECT_NOT_COVERED'
  | 'YEAR_NOT_OPEN'
  | 'SCOPE_NOT_IN_TOKEN'
  | 'NOT_IN_HABILITATION'
  | 'CONSENT_REQUIRED'
  | 'ACR_TOO_LOW'
  /** Allowed, and absent without a word: somebody near is under an order of protection. */
  | 'WITHHELD';

/** A field as it is asked: on which concrete type, with which arguments, of whom. */
export interface AskedField {
  readonly type: string;
  readonly field: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Whose the object is on which the field stands. */
  readonly object: Standing;
  /** Whose the field was that returned the object. */
  readonly above: Standing;
}

export interface Judged {
  /** Undefined: allowed. */
  readonly reason: Reason | undefined;
  /** Whose consent or right is missing. */
  readonly subject: Subject;
  readonly standing: Standing;
}

/** The calendar year in Paris of every case. */
export const THIS_YEAR = 2026;

/** DESIGN 5, "How a verdict is made", as a slow function of one field. */
export function judge({ world, model }: Ground, asked: AskedField, asker: Asker): Judged {
  const type = model.types.get(asked.type)!;
  const field = type.fields.get(asked.field)!;
  const demands = demandsOn(model, asked);
  const standing = standingOfField(type, field, demands, asked);
  const isRoot = asked.type === 'Query' || asked.type === 'Mutation';
  if (isRoot && leadsToPerson(model, asked) && !isDoor(asked)) {
    return { standing, reason: 'SUBJECT_NOT_COVERED', subject: 'OTHER' };
  }
  const facts = { type, field, demands, standing };
  if (lacksRule(model, asked, facts)) return { standing, reason: 'NO_RULE', subject: subjectOf(standing, asker) };
  const byRules = (party: Asker): Reason | undefined => reasonByRules(asked, field, demands, party);
  if (type.isPerson && asked.field === 'id') {
    return { standing, reason: byRules(asker), subject: subjectOf(standing, asker) };
  }
  const judged = judgeStanding(world, standing, asker, byRules, type.mark?.from === asked.field);
  const isWithheld = judged.reason === undefined && standing !== 'NOBODY' && hidesAddresses(asker);
  const mayTell = possibleTypes(model, namedTypeOf(model, asked)).some((name) => ADDRESSES.has(name));
  return isWithheld && mayTell ? { ...judged, reason: 'WITHHELD' } : judged;
}

/** What tells where somebody lives. */
const ADDRESSES: ReadonlySet<string> = new Set(['PostalAddress', 'DeclaredAddress', 'TaxResidence']);

/** What stands, and what stands by which rules. */
export interface Ground {
  readonly world: World;
  readonly model: Model;
}

/** What an object is is told freely, unless its type has a rule: then `__typename` is a field like others. */
export function judgeTypename(
  { world, model }: Ground,
  { type, object }: Pick<AskedField, 'type' | 'object'>,
  asker: Asker,
): Judged {
  const { demand } = model.types.get(type)!;
  if (!demand) return { standing: object, reason: undefined, subject: 'SELF' };
  return judgeStanding(world, object, asker, (party) => reasonByDemands([demand], undefined, party));
}

/** The rules under the rights of whoever it is about. */
function judgeStanding(
  world: World,
  standing: Standing,
  asker: Asker,
  byRules: (party: Asker) => Reason | undefined,
  saysWho = false,
): Judged {
  const subject = subjectOf(standing, asker);
  if (!isMet(standing)) {
    return { standing, subject, reason: refusalByStanding(standing, asker, saysWho) ?? byRules(asker) };
  }
  const reasonAbout = (person: string | undefined): Reason | undefined => {
    const party = askingAbout(world, person, asker);
    return party ? byRules(party) : 'SUBJECT_NOT_COVERED';
  };
  const { person, askedFor } = standing;
  const still = { person, askedFor: askedFor.filter((relative) => reasonAbout(relative) === undefined) };
  const isAsked = still.askedFor.length > 0;
  if (person === undefined) return { standing: still, subject, reason: isAsked ? undefined : 'SUBJECT_NOT_COVERED' };
  const reason = reasonAbout(person);
  if (reason !== undefined || person !== asker.person || isAsked) return { standing: still, subject, reason };
  // The caller, met as their child's parent: it is for relatives that anything is asked there.
  return { standing: still, subject: 'OTHER', reason: 'SUBJECT_NOT_COVERED' };
}

/**
 * What the rules of a field and of the type it stands on say to this caller, whosever data it is. The rule of the type it returns is
 * judged there, field by field.
 */
export function judgeRulesAlone(
  model: Model,
  { type, field, args }: Pick<AskedField, 'type' | 'field' | 'args'>,
  asker: Asker,
): Reason | undefined {
  const asked: AskedField = { type, field, args, object: 'CALLER', above: 'CALLER' };
  const demands = demandsOn(model, asked, { withReturned: false });
  const opens = demands.some((demand) => demand.authenticated || demand.scopes !== undefined);
  if (!opens && model.types.get(type)!.isPerson) return 'NO_RULE';
  return reasonByRules(asked, model.types.get(type)!.fields.get(field)!, demands, asker);
}

interface Facts {
  readonly type: TypeFacts;
  readonly field: FieldFacts;
  readonly demands: readonly Demand[];
  readonly standing: Standing;
}

/** What is personal, or a write, opens by a rule or not at all. */
function lacksRule(model: Model, asked: AskedField, { type, field, demands, standing }: Facts): boolean {
  if (demands.some((demand) => demand.authenticated || demand.scopes !== undefined)) return false;
  if (type.isPerson && asked.field !== 'id') return true;
  if (asked.type === 'Mutation') return true;
  return (
    (asked.object === 'NOBODY' || standing === 'NOBODY') &&
    (leadsToPerson(model, asked) || leadsToSomebodys(model, asked, field))
  );
}

function reasonByRules(
  asked: AskedField,
  field: FieldFacts,
  demands: readonly Demand[],
  asker: Asker,
): Reason | undefined {
  if (field.yearArgument === undefined) return reasonByDemands(demands, undefined, asker);
  const year = asked.args[field.yearArgument];
  const scope = typeof year === 'number' ? yearScope(year, THIS_YEAR) : undefined;
  return scope === undefined ? 'YEAR_NOT_OPEN' : reasonByDemands(demands, scope, asker);
}

function reasonByDemands(
  demands: readonly Demand[],
  yearScopeNeeded: string | undefined,
  asker: Asker,
): Reason | undefined {
  const factors = demands.flatMap((demand) => (demand.scopes ? [demand.scopes] : []));
  const alternatives = product(yearScopeNeeded === undefined ? factors : [...factors, [[yearScopeNeeded]]]);
  const levels = demands.flatMap((demand) => demand.acr ?? []);
  const reached = demands.length === 0 || [asker.minimumAcr, ...levels].every((level) => meetsAcr(asker.acr, level));
  if (!alternatives) return reached ? undefined : 'ACR_TOO_LOW';
  const habilitated = new Set(asker.habilitatedScopes);
  const token = new Set(asker.tokenScopes.filter((scope) => habilitated.has(scope)));
  const effective = effectiveScopes(asker);
  const within = (held: ReadonlySet<string>): string[][] =>
    alternatives.filter((all) => all.every((scope) => held.has(scope)));
  if (within(habilitated).length === 0) return 'NOT_IN_HABILITATION';
  if (within(token).length === 0) return 'SCOPE_NOT_IN_TOKEN';
  if (within(effective).length === 0) return 'CONSENT_REQUIRED';
  if (!reached) return 'ACR_TOO_LOW';
  const usable = within(effective).some((all) => all.every((scope) => meetsAcr(asker.acr, leastAcr(scope))));
  return usable ? undefined : 'ACR_TOO_LOW';
}

/** Token's, cut by the habilitation's, cut by the live consents; the right of access stands in for consent for `my-data`. */
export function effectiveScopes(asker: Asker): ReadonlySet<string> {
  const isOwnAccess = asker.legalBasis === 'RIGHT_OF_ACCESS_RGPD_15' && asker.purpose === 'my-data';
  const kept = asker.tokenScopes.filter((scope) => asker.habilitatedScopes.includes(scope));
  return new Set(isOwnAccess ? kept : kept.filter((scope) => asker.consentedScopes.includes(scope)));
}

function leastAcr(scope: string): Acr {
  return findScope(scope)!.minimumAcr;
}

/** OR of ANDs multiplied; undefined when there is nothing to multiply. */
function product(factors: readonly (readonly (readonly string[])[])[]): string[][] | undefined {
  if (factors.length === 0) return undefined;
  return factors.reduce<string[][]>(
    (all, factor) => all.flatMap((left) => factor.map((right) => [...left, ...right])),
    [[]],
  );
}

/** Of the field, of the type it stands on, of the type it returns, and of all that it is computed from. */
function demandsOn(model: Model, asked: AskedField, { withReturned } = { withReturned: true }): readonly Demand[] {
  const type = model.types.get(asked.type)!;
  const field = type.fields.get(asked.field)!;
  const returned = withReturned ? model.types.get(namedTypeOf(model, asked))?.demand : undefined;
  const own = [type.demand, field.demand, returned].filter((one) => one !== undefined);
  return [...own, ...field.requires.flatMap((name) => demandsOn(model, { ...asked, field: name }))];
}

function standingOfField(type: TypeFacts, field: FieldFacts, demands: readonly Demand[], asked: AskedField): Standing {
  if (asked.type === 'Query' || asked.type === 'Mutation') {
    if (isDoor(asked) || demands.some((demand) => demand.scopes !== undefined)) return 'CALLER';
    return 'NOBODY';
  }
  const { mark } = field;
  if (mark && !mark.inFileOf && mark.from === undefined && !type.isPerson) return asked.above;
  return marked(mark, asked.object);
}

/** Whose the object is that a field led to. */
export function standingOfObject(
  model: Model,
  typeName: string,
  through: { readonly asked: AskedField; readonly standing: Standing; readonly person?: string },
  asker: Asker,
): Standing {
  const type = model.types.get(typeName)!;
  if (type.isPerson) return isDoor(through.asked) ? 'CALLER' : meet(through.person, asker);
  return marked(type.mark, through.standing);
}

function marked(mark: TypeFacts['mark'], standing: Standing): Standing {
  if (mark?.inFileOf) return standing === 'CALLER' || standing === 'IN_FILE' ? 'IN_FILE' : 'UNNAMED';
  return mark?.from === undefined ? standing : 'UNNAMED';
}

function isDoor({ type, field }: AskedField): boolean {
  return type === 'Query' && field === 'me';
}

function namedTypeOf({ schema }: Model, { type, field }: Pick<AskedField, 'type' | 'field'>): string {
  const parent = schema.getType(type);
  const found = parent && 'getFields' in parent ? parent.getFields()[field] : undefined;
  return String(found?.type).replaceAll(/[[\]!]/g, '');
}

function possibleTypes(model: Model, name: string): readonly string[] {
  const type = model.schema.getType(name);
  if (type && ('getTypes' in type || 'getInterfaces' in type) && !model.types.has(name)) {
    return model.schema.getPossibleTypes(type as never).map((one) => one.name);
  }
  return [name];
}

function leadsToPerson(model: Model, asked: AskedField): boolean {
  return possibleTypes(model, namedTypeOf(model, asked)).some((name) => model.types.get(name)?.isPerson);
}

function leadsToSomebodys(model: Model, asked: AskedField, field: FieldFacts): boolean {
  return (
    field.mark !== undefined ||
    possibleTypes(model, namedTypeOf(model, asked)).some((name) => model.types.get(name)?.mark !== undefined)
  );
}
