import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import type { AccessedField, FieldOutcome } from '../../registers/access/accessRecord.ts';
import type { FieldTrace, Judgement, Masked } from '../exchange.ts';

/** What became of one agency's fields of one subject. `fields` is one object for all requests that went alike: its text is made once. */
export interface Summary {
  readonly subject: SubjectKey;
  readonly agency: AgencyId;
  readonly fields: readonly AccessedField[];
}

/** The same without the person: the subject is the number of its first appearance. */
interface Pattern {
  readonly subject: number;
  readonly agency: AgencyId;
  readonly fields: readonly AccessedField[];
}

/** Of several positions with one coordinate the first of these counts: what left the hub outweighs what did not. */
const WEIGHT: Readonly<Record<FieldOutcome, number>> = { DELIVERED: 4, MASKED: 3, REFUSED: 2, ERROR: 1, ABSENT: 0 };

/**
 * The door to whatever is read about the caller. That they came through it says nothing of them but that they asked, as every record does: a record of the hub's
 * own for it would be a fifth beside those of four agencies.
 */
const DOOR = 'Query.me';

/** Longer requests are summarised anew each time: they hardly ever go alike. */
const MAX_KEPT_TRACES = 200;
/** Ways in which one judged operation is seen to go: who is absent, which agency is down. */
const MAX_PATTERNS = 64;

/**
 * Sums traces up per subject and agency, each coordinate once. Requests of one judgement mostly go alike, whoever asks, so a summary
 * seen before is looked up, and with it the text that is hashed: writing out four records of eight fields takes 80 us, with kept lists 8.
 */
export function summarise({ traces, judgement }: Pick<Masked, 'traces' | 'judgement'>): readonly Summary[] {
  const numberOf = new Map<SubjectKey, number>();
  for (const { subject } of traces) if (!numberOf.has(subject)) numberOf.set(subject, numberOf.size);
  const numbers = traces.map(({ subject }) => numberOf.get(subject)!);
  const subjects = [...numberOf.keys()];
  const patterns =
    traces.length > MAX_KEPT_TRACES
      ? toPatterns(traces, numbers, judgement)
      : knownPatterns(traces, numbers, judgement);
  return patterns.map(({ subject, agency, fields }) => ({ subject: subjects[subject]!, agency, fields }));
}

const known = new WeakMap<Judgement, Map<string, readonly Pattern[]>>();

function knownPatterns(
  traces: readonly FieldTrace[],
  numbers: readonly number[],
  judgement: Judgement,
): readonly Pattern[] {
  const kept = known.get(judgement) ?? new Map<string, readonly Pattern[]>();
  known.set(judgement, kept);
  let key = '';
  for (const [position, { index, outcome, reason }] of traces.entries()) {
    key += `${numbers[position]} ${index} ${outcome} ${reason ?? ''}\n`;
  }
  const found = kept.get(key) ?? toPatterns(traces, numbers, judgement);
  if (kept.size < MAX_PATTERNS) kept.set(key, found);
  return found;
}

function toPatterns(
  traces: readonly FieldTrace[],
  numbers: readonly number[],
  judgement: Judgement,
): readonly Pattern[] {
  const groups = new Map<string, { subject: number; agency: AgencyId; fields: Map<string, AccessedField> }>();
  for (const [position, trace] of traces.entries()) {
    const field = judgement.operation.fields[trace.index]!;
    // What belongs to nobody, and what only names a type, is no reading of anybody's data.
    if (judgement.subjects[trace.index]!.kind === 'NONE' || field.fieldName.startsWith('__')) continue;
    if (field.coordinate === DOOR && trace.outcome === 'DELIVERED') continue;
    const subject = numbers[position]!;
    const { agency } = trace;
    const group = groups.get(`${subject} ${agency}`) ?? { subject, agency, fields: new Map<string, AccessedField>() };
    groups.set(`${subject} ${agency}`, group);
    const before = group.fields.get(field.coordinate);
    if (before && WEIGHT[before.outcome] >= WEIGHT[trace.outcome]) continue;
    group.fields.set(field.coordinate, toAccessedField(field.coordinate, trace, judgement));
  }
  return [...groups.values()].map(({ fields, ...group }) => ({ ...group, fields: [...fields.values()] }));
}

function toAccessedField(
  coordinate: string,
  { index, outcome, reason }: FieldTrace,
  judgement: Judgement,
): AccessedField {
  const scope = judgement.scopes[index];
  return { coordinate, ...(scope !== undefined && { scope }), outcome, ...(reason !== undefined && { reason }) };
}
