import { HubSilent, operation, type Ask } from '../../graph.ts';
import type { Language } from '../../i18n/language.ts';

export type Outcome = 'DELIVERED' | 'MASKED' | 'REFUSED' | 'ABSENT' | 'ERROR';

export interface LogField {
  readonly coordinate: string;
  readonly scope: string | null;
  readonly outcome: Outcome;
  readonly reason: string | null;
}

/** One request, one person, one agency. */
export interface LogRecord {
  readonly id: string;
  readonly at: string;
  readonly role: 'SELF' | 'PARENT' | 'SPOUSE' | 'SYSTEM' | 'OTHER';
  readonly service: { readonly clientId: string; readonly name: string };
  readonly agency: { readonly id: string; readonly name: string };
  readonly purpose: { readonly name: string; readonly label: string };
  readonly fields: readonly LogField[];
}

export interface LogPage {
  readonly records: readonly LogRecord[];
  /** Where older ones begin; undefined at the end. */
  readonly after?: string;
}

const PAGE_SIZE = 100;

const ACCESS_LOG = operation<
  {
    readonly me: {
      readonly accessLog: {
        readonly nodes: readonly LogRecord[];
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      } | null;
    } | null;
  },
  { readonly after: string | null; readonly language: 'FR' | 'EN' }
>(`query AccessLog($after: String, $language: Language!) {
  me {
    accessLog(first: ${PAGE_SIZE}, after: $after) {
      nodes {
        id at role service { clientId name } agency { id name(language: $language) }
        purpose { name label(language: $language) } fields { coordinate scope outcome reason }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`);

/** A page of the log, newest first. */
export async function readLogPage(ask: Ask, language: Language, after: string | undefined): Promise<LogPage> {
  const { data, faults } = await ask(ACCESS_LOG, { after: after ?? null, language: language === 'fr' ? 'FR' : 'EN' });
  const log = data?.me?.accessLog;
  if (log === undefined || log === null) throw new HubSilent(faults[0]?.code ?? 'no answer');
  const { hasNextPage, endCursor } = log.pageInfo;
  return { records: log.nodes, ...(hasNextPage && endCursor !== null && { after: endCursor }) };
}

/** All of it, up to `maxPages` pages: for somebody who takes it away. */
export async function readWholeLog(ask: Ask, language: Language, maxPages: number): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  let after: string | undefined;
  for (let read = 0; read < maxPages; read += 1) {
    const page = await readLogPage(ask, language, after);
    records.push(...page.records);
    after = page.after;
    if (after === undefined) break;
  }
  return records;
}
