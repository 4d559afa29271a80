import type { Asker, AskersRelative } from '../asker.ts';
import { birthOf, isNamedInPart, STRANGER, type World } from '../world.ts';
import type { Reason } from './verdict.ts';

/** Somebody met otherwise than by `Query.me`. */
export interface Met {
  /** Undefined: whoever it may be, as when a request is judged before its answer is there. */
  readonly person: string | undefined;
  /** Those of the caller's relatives for whom all that led here from the person is allowed. */
  readonly askedFor: readonly string[];
}

/**
 * Whose data something is, seen from the caller (DESIGN 5; DOMAIN 3, "Who is the data subject"). UNNAMED: a third party in the file of somebody
 * met, or named beside an object: two steps from the caller.
 */
export type Standing = 'NOBODY' | 'CALLER' | 'IN_FILE' | 'UNNAMED' | Met;

export type Subject = 'SELF' | 'CHILD' | 'SPOUSE' | 'OTHER';

/** The day in Paris of every case. */
export const TODAY = '2026-11-23';

export function isMet(standing: Standing): standing is Met {
  return typeof standing === 'object';
}

export function meet(person: string | undefined, { relatives }: Asker): Met {
  return { person, askedFor: relatives.map((relative) => relative.person) };
}

/** Why nothing of this standing is read; undefined when rules decide. `saysWho`: the field names who stands behind a line of a file. */
export function refusalByStanding(standing: Exclude<Standing, Met>, asker: Asker, saysWho = false): Reason | undefined {
  switch (standing) {
    case 'NOBODY':
    case 'CALLER':
      return undefined;
    case 'IN_FILE':
      return coversFile(asker) || (saysWho && asker.relatives.length > 0) ? undefined : 'SUBJECT_NOT_COVERED';
    case 'UNNAMED':
      return 'SUBJECT_NOT_COVERED';
    default:
      return standing satisfies never;
  }
}

/** In words a form can show. */
export function subjectOf(standing: Standing, asker: Asker): Subject {
  if (!isMet(standing)) return standing === 'NOBODY' || standing === 'CALLER' ? 'SELF' : 'OTHER';
  if (standing.person === asker.person) return 'SELF';
  return relativeOf(standing.person, asker)?.role ?? 'OTHER';
}

/** The caller as somebody who asks about this person, with what is open of theirs; undefined when nobody may speak for them. */
export function askingAbout(world: World, person: string | undefined, asker: Asker): Asker | undefined {
  if (person === asker.person) return asker;
  const relative = relativeOf(person, asker);
  const open = relative?.standing === 'PRESENT' ? openOf(world, relative, asker) : undefined;
  return open && { ...asker, legalBasis: 'CONSENT_RGPD_6_1_A', consentedScopes: open };
}

/** Whether this person may be named to an agency in an argument. */
export function mayBeArgument(person: string, asker: Asker): boolean {
  return person === asker.person;
}

/** The dead and the protected are as whoever was never registered. */
export function isAbsent(person: string, asker: Asker): boolean {
  const standing = relativeOf(person, asker)?.standing;
  return person === STRANGER || (standing !== undefined && standing !== 'PRESENT');
}

/** An order of protection covers every address that whoever is near reads, their own too: a file is shared, and no agency knows by whom. */
export function hidesAddresses({ relatives }: Asker): boolean {
  return relatives.some(({ standing }) => standing === 'PROTECTED');
}

/** Who the hub takes a person for whom an agency names at this place by names and birth date: exactly one relative, or nobody. */
export function recognise(world: World, place: string, person: string, asker: Asker): string | undefined {
  if (!isNamedInPart(world, place, person)) return person;
  const isWhole = /^\d{4}-\d{2}-\d{2}$/.test(birthOf(world, person)) && !birthOf(world, person).includes('-00');
  const alike = world.namesakes && person === 'p3' ? ['p3', 'p4'] : [person];
  const found = asker.relatives.filter((relative) => alike.includes(relative.person));
  return isWhole && found.length === 1 ? person : undefined;
}

function relativeOf(person: string | undefined, { relatives }: Asker): AskersRelative | undefined {
  return relatives.find((relative) => relative.person === person);
}

function openOf(world: World, { person, role, authority, own, byCaller }: AskersRelative, asker: Asker) {
  const isOwnAccess = asker.legalBasis === 'RIGHT_OF_ACCESS_RGPD_15' && asker.purpose === 'my-data';
  if (role === 'SPOUSE') return isOwnAccess ? undefined : own.open;
  if (!authority || hasTurned(18, birthOf(world, person))) return undefined;
  const byNotice = asker.legalBasis === 'INFORMATION_L114_8' && asker.household;
  const parents = isOwnAccess
    ? asker.habilitatedScopes
    : [...asker.consentedScopes.filter((scope) => byNotice && !byCaller.declined.includes(scope)), ...byCaller.open];
  if (!hasTurned(15, birthOf(world, person))) return parents;
  const closed = [
    ...own.declined,
    ...(isOwnAccess ? [] : byCaller.declined),
    ...(byNotice ? asker.declinedScopes : []),
  ];
  return [...parents, ...own.open].filter((scope) => !closed.includes(scope));
}

/** Of a presumed date the earliest day counts. */
function hasTurned(years: number, birth: string): boolean {
  const [year, month = '01', day = '01'] = birth.replaceAll('-00', '-01').split('-');
  return `${Number(year) + years}-${month}-${day}` <= TODAY;
}

/** Under L114-8 for a purpose computed on the household; and by the right of access, the file being the caller's own. */
function coversFile({ legalBasis, household }: Asker): boolean {
  return legalBasis === 'RIGHT_OF_ACCESS_RGPD_15' || (legalBasis === 'INFORMATION_L114_8' && household);
}
