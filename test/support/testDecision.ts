import { print } from 'graphql';
import type { Clock } from '../../gateway/platform/clock.ts';
import { HubError } from '../../gateway/platform/errors.ts';
import { createDecide, type DecidePowers } from '../../gateway/request/decide/decide.ts';
import { refusals } from '../../gateway/request/decide/explain.ts';
import { createUnderstand } from '../../gateway/request/understand/understand.ts';
import type { Decided, Graph, Received } from '../../gateway/request/exchange.ts';
import { aCaller, anIdentifiedRequest, scopeSet, type CallerChanges } from './testRequest.ts';
import { openConsentsOf } from './openConsents.ts';

export const A_DAY_IN_2026: Clock = () => Date.UTC(2026, 10, 23, 12);

export interface Asked extends CallerChanges {
  readonly graph: Graph;
  readonly query: string;
  /** Scopes that the subject's live consents open; the token's when left out. */
  readonly consents?: readonly string[];
  readonly request?: Partial<Received>;
  readonly powers?: Partial<DecidePowers>;
}

/** Understands and decides one operation. */
export function decided({ graph, query, consents, request, powers, ...caller }: Asked): Decided {
  const scopes = scopeSet(consents ?? caller.token ?? []);
  const understand = createUnderstand({ graph: () => graph, introspection: 'everyone' });
  const decide = createDecide({
    openConsents: () => openConsentsOf(scopes),
    clock: A_DAY_IN_2026,
    ...powers,
  });
  const result = decide(understand(anIdentifiedRequest(query, aCaller(caller), request)));
  if (result instanceof Promise) throw new TypeError('decided: expected an answer from memory, got a promise');
  return result;
}

/** What agencies would be asked, on one line; undefined when nothing is left. */
export function asked(options: Asked): string | undefined {
  const { narrowed } = decided(options).judgement;
  return narrowed && print(narrowed).replaceAll(/\s+/g, ' ');
}

/** `path: coordinate REASON scopes`, one line per refusal. */
export function refused(options: Asked): readonly string[] {
  return refusals(decided(options).judgement).map(({ path, coordinate, reason, missingScopes }) => {
    const scopes = (missingScopes ?? []).map((all) => all.join('+')).join('|');
    return `${path.join('.')}: ${coordinate} ${reason}${scopes && ` ${scopes}`}`;
  });
}

/** The code of the fault that decides the whole reply. */
export function fault(run: () => unknown): HubError {
  try {
    run();
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('expected a fault, got none');
}
