import type { Decided } from '../exchange.ts';
import { HubError } from '../../platform/errors.ts';

export type Judged = Pick<Decided, 'graph' | 'judgement'>;

/** What is kept of a judged event: the stage itself belongs to the step after it, which makes another of it. */
export function judgedOf({ graph, judgement }: Decided): Judged {
  return { graph, judgement };
}

/**
 * Throws HUB_STREAM_RIGHTS_ENDED when something is refused now that was allowed before; with `orScope` also when a scope is gone, whatever it
 * opened. What has been opened since is welcome. On another graph the two can't be compared: there the verdicts speak for themselves.
 */
export function requireNothingLost(before: Judged, now: Judged, orScope: boolean): void {
  if (now.graph !== before.graph || now.judgement === before.judgement) return;
  for (const [index, verdict] of now.judgement.verdicts.entries()) {
    if (verdict.allowed || verdict.withheld || !before.judgement.verdicts[index]!.allowed) continue;
    throw new HubError('HUB_STREAM_RIGHTS_ENDED', { extensions: { reason: verdict.reason } });
  }
  const { effectiveScopes } = now.judgement;
  if (orScope && [...before.judgement.effectiveScopes].some((scope) => !effectiveScopes.has(scope))) {
    throw new HubError('HUB_STREAM_RIGHTS_ENDED', { extensions: { reason: 'CONSENT_REQUIRED' } });
  }
}
