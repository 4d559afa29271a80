import { getNamedType, isAbstractType, type GraphQLSchema } from 'graphql';
import type { OperationField, RelationProof, Verdict } from '../exchange.ts';
import { refuse } from './verdict.ts';

/**
 * What becomes of addresses: SERVED, or withheld, because a relative of the caller's is under a protection order (ABSENT) or because nobody can tell
 * now whether one is (UNPROVEN).
 */
export type Addresses = 'SERVED' | 'ABSENT' | 'UNPROVEN';

/**
 * What names a dwelling: the address itself, and what is nothing but one with its dates or its meter. A yes or no to an address that the caller gives
 * tells them none.
 */
const ADDRESS_TYPES = new Set(['PostalAddress', 'DeclaredAddress', 'TaxResidence', 'DeliveryPoint']);

/** Beside an address that is absent these would say that there is one. */
const TELLING_FIELDS = new Set(['FamilyFile.declaredAddressSince']);

/** Where an address may stand among other things (an interface, a union) it is one whatever is asked: that something else stands there would tell as well. */
export function tellsAddress(
  { type, coordinate }: Pick<OperationField, 'type' | 'coordinate'>,
  schema: GraphQLSchema,
): boolean {
  const named = getNamedType(type);
  const possible = isAbstractType(named) ? schema.getPossibleTypes(named) : [named];
  return possible.some(({ name }) => ADDRESS_TYPES.has(name)) || TELLING_FIELDS.has(coordinate);
}

/**
 * Whom an order protects may share a file with the one from whom it protects them (a family file, a tax notice, a contract, a move that an adult
 * declared for another), and no agency can tell: so the caller's addresses are all absent, their own among them. Who is protected themself is asked
 * about nobody, since civil status holds them for nobody: they read their own.
 */
export function addressesUnder(proof: RelationProof | undefined): Addresses {
  if (!proof) return 'UNPROVEN';
  return proof.relatives.some(({ standing }) => standing === 'PROTECTED') ? 'ABSENT' : 'SERVED';
}

export function withhold(addresses: Exclude<Addresses, 'SERVED'>): Verdict {
  return { ...refuse('SUBJECT_NOT_COVERED', 'SELF'), withheld: addresses };
}

/** Whether a verdict is one of those that a client reads as such. */
export function isRefusal(verdict: Verdict): verdict is Verdict & { readonly allowed: false } {
  return !verdict.allowed && !verdict.withheld;
}
