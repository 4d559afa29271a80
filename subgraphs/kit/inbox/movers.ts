import type { DeclaredPerson, MoveData } from '../../../schema/declaration.ts';
import type { AgencyDefinition } from '../agencyModule.ts';
import { matchesByStatedRules, reconcile } from '../reconcile.ts';
import type { MovingPerson, ReceivedMove } from './handler.ts';

/** Those who move, each looked for in the agency's file. */
export type Movers = Pick<ReceivedMove, 'declarant' | 'adults' | 'children'>;

type Finder = Pick<AgencyDefinition, 'findPersons' | 'matches'>;

/** Finds everybody of a message in one question to the agency's file, by the rules that hold for reads: exactly one match, or absent. */
export async function findMovers(
  { findPersons, matches = matchesByStatedRules }: Finder,
  { declarant, adults = [], children = [] }: MoveData,
  request: Parameters<NonNullable<AgencyDefinition['findPersons']>>[1],
): Promise<Movers> {
  const named = [declarant!, ...adults, ...children];
  const candidates = await findPersons?.(
    named.map(({ identity }) => identity),
    request,
  );
  const movers = named.map(({ reference, identity }: DeclaredPerson, at): MovingPerson => {
    return { reference, identity, found: reconcile(identity, candidates?.[at] ?? [], matches) };
  });
  return {
    declarant: movers[0]!,
    adults: movers.slice(1, 1 + adults.length),
    children: movers.slice(1 + adults.length),
  };
}
