import { auditServer } from 'graphql-http';

export interface AuditFindings {
  /** Failed MUSTs, each as `id name: reason`. */
  readonly musts: readonly string[];
  readonly shoulds: readonly string[];
  readonly mays: readonly string[];
  readonly passed: number;
}

/**
 * Runs the GraphQL over HTTP audit of package graphql-http against a server. `headers` are added to each of its requests: the hub
 * wants a token, and on GET a header that no page of another site can send.
 */
export async function auditGraphqlOverHttp(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<AuditFindings> {
  const results = await auditServer({
    url,
    fetchFn: (address: string, init: RequestInit = {}) =>
      fetch(address, { ...init, headers: { ...(init.headers as Record<string, string> | undefined), ...headers } }),
  });
  const failed = (status: 'error' | 'warn' | 'notice') =>
    results.flatMap((result) =>
      result.status === status && 'reason' in result ? [`${result.id} ${result.name}: ${result.reason}`] : [],
    );
  return {
    musts: failed('error'),
    shoulds: failed('warn'),
    mays: failed('notice'),
    passed: results.filter((result) => result.status === 'ok').length,
  };
}
