import { isRejected, rejectRefused, rejectWhole } from './decide/rejectWhole.ts';
import type { Decided, HttpAnswer, Identified, Received } from './exchange.ts';
import type { AnyIdentified, Steps } from './pipeline.ts';

/** The way of one event of a subscription: a request's own steps, in two halves, since a stream judges more often than it reads. */
export interface EventWay {
  /**
   * Token, session, habilitation and consents, asked anew; nothing is read. Undefined when there is nothing to follow: the operation is no
   * subscription, or no citizen asks.
   */
  judge(received: Received): Promise<Decided | undefined>;
  /** From there to the answer, its access records written. */
  answer(decided: Decided): Promise<HttpAnswer>;
}

/** Steps throw as on every request's way (pipeline.ts), of which this leaves out nothing. */
export function createEventWay(steps: Steps): EventWay {
  return {
    async judge(received) {
      const identified = await steps.identify(received);
      if (!isCitizens(identified)) return undefined;
      const understood = steps.understand(identified);
      if (understood.operation.kind !== 'subscription') return undefined;
      // A stream is one call of its service; what it tells later nobody asked for again.
      if (received.event?.opens === true) steps.countCall(understood);
      return steps.decide(understood);
    },
    async answer(decided) {
      if (decided.mode === 'dry-run') return steps.explain(decided);
      const fetched = isRejected(decided) ? rejectWhole(decided) : rejectRefused(await steps.fetch(decided));
      const masked = steps.mask(fetched);
      const recorded = await steps.record(masked);
      return steps.reply(recorded);
    },
  };
}

function isCitizens(identified: AnyIdentified): identified is Identified {
  return !('kind' in identified.caller);
}
