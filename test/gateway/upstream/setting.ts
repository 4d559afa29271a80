import { afterEach, expect } from '@jest/globals';
import type { AgencyId } from '../../../gateway/platform/ids.ts';
import { AgencyFault } from '../../../gateway/request/fetch/agencyPort.ts';
import {
  createAgencies,
  type Agencies,
  type AgenciesOptions,
  type AskOutcome,
} from '../../../gateway/request/fetch/upstream/agencies.ts';
import type { HostileAgency } from './hostileAgency.ts';

export const FAMILY = 'family' as AgencyId;
export const GOOD = '{"data":{"me":{"name":"Zoé"}}}';
export const BODY = '{"query":"{ me { name } }","variables":{}}';

/** Closed after each test. */
export const opened: { close(): Promise<void> }[] = [];
/** To be called once by a test file. */
export function useSetting(): void {
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((entry) => entry.close()));
  });
}

export interface Setting {
  readonly agencies: Agencies;
  readonly outcomes: AskOutcome[];
  readonly retries: () => number;
  readonly logged: object[];
}

export function connectTo(agency: HostileAgency, options: Partial<AgenciesOptions> = {}, timeoutMs = 4000): Setting {
  const outcomes: AskOutcome[] = [];
  const logged: object[] = [];
  let retries = 0;
  const agencies = createAgencies({
    http: { [FAMILY]: { url: agency.url, timeoutMs } },
    random: () => 0,
    log: { warn: (facts) => logged.push(facts), error: (facts) => logged.push({ ...facts, level: 'error' }) },
    metrics: { onAsked: (_agency, outcome) => outcomes.push(outcome), onRetry: () => (retries += 1) },
    ...options,
  });
  opened.push(agency, agencies);
  return { agencies, outcomes, retries: () => retries, logged };
}

export const ask = (agencies: Agencies, kind: 'query' | 'mutation' = 'query', signal = new AbortController().signal) =>
  agencies.send(FAMILY, BODY, { kind, signal });

/** Kind and detail of the fault; a test fails when there is none, or when it is of another class. */
export async function faultOf(asked: Promise<string>): Promise<AgencyFault> {
  const fault = await asked.then(
    () => new Error('answered'),
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(AgencyFault);
  return fault as AgencyFault;
}
