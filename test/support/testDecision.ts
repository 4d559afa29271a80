import { print } from 'graphql';
import type { Clock } from '../../gateway/platform/clock.ts';
import { HubError } from '../../gateway/platform/errors.ts';
import { createDecide, type DecidePowers } from '../../gateway/request/decide/decide.ts';
import { refusals } from '../../gateway/request/decide/explain.ts';
import { createUnderstand } from '../../gateway/request/understand/understand.ts';
import type { Decided, Graph, ProvenRelative, Received } from '../../gateway/request/exchange.ts';
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
export function decided(options: Asked): Decided {
  const result = decide(options);
  if (result instanceof Promise) throw new TypeError('decided: expected an answer from memory, got a promise');
  return result;
}

/** The same for a caller of whom civil status says that these are their relatives. */
export async function decidedAmong(relatives: readonly ProvenRelative[], options: Asked): Promise<Decided> {
  const proof = { id: 'rel_1', provenOn: '2026-11-23', relatives };
  return decide({ ...options, powers: { ...options.powers, proveRelations: () => Promise.resolve(proof) } });
}

function decide({ graph, query, consents, request, powers, ...caller }: Asked): Decided | Promise<Decided> {
  const scopes = scopeSet(consents ?? caller.token ?? []);
  const understand = createUnderstand({ graph: () => graph, introspection: 'everyone' });
  const step = createDecide({
    openConsents: () => openConsentsOf(scopes),
    clock: A_DAY_IN_2026,
    ...powers,
  });
  return step(understand(anIdentifiedRequest(query, aCaller(caller), request)));
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
