import { OPERATIONS } from '../operations.ts';
import type { Contestant } from '../rounds.ts';
import { median } from '../statistics.ts';
import type { Stage } from '../stage.ts';

/**
 * One agency of four (income) takes requests and never answers. Milliseconds; the reply counts as whole when everything but that
 * agency's field is there. Undefined = no reply in the time given.
 */
export interface HangingAgency {
  /** Four agencies, all answering. */
  readonly allAnswerMs: number;
  /** Four agencies, the first time that one hangs: the gateway's patience with an agency. */
  readonly firstMs: number | undefined;
  /** The same question asked again and again: what a circuit breaker makes of it. Median of the last five. */
  readonly laterMs: number | undefined;
  /** One agency that answers, asked meanwhile. Median. */
  readonly otherOperationMs: number;
  /** Whether the others' fields were all there in every reply that came. */
  readonly othersIntact: boolean;
}

const REPEATS = 12;
const PATIENCE_MS = 8000;

export async function measureHangingAgency(stage: Stage, { running }: Contestant): Promise<HangingAgency> {
  const { load, agencies } = stage;
  const ask = (query: string) => load.ask({ port: running.port, path: running.path }, query, 0);
  const four = OPERATIONS['four-agencies'].query;
  const one = OPERATIONS['one-agency'].query;
  const settled = [];
  for (let index = 0; index < 9; index++) settled.push((await ask(four)).milliseconds);

  await agencies.command({ do: 'hang', agency: 'income' });
  const hung: (number | undefined)[] = [];
  const others: number[] = [];
  let othersIntact = true;
  for (let index = 0; index < REPEATS; index++) {
    const reply = await load.ask({ port: running.port, path: running.path }, four, 0, PATIENCE_MS);
    hung.push(reply.status === 0 ? undefined : reply.milliseconds);
    if (reply.status !== 0) othersIntact &&= holdsOthers(reply.body);
    others.push((await ask(one)).milliseconds);
    if (reply.status === 0) break;
  }
  await agencies.command({ do: 'hang', agency: undefined });
  const later = hung.slice(-5).filter((value) => value !== undefined);
  return {
    allAnswerMs: median(settled),
    firstMs: hung[0],
    laterMs: hung.length < REPEATS ? undefined : median(later),
    otherOperationMs: median(others),
    othersIntact,
  };
}

function holdsOthers(body: string): boolean {
  const me = (JSON.parse(body) as { data?: { me?: Record<string, unknown> | null } | null }).data?.me;
  return Boolean(me?.['civilStatus'] && me['familyFile'] && me['declaredAddress']);
}
