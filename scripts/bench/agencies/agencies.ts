import { AGENCY_NAMES, type AgencyName, type AgencyUrls } from '../graph/graph.ts';
import { createInbox } from '../inbox.ts';
import { LOAD_CORE, startNode, stopProcess } from '../processes.ts';
import type { AgencyCommand, AgencyReport } from './process.ts';

/** The static agencies, seen from the bench. */
export interface StaticAgencies {
  readonly pid: number;
  readonly urls: AgencyUrls;
  /** JWKS of the issuer of the callers' tokens. */
  readonly issuerJwksUrl: string;
  command(command: AgencyCommand): Promise<AgencyReport>;
  /** Calls since the last reset, all agencies together. */
  countCalls(): Promise<number>;
  stop(): Promise<void>;
}

export async function startAgencies(logFile: string): Promise<StaticAgencies> {
  const child = startNode(new URL('./process.ts', import.meta.url), [], { core: LOAD_CORE, ipc: true, logFile });
  const next = createInbox<AgencyReport>(child, 'the static agencies');
  const { ports } = await next();
  const command = async (order: AgencyCommand) => {
    const report = next();
    child.send(order);
    return report;
  };
  const url = (agency: AgencyName) => `http://127.0.0.1:${ports![agency]}/graphql`;
  return {
    pid: child.pid!,
    urls: Object.fromEntries(AGENCY_NAMES.map((name) => [name, url(name)])) as Record<AgencyName, string>,
    issuerJwksUrl: `http://127.0.0.1:${ports!.issuer}/jwks.json`,
    command,
    countCalls: async () =>
      Object.values((await command({ do: 'report' })).counts).reduce((sum, count) => sum + count, 0),
    stop: () => stopProcess(child),
  };
}
