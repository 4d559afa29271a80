/** An operation with its types, as GraphQL Code Generator writes them. */
export interface TypedOperation<Data, Variables> {
  readonly document: string;
  /** For the types alone; never there. */
  readonly types?: { readonly data: Data; readonly variables: Variables };
}

/** One error of a reply, as the hub writes it (see /errors of the catalogue). */
export interface HubError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly reason?: string;
    readonly consentUrl?: string;
    readonly remedy?: string;
  };
}

export interface HubReply<Data> {
  /** Partial: a refused field is null, and `errors` says why. */
  readonly data: Data | null;
  readonly errors: readonly HubError[];
}

export interface HubClient {
  /** FranceConnect's token for the hub's (RFC 8693): on your server, never in a browser. */
  exchange(franceConnectToken: string, purpose: string): Promise<string>;
  /** The service's own token, for what needs no citizen. */
  ownToken(): Promise<string>;
  ask<Data, Variables>(
    operation: TypedOperation<Data, Variables>,
    variables: Variables,
    token: string,
  ): Promise<HubReply<Data>>;
}

const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** All that a service needs of the hub, on fetch alone. Copy it, or let it teach. */
export function createHubClient(hub: string, clientId: string, clientSecret: string): HubClient {
  async function tokenBy(form: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret });
    const response = await fetch(new URL('/session/token', hub), { method: 'POST', body });
    const reply = (await response.json()) as { access_token?: string; error_description?: string };
    if (reply.access_token === undefined) throw new Error(`no token: ${reply.error_description ?? response.status}`);
    return reply.access_token;
  }

  return {
    exchange: (token, purpose) =>
      tokenBy({ grant_type: EXCHANGE, subject_token: token, subject_token_type: TOKEN_TYPE, purpose }),
    ownToken: () => tokenBy({ grant_type: 'client_credentials' }),
    async ask({ document }, variables, token) {
      const response = await fetch(new URL('/graphql', hub), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: document, variables }),
      });
      const { data = null, errors = [] } = (await response.json()) as { data?: never; errors?: readonly HubError[] };
      return { data, errors };
    },
  };
}

/** Links at which the person can open what is missing, each once: offer them, and ask the same query when they come back. */
export function missingConsents(errors: readonly HubError[]): readonly string[] {
  const links = errors.flatMap(({ extensions }) => {
    return extensions.reason === 'CONSENT_REQUIRED' && extensions.consentUrl ? [extensions.consentUrl] : [];
  });
  return [...new Set(links)];
}
