import type { Database } from '../platform/database/database.ts';
import type { Route } from '../request/receive/httpServer.ts';
import { HEADERS } from '../request/reply/reply.ts';

/** 200 while the database answers and nobody has asked the gateway to stop. */
export function healthRoute(database: Database): Route {
  return async ({ stopping }) => {
    const up =
      !stopping &&
      (await database.ping().then(
        () => true,
        () => false,
      ));
    const body = JSON.stringify({ status: up ? 'ok' : 'unavailable' });
    return { status: up ? 200 : 503, headers: HEADERS['application/json'], body, encoding: 'utf8' };
  };
}

/** Always the same JSON. */
export function jsonRoute(value: unknown): Route {
  const body = JSON.stringify(value);
  return () => ({ status: 200, headers: HEADERS['application/json'], body, encoding: 'utf8' });
}
