import type { RunningHub } from './runningHub.ts';

/** One line of a citizen's own access log, as the portal shows it. */
export interface LogLine {
  readonly role: string;
  readonly service: { readonly clientId: string };
  readonly agency: { readonly id: string };
  readonly fields: readonly { readonly coordinate: string; readonly outcome: string; readonly reason: string | null }[];
}

const QUERY = `{ me { accessLog(first: 100) { nodes {
  role service { clientId } agency { id } fields { coordinate outcome reason }
} } } }`;

/** The newest hundred lines, newest first. Reading leaves a line of its own, which the next reading shows. */
export async function readCitizensLog(hub: RunningHub, persona: string): Promise<readonly LogLine[]> {
  const { data, text } = await hub.ask(QUERY, { persona, service: 'portal' });
  if (!data) throw new Error(text);
  return (data as { me: { accessLog: { nodes: LogLine[] } } }).me.accessLog.nodes;
}

/** `coordinate OUTCOME reason` of each field, in the order of the alphabet. */
export function outcomesOf({ fields }: LogLine): readonly string[] {
  return fields
    .map(({ coordinate, outcome, reason }) => `${coordinate} ${outcome}${reason ? ` ${reason}` : ''}`)
    .sort();
}
