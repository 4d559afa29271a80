import type { DeclaredPostalAddress } from '../../../schema/declaration.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { isDate } from '../../../schema/textScalars.ts';
import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import { type AddressInput, checkAddress } from './addressRules.ts';
import type { Communes } from './communes.ts';
import type { MoveRecipients } from './moveMessages.ts';
import type { DeclaredMove, MoveMember } from './move.ts';
import type { MoveProblem } from './moveProblems.ts';

/** A declaration as it comes from the graph, its people opened. */
export interface MoveInput {
  readonly oldAddress: AddressInput;
  readonly newAddress: AddressInput;
  readonly effectiveDate: string;
  readonly members: readonly SubjectKey[];
  readonly recipients: readonly string[];
}

/** Whom somebody may name in their declaration, by civil status, under the hub's own key for each. */
export interface ProvenHousehold {
  /** Minors over whom they hold parental authority. */
  readonly children: ReadonlyMap<SubjectKey, PivotIdentity>;
  /** Who speaks for themself, and is told of the declaration before they have. */
  readonly partner: SubjectKey | undefined;
}

/** undefined when it could not be asked. */
export type ProveHousehold = (caller: {
  readonly subject: SubjectKey;
  readonly identity: PivotIdentity;
}) => Promise<ProvenHousehold | undefined>;

/** From that age a person declares their own move (ordonnance 2005-395 and the service built on it). */
export const LEAST_AGE_YEARS = 16;
const MONTHS_EITHER_SIDE = 3;
const MAX_MEMBERS = 19;

export interface MoveSetting {
  readonly declarant: SubjectKey;
  readonly identity: PivotIdentity;
  /** Day in Paris. */
  readonly today: string;
  readonly communes: Communes;
  readonly recipients: MoveRecipients;
  readonly proveHousehold: ProveHousehold;
  /** Those who are named in the declaration that is amended: what they have said stands. */
  readonly knownMembers: readonly MoveMember[];
}

/** What would be declared, or every problem that there is. */
export type CheckedMove =
  | { readonly move: DeclaredMove; readonly problems: readonly [] }
  | { readonly move?: undefined; readonly problems: readonly MoveProblem[] };

export async function checkMove(input: MoveInput, setting: MoveSetting): Promise<CheckedMove> {
  const oldAddress = checkAddress(input.oldAddress, setting.communes, 'oldAddress');
  const newAddress = checkAddress(input.newAddress, setting.communes, 'newAddress');
  const recipients = [...new Set(input.recipients)];
  const problems = [
    ...oldAddress.problems,
    ...newAddress.problems,
    ...sameAddress(oldAddress.address, newAddress.address),
    ...checkDay(input.effectiveDate, setting.today),
    ...checkRecipients(recipients, setting.recipients),
    ...checkMembers(input.members, setting.declarant),
  ];
  if (problems.length > 0 || oldAddress.address === undefined || newAddress.address === undefined) return { problems };
  const members = await membersOf(input.members, setting);
  if ('code' in members) return { problems: [members] };
  const move: DeclaredMove = {
    declarant: setting.declarant,
    identity: setting.identity,
    oldAddress: oldAddress.address,
    newAddress: newAddress.address,
    effectiveDate: input.effectiveDate,
    members,
    recipients: recipients as AgencyId[],
  };
  return { move, problems: [] };
}

/** Whether a declaration for that day may still be changed: until the end of the day before, in Paris. */
export function isChangeable(effectiveDate: string, today: string): boolean {
  return today < effectiveDate;
}

/**
 * Completed years on that day. A presumed birth date counts as its latest possible day, so that nobody is taken for older than they may be.
 */
export function ageOn(day: string, birthdate: string): number {
  const [year = '', month = '00', dayOfMonth = '00'] = birthdate.split('-');
  const latest = `${month === '00' ? '12' : month}-${dayOfMonth === '00' ? '31' : dayOfMonth}`;
  const years = Number(day.slice(0, 4)) - Number(year);
  return day.slice(5) < latest ? years - 1 : years;
}

/** The day so many months from that one, or the last of its month where that has fewer days. */
export function monthsFrom(day: string, months: number): string {
  const [year, month, dayOfMonth] = day.split('-').map(Number) as [number, number, number];
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const moved = new Date(Date.UTC(year, month - 1 + months, Math.min(dayOfMonth, lastDay)));
  return moved.toISOString().slice(0, 10);
}

function* checkDay(effectiveDate: string, today: string): Generator<MoveProblem> {
  const isNear =
    isDate(effectiveDate) &&
    effectiveDate >= monthsFrom(today, -MONTHS_EITHER_SIDE) &&
    effectiveDate <= monthsFrom(today, MONTHS_EITHER_SIDE);
  if (!isNear) yield problem('DATE_OUT_OF_RANGE', 'effectiveDate');
}

function* sameAddress(
  one: DeclaredPostalAddress | undefined,
  other: DeclaredPostalAddress | undefined,
): Generator<MoveProblem> {
  if (one !== undefined && other !== undefined && JSON.stringify(one) === JSON.stringify(other))
    yield problem('SAME_ADDRESS', 'newAddress');
}

function* checkRecipients(chosen: readonly string[], recipients: MoveRecipients): Generator<MoveProblem> {
  if (chosen.length === 0) yield problem('NO_RECIPIENT', 'recipients');
  for (const [index, agency] of chosen.entries()) {
    if (!recipients.has(agency as AgencyId)) yield problem('RECIPIENT_UNKNOWN', `recipients.${index}`);
  }
}

function* checkMembers(members: readonly SubjectKey[], declarant: SubjectKey): Generator<MoveProblem> {
  if (members.length > MAX_MEMBERS) yield problem('TOO_MANY_MEMBERS', 'members');
  const seen = new Set<SubjectKey>([declarant]);
  for (const [index, member] of members.entries()) {
    if (seen.has(member)) yield problem('MEMBER_TWICE', `members.${index}.person`);
    seen.add(member);
  }
}

/** Who moves too, or that one of them is nobody whom the declarant may name: else anybody could put a declaration before a stranger. */
async function membersOf(
  named: readonly SubjectKey[],
  setting: MoveSetting,
): Promise<readonly MoveMember[] | MoveProblem> {
  if (named.length === 0) return [];
  const { declarant: subject, identity } = setting;
  const household = await setting.proveHousehold({ subject, identity });
  if (household === undefined) return problem('MEMBER_UNPROVEN', 'members');
  const members: MoveMember[] = [];
  for (const [index, member] of named.entries()) {
    const child = household.children.get(member);
    if (child === undefined && member !== household.partner)
      return problem('MEMBER_UNPROVEN', `members.${index}.person`);
    const known = setting.knownMembers.find((one) => one.subject === member && one.role === 'ADULT');
    members.push(
      child !== undefined
        ? { subject: member, role: 'CHILD', state: 'INCLUDED', identity: child }
        : (known ?? { subject: member, role: 'ADULT', state: 'AWAITING_CONFIRMATION', identity: undefined }),
    );
  }
  return members;
}

function problem(code: MoveProblem['code'], field: string): MoveProblem {
  return { code, field, candidates: [] };
}
