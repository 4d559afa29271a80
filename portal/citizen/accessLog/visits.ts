import { yearInParis } from '../../../schema/parisCalendar.ts';
import type { Language } from '../../i18n/language.ts';
import { scopeLabel } from '../facts/byScope.ts';
import type { LogField, LogRecord, Outcome } from './accessLogGraph.ts';

/** What became of some data at one agency, in words. */
export interface VisitPart {
  readonly agency: string;
  readonly outcome: Outcome;
  /** Why not, when it was not delivered. */
  readonly reason: string | null;
  readonly labels: readonly string[];
}

/** One request of a service, at all the agencies that it went to. */
export interface LoggedVisit {
  readonly id: string;
  readonly at: string;
  readonly service: LogRecord['service'];
  readonly purpose: LogRecord['purpose'];
  readonly role: LogRecord['role'];
  readonly parts: readonly VisitPart[];
}

/** The hub's own lines say that somebody was identified, or looked at their consents: nothing of an agency's. */
const HUB = 'hub';

/** Lines that belong to one request, together; those that are about the hub's own registers alone are left out. */
export function toVisits(records: readonly LogRecord[], language: Language): readonly LoggedVisit[] {
  const visits = new Map<string, LogRecord[]>();
  for (const record of records) {
    if (record.agency.id === HUB) continue;
    const key = `${record.at} ${record.service.clientId} ${record.role}`;
    const own = visits.get(key);
    if (own === undefined) visits.set(key, [record]);
    else own.push(record);
  }
  return [...visits.values()].map((own) => {
    const { id, at, service, purpose, role } = own[0]!;
    return { id, at, service, purpose, role, parts: own.flatMap((record) => toParts(record, language)) };
  });
}

function toParts({ agency, fields, at }: LogRecord, language: Language): readonly VisitPart[] {
  const year = yearInParis(Date.parse(at));
  const told = withoutDoors(fields);
  const kinds = [...new Set(told.map(kindOf))];
  return kinds.map((kind) => {
    const own = told.filter((field) => kindOf(field) === kind);
    const { outcome, reason } = own[0]!;
    return {
      agency: agency.name,
      outcome,
      reason,
      labels: [...new Set(own.map((field) => wordsFor(field, year, language)))],
    };
  });
}

/** `Citizen.familyFile` is the door to what was read behind it; it counts where nothing behind it is told. */
function withoutDoors(fields: readonly LogField[]): readonly LogField[] {
  const behind = fields.filter(({ coordinate, scope }) => scope !== null && !DOORS.has(coordinate));
  return behind.length > 0 ? behind : fields;
}

const DOORS: ReadonlySet<string> = new Set([
  'Citizen.civilStatus',
  'Citizen.familyFile',
  'Citizen.taxAssessment',
  'Query.me',
]);

function kindOf({ outcome, reason }: LogField): string {
  return `${outcome} ${reason ?? ''}`;
}

function wordsFor({ scope, coordinate }: LogField, year: number, language: Language): string {
  return scope === null ? coordinate : scopeLabel(scope, language, year);
}
