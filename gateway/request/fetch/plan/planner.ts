import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import { buildASTSchema, parse, print, type DocumentNode, type GraphQLSchema } from 'graphql';
import { dropUnresolvableKeys } from './dropUnresolvableKeys.ts';
import { lowerRequires, type Stand } from './lowerRequires.ts';
import { restoreMembers } from './restoreMembers.ts';
import { readAgencyNames, readSupergraphFacts, type SupergraphFacts } from './supergraphFacts.ts';
import { readUnionMembers } from './unionMembers.ts';

/** What compiling needs to know of the supergraph that was planned on. */
export interface Planning {
  /** Every type of the supergraph, inaccessible ones included. */
  readonly schema: GraphQLSchema;
  readonly facts: SupergraphFacts;
  readonly standIns: ReadonlyMap<string, Stand>;
  readonly agencyCount: number;
}

/** The one room that knows `@apollo/query-planner`: a supergraph, ready to be planned on. */
export interface Planner extends Planning {
  /** Throws when no plan can satisfy the operation. Blocks: a few milliseconds for a usual operation (plans.ts). */
  plan(document: DocumentNode): QueryPlan;
}

/** `planningSdl`: a supergraph whose security features are stripped (exchange.ts, Graph). */
export function readPlanning(planningSdl: string): Planning {
  return toPlanning(toLowered(planningSdl));
}

/** Blocks for 50 ms with four agencies, 200 with fifty. */
export function createPlanner(planningSdl: string): Planner {
  const lowered = toLowered(planningSdl);
  const { document } = lowered;
  const supergraph = Supergraph.build(print(document), { validateSupergraph: false });
  const queryPlanner = new QueryPlanner(supergraph, { reuseQueryFragments: false });
  const apiSchema = supergraph.apiSchema();
  const planning = toPlanning(lowered);
  const planned = { schema: planning.schema, unionMembers: readUnionMembers(document) };
  return {
    ...planning,
    plan(operation) {
      const plan = queryPlanner.buildQueryPlan(operationFromDocument(apiSchema, operation, { validate: false }));
      return restoreMembers(plan, operation, planned);
    },
  };
}

function toLowered(planningSdl: string): ReturnType<typeof lowerRequires> {
  return lowerRequires(dropUnresolvableKeys(parse(planningSdl, { noLocation: true })));
}

function toPlanning({ document, standIns }: ReturnType<typeof lowerRequires>): Planning {
  return {
    schema: buildASTSchema(document, { assumeValid: true, assumeValidSDL: true }),
    facts: readSupergraphFacts(document),
    standIns,
    agencyCount: readAgencyNames(document).size,
  };
}
