import type { FollowedEvent } from '../../follow.ts';
import { citizenPage, events, type Route, type SignedInVisit } from '../../web/route.ts';
import { MOVE_UPDATED, type MoveUpdated } from './moveGraph.ts';

/** After these the browser may ask again: a token lives five minutes, a stream as long as the hub lets it. */
const MAY_RETURN: ReadonlySet<string> = new Set([
  'HUB_TOKEN_EXPIRED',
  'HUB_STREAM_OVER',
  'HUB_NOT_READY',
  'HUB_LEDGER_UNAVAILABLE',
  'HUB_AUDIT_UNAVAILABLE',
]);

/** Tells a move's open page that something of it has changed, never what: the page fetches itself anew. */
export const moveLiveRoutes: readonly Route[] = [
  citizenPage('GET', '/moves/:reference/live', (visit) => events((signal) => changesOf(visit, signal))),
];

async function* changesOf({ follow, params }: SignedInVisit, signal: AbortSignal): AsyncGenerator<'changed' | 'over'> {
  const stream = await follow(MOVE_UPDATED, { reference: params['reference']! }, signal);
  if (stream === undefined) return yield 'over';
  for await (const event of stream) {
    if (event.data?.moveUpdated != null) yield 'changed';
    else if (!mayReturn(event)) return yield 'over';
  }
}

function mayReturn({ codes }: FollowedEvent<MoveUpdated>): boolean {
  return codes.some((code) => MAY_RETURN.has(code));
}
