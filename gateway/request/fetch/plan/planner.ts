import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import { buildASTSchema, parse, print, type DocumentNode, type GraphQLSchema } from 'graphql';
import { dropUnresolvableKeys } from './dropUnresolvableKeys.ts';
import { lowerRequires, type Stand } from './lowerRequires.ts';
import { restoreMembers } from './restoreMembers.ts';
import { readSupergraphFacts, type SupergraphFacts } from './supergraphFacts.ts';
import { readUnionMembers } from './unionMembers.ts';

/** The one room that knows `@apollo/query-planner`: a supergraph, ready to be planned on. */
export interface Planner {
  /** Throws when no plan can satisfy the operation. Blocks: a few milliseconds for a usual operation. */
  plan(document: DocumentNode): QueryPlan;
  /** Every type of the supergraph, inaccessible ones included. */
  readonly schema: GraphQLSchema;
  readonly facts: SupergraphFacts;
  readonly standIns: ReadonlyMap<string, Stand>;
}

/** `planningSdl`: a supergraph whose security features are stripped (exchange.ts, Graph). */
export function createPlanner(planningSdl: string): Planner {
  const { document, standIns } = lowerRequires(dropUnresolvableKeys(parse(planningSdl, { noLocation: true })));
  const supergraph = Supergraph.build(print(document), { validateSupergraph: false });
  const queryPlanner = new QueryPlanner(supergraph, { reuseQueryFragments: false });
  const apiSchema = supergraph.apiSchema();
  const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
  const planned = { schema, unionMembers: readUnionMembers(document) };
  return {
    plan(operation) {
      const plan = queryPlanner.buildQueryPlan(operationFromDocument(apiSchema, operation, { validate: false }));
      return restoreMembers(plan, operation, planned);
    },
    schema,
    facts: readSupergraphFacts(document),
    standIns,
  };
}
