import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import type { GraphQLError } from 'graphql';
import type { AgencyId } from '../../platform/ids.ts';
import type { Graph, Judgement, ReplyFault } from '../exchange.ts';
import { AgencyFault } from './agencyPort.ts';
import type { RunResult } from './engine.ts';
import type { RunInput } from './run.ts';

/** `@apollo/gateway`'s own executor behind the engine's result: what ours is compared with, and `HUB_ENGINE=reference`. */
export interface ReferenceEngine {
  /** Knows neither references nor verdicts per subject: only for a judgement that allows everything. */
  run(judgement: Judgement, input: RunInput): Promise<RunResult>;
  stop(): Promise<void>;
}

/** Starts the reference on a graph; throws a TypeError for a graph with rules. */
export async function createReferenceEngine(graph: Graph): Promise<ReferenceEngine> {
  if (!graph.rules.empty) throw new TypeError('the reference engine serves graphs without rules only');
  // Read by @apollo/gateway 2.14 when it is constructed; without it metrics go to its vendor.
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const { ApolloGateway } = await import('@apollo/gateway');
  const gateway = new ApolloGateway({
    supergraphSdl: graph.planningSdl,
    buildService: ({ name }) => createDataSource(name as AgencyId),
    logger: SILENT,
  });
  const { schema, executor } = await gateway.load();

  return {
    async run(judgement, input) {
      const { operation } = judgement;
      if (judgement.refusedCount > 0) throw new TypeError('the reference engine knows no refusals');
      const context = {
        schema,
        document: operation.document,
        operationName: operation.name ?? null,
        queryHash: judgement.narrowedHash,
        request: { variables: input.variables, ...(operation.name !== undefined && { operationName: operation.name }) },
        context: { input },
        logger: SILENT,
        metrics: {},
        overallCachePolicy: {},
      };
      const result = await executor(context as unknown as Parameters<typeof executor>[0]);
      const completion = (result.extensions?.valueCompletion ?? []) as readonly GraphQLError[];
      return {
        data: JSON.stringify(result.data ?? null),
        faults: [...(result.errors ?? []), ...completion].map(toFault),
        traces: [],
      };
    },
    stop: () => gateway.stop(),
  };
}

function createDataSource(agency: AgencyId): GraphQLDataSource {
  return {
    async process({ request, context }: GraphQLDataSourceProcessOptions) {
      const { input } = context as { input: RunInput };
      const query = request.query ?? '';
      const kind = query.startsWith('mutation') ? 'mutation' : 'query';
      const body = JSON.stringify({ query, variables: request.variables ?? {} });
      const text = await input.send(agency, body, { kind, signal: input.signal });
      try {
        return JSON.parse(text) as Awaited<ReturnType<GraphQLDataSource['process']>>;
      } catch (cause) {
        throw new AgencyFault('INVALID_ANSWER', { cause });
      }
    },
  };
}

function toFault(error: Error): ReplyFault {
  const { path, extensions } = error as Partial<GraphQLError>;
  const agency = extensions?.serviceName;
  return {
    code: codeOf(error, extensions?.code),
    path: path ?? [],
    ...(typeof agency === 'string' && { agency: agency as AgencyId }),
  };
}

function codeOf(error: Error, code: unknown): ReplyFault['code'] {
  if (error instanceof AgencyFault) {
    return error.kind === 'UNAVAILABLE' ? 'HUB_AGENCY_UNAVAILABLE' : 'HUB_AGENCY_INVALID_ANSWER';
  }
  return code === 'INVALID_GRAPHQL' ? 'HUB_AGENCY_INVALID_ANSWER' : 'HUB_AGENCY_FIELD_ERROR';
}

const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };
