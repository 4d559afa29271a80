import { isRejected, rejectRefused, rejectWhole } from './decide/rejectWhole.ts';
import type {
  Asker,
  Decided,
  Fetched,
  HttpAnswer,
  Identified,
  Masked,
  Office,
  Received,
  Recorded,
  Understood,
} from './exchange.ts';

/** A citizen, or an office. */
export type AnyIdentified = Identified | Identified<Office>;

/** The steps of a request's way, in their order; what each may throw is said where it is written. */
export interface Steps {
  readonly identify: (received: Received) => AnyIdentified | Promise<AnyIdentified>;
  readonly understand: <Who extends Asker>(identified: Identified<Who>) => Understood<Who>;
  /** Against the calls a minute that the service was approved for; throws where there is none left, before anybody is asked. */
  readonly countCall: (understood: Understood) => void;
  readonly decide: (understood: Understood) => Decided | Promise<Decided>;
  /** Verdicts instead of data, for Hub-Mode dry-run: no agency is asked, nothing is read. */
  readonly explain: (decided: Decided) => HttpAnswer;
  readonly fetch: (decided: Decided) => Promise<Fetched>;
  readonly mask: <Who extends Asker>(fetched: Fetched<Who>) => Masked<Who>;
  readonly record: (masked: Masked) => Promise<Recorded>;
  readonly reply: (recorded: Recorded<Asker>) => HttpAnswer;
  /** Where no citizen asks: other steps in the same order, whose types keep the two ways apart. */
  readonly office: {
    readonly decide: (understood: Understood<Office>) => Decided<Office>;
    readonly fetch: (decided: Decided<Office>) => Promise<Fetched<Office>>;
    readonly record: (masked: Masked<Office>) => Recorded<Office>;
  };
}

/**
 * The way of every request. `receive` has gone before (it owns the wire); whatever a step throws is put into words by the server's
 * onFault. Each step takes the stage before it, so that leaving one out does not compile.
 */
export function createPipeline(steps: Steps): (received: Received) => Promise<HttpAnswer> {
  return async (received) => {
    const identified = await steps.identify(received);
    if (isOffice(identified)) return answerOffice(identified, steps);
    const understood = steps.understand(identified);
    steps.countCall(understood);
    const decided = await steps.decide(understood);
    if (decided.mode === 'dry-run') return steps.explain(decided);
    const fetched = isRejected(decided) ? rejectWhole(decided) : rejectRefused(await steps.fetch(decided));
    const masked = steps.mask(fetched);
    const recorded = await steps.record(masked);
    return steps.reply(recorded);
  };
}

async function answerOffice(identified: Identified<Office>, steps: Steps): Promise<HttpAnswer> {
  const understood = steps.understand(identified);
  const decided = steps.office.decide(understood);
  const fetched = isRejected(decided) ? rejectWhole(decided) : await steps.office.fetch(decided);
  const masked = steps.mask(fetched);
  return steps.reply(steps.office.record(masked));
}

function isOffice(identified: AnyIdentified): identified is Identified<Office> {
  return 'kind' in identified.caller;
}
