import type { SubjectKey } from '../../platform/ids.ts';
import type { AccessEntry, AccessedField } from './accessRecord.ts';

/** A line of the log before it is chained. */
export interface AccessLine {
  /** When it was written. */
  readonly at: string;
  /** JSON of LineText: the very text that is hashed and kept. */
  readonly text: string;
  /** Everybody of whom it holds a record, each once. */
  readonly subjects: readonly SubjectKey[];
}

/** What many records of one commit have in common stands in a line once; they refer to it by position. */
interface LineText {
  readonly at: string;
  readonly contexts: readonly Pick<AccessEntry, (typeof CONTEXT)[number]>[];
  readonly readings: readonly Pick<AccessEntry, 'agency' | 'fields'>[];
  readonly requests: readonly {
    readonly requestId: AccessEntry['requestId'];
    readonly at: string;
    readonly actor: AccessEntry['actor'];
    /** Position in `contexts`. */
    readonly context: number;
    /** `reading` is a position in `readings`; without `subject` it is the actor's own. */
    readonly records: readonly {
      readonly reading: number;
      readonly role: AccessEntry['role'];
      readonly subject?: AccessEntry['subject'];
    }[];
  }[];
}

const CONTEXT = ['acr', 'clientId', 'habilitationId', 'legalBasis', 'purpose'] as const;

/**
 * One line for all these entries. Those of one request stand together (one append's are). Texts are put together by hand, since this runs for every
 * record of every request: ids, roles and instants are the hub's own and need no escaping.
 */
export function writeLine(at: string, entries: readonly AccessEntry[]): AccessLine {
  const contexts = new Map<string, number>();
  const readings = new Map<string, number>();
  const subjects = new Set<SubjectKey>();
  let requests = '';
  let last: AccessEntry | undefined;
  for (const entry of entries) {
    const { subject, actor, requestId } = entry;
    subjects.add(subject);
    const own = subject === actor ? '' : `,"subject":"${subject}"`;
    const record = `{"reading":${positionIn(readings, readingText(entry))},"role":"${entry.role}"${own}}`;
    if (last?.requestId === requestId && last.actor === actor && last.at === entry.at && isSameContext(last, entry)) {
      requests += `,${record}`;
    } else {
      const context = positionIn(contexts, contextText(entry));
      const head = `{"requestId":"${requestId}","at":"${entry.at}","actor":"${actor}","context":${context}`;
      requests += `${last === undefined ? '' : ']},'}${head},"records":[${record}`;
    }
    last = entry;
  }
  if (last !== undefined) requests += ']}';
  const shared = `"contexts":[${[...contexts.keys()].join()}],"readings":[${[...readings.keys()].join()}]`;
  return { at, text: `{"at":"${at}",${shared},"requests":[${requests}]}`, subjects: [...subjects] };
}

/** An entry, and its position among those of its line. */
export interface PlacedEntry {
  readonly position: number;
  readonly entry: AccessEntry;
}

/**
 * The records that a line's text (parsed) holds, in the order in which they were appended; those `of` one subject alone when one is named. A row from before
 * there were lines holds one entry; the row that opens a chain holds none.
 */
export function readLine(text: unknown, of?: SubjectKey): readonly PlacedEntry[] {
  const { requestId, contexts = [], readings = [], requests = [] } = text as Partial<LineText & AccessEntry>;
  if (requestId !== undefined) return [{ position: 0, entry: text as AccessEntry }];
  const found: PlacedEntry[] = [];
  let position = -1;
  for (const { records, context, ...request } of requests) {
    for (const { reading, role, subject = request.actor } of records) {
      position += 1;
      if (of !== undefined && subject !== of) continue;
      found.push({ position, entry: { ...request, subject, role, ...contexts[context]!, ...readings[reading]! } });
    }
  }
  return found;
}

/** Everybody of whom a line's text (JSON) holds a record, each once. */
export function subjectsOf(text: string): readonly SubjectKey[] {
  return [...new Set(readLine(JSON.parse(text)).map(({ entry }) => entry.subject))];
}

function positionIn(table: Map<string, number>, text: string): number {
  const known = table.get(text);
  if (known !== undefined) return known;
  table.set(text, table.size);
  return table.size - 1;
}

function isSameContext(one: AccessEntry, other: AccessEntry): boolean {
  return CONTEXT.every((name) => one[name] === other[name]);
}

function contextText({ acr, clientId, habilitationId, legalBasis, purpose }: AccessEntry): string {
  return JSON.stringify({ acr, clientId, habilitationId, legalBasis, purpose });
}

/** One list of fields stands in the entries of many requests: its text is made once. */
const readingTexts = new WeakMap<readonly AccessedField[], { readonly agency: string; readonly text: string }>();

function readingText({ agency, fields }: AccessEntry): string {
  const known = readingTexts.get(fields);
  if (known?.agency === agency) return known.text;
  const text = JSON.stringify({ agency, fields });
  readingTexts.set(fields, { agency, text });
  return text;
}
