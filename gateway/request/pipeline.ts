import { isRejected, rejectWhole } from './decide/rejectWhole.ts';
import type { Decided, Fetched, HttpAnswer, Identified, Masked, Received, Recorded, Understood } from './exchange.ts';

/** The steps of a request's way, in their order; what each may throw is said where it is written. */
export interface Steps {
  readonly identify: (received: Received) => Identified | Promise<Identified>;
  readonly understand: (identified: Identified) => Understood;
  readonly decide: (understood: Understood) => Decided | Promise<Decided>;
  /** Verdicts instead of data, for Hub-Mode dry-run: no agency is asked, nothing is read. */
  readonly explain: (decided: Decided) => HttpAnswer;
  readonly fetch: (decided: Decided) => Promise<Fetched>;
  readonly mask: (fetched: Fetched) => Masked;
  readonly record: (masked: Masked) => Promise<Recorded>;
  readonly reply: (recorded: Recorded) => HttpAnswer;
}

/**
 * The way of every request. `receive` has gone before (it owns the wire); whatever a step throws is put into words by the server's
 * onFault. Each step takes the stage before it, so that leaving one out does not compile.
 */
export function createPipeline(steps: Steps): (received: Received) => Promise<HttpAnswer> {
  return async (received) => {
    const identified = await steps.identify(received);
    const understood = steps.understand(identified);
    const decided = await steps.decide(understood);
    if (decided.mode === 'dry-run') return steps.explain(decided);
    const fetched = isRejected(decided) ? rejectWhole(decided) : await steps.fetch(decided);
    const masked = steps.mask(fetched);
    const recorded = await steps.record(masked);
    return steps.reply(recorded);
  };
}
