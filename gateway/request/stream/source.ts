import { getArgumentValues, Kind } from 'graphql';
import type { StreamEvent } from '../../registers/faceContext.ts';
import { HubError } from '../../platform/errors.ts';
import type { Caller, Decided, OperationField } from '../exchange.ts';

/** What is followed, and by whom. */
export interface Followed {
  readonly caller: Caller;
  /** Of the subscription's one root field, coerced. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Where the events of one root field come from: the register that knows when something has changed. */
export interface StreamSource {
  /**
   * Calls `tell` with what has changed, in words that the field's resolver knows; with undefined when changes may have been missed. Whether the
   * caller may know is asked at each event, not here. Returns what ends it.
   */
  readonly watch: (followed: Followed, tell: (about: string | undefined) => void) => () => void;
  /** What is told is the caller's by consent alone: the stream ends with any scope that it began with. */
  readonly restsOnConsent?: true;
}

/** By the root field's name. */
export type StreamSources = ReadonlyMap<string, StreamSource>;

export interface Subscription extends Followed {
  readonly root: OperationField;
  readonly source: StreamSource;
}

/** Throws HUB_OPERATION_SUBSCRIPTION_UNSUPPORTED for a root field that no register tells of, HUB_OPERATION_INVALID for one that may be absent. */
export function readSubscription(
  { operation, graph, coercedVariables, caller }: Decided,
  sources: StreamSources,
): Subscription {
  // Validation has seen to it that there is one (GraphQL, 5.2.3.1).
  const root = [...operation.root.byType.values()][0]![0]!;
  if (root.presence !== undefined)
    throw new HubError('HUB_OPERATION_INVALID', { extensions: { problem: 'conditional root' } });
  const definition = graph.apiSchema.getSubscriptionType()?.getFields()[root.fieldName];
  const source = sources.get(root.fieldName);
  if (!definition || !source) throw new HubError('HUB_OPERATION_SUBSCRIPTION_UNSUPPORTED');
  const node = {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: root.fieldName },
    arguments: root.arguments,
  } as const;
  return { caller, root, source, arguments: getArgumentValues(definition, node, coercedVariables) };
}

export type Changes = StreamEvent['changes'];

/** More at once than anybody could tell apart from everything. */
const MAX_CHANGES = 100;

/** What has happened since the event before, and one thing more; undefined stands for what may have been missed. */
export function withChange(before: Changes | undefined, about: string | undefined): Changes {
  if (about === undefined || before === 'EVERYTHING') return 'EVERYTHING';
  const all = new Set(before).add(about);
  return all.size > MAX_CHANGES ? 'EVERYTHING' : all;
}
