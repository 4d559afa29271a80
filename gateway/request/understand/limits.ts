import { HubError } from '../../platform/errors.ts';

/** How large an operation may be. Each is checked before validation and planning, over fragments as if they were expanded. */
export interface OperationLimits {
  /** Lexical tokens of the whole document. */
  readonly tokens: number;
  /** Fields from root to leaf. */
  readonly depth: number;
  /** Fields, each as often as it is spread. */
  readonly height: number;
  /** Fields, spreads and inline fragments, each as often as it is spread. */
  readonly selections: number;
  /** Each as often as it is spread. */
  readonly aliases: number;
  readonly rootFields: number;
  /** Each as often as it is spread. */
  readonly directives: number;
  /** Fields and spreads that repeat one of their own selection set: validation compares them pair by pair (330 of them cost 130 ms). */
  readonly duplicates: number;
  /** Nodes of the operation's tree, where an abstract type counts once per concrete type. */
  readonly treeFields: number;
}

/** Room for the largest form we know and for graphql-js's own introspection query, which is 15 deep. */
export const DEFAULT_LIMITS: OperationLimits = {
  tokens: 2000,
  depth: 15,
  height: 1000,
  selections: 2000,
  aliases: 30,
  rootFields: 20,
  directives: 50,
  duplicates: 100,
  treeFields: 5000,
};

export function tooComplex(limit: keyof OperationLimits, limits: OperationLimits): HubError {
  return new HubError('HUB_OPERATION_TOO_COMPLEX', { extensions: { limit, limitValue: limits[limit] } });
}
