import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compactDecrypt, decodeProtectedHeader } from 'jose';
import { GRANT_INFO_PREFIX, splitGrant, type Grant } from '../../schema/grant.ts';
import type { AgencyKeys } from '../../subgraphs/kit/agencyKeys.ts';
import { deriveDayKey, parseKid } from '../../subgraphs/kit/grantKeys.ts';
import type { HubKeys } from '../../subgraphs/kit/hubKeys.ts';

/** What an agency was asked, as it came over the wire. */
export interface AgencyRequest {
  readonly agency: string;
  readonly headers: IncomingMessage['headers'];
  /** The exact bytes, for whoever wants to play them again. */
  readonly body: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The grant, opened with the agency's own key; undefined when there was none. */
  readonly grant: Grant | undefined;
}

/** Answers in the agency's place. */
export type Misbehaviour = (response: ServerResponse, request: AgencyRequest) => void | Promise<void>;

/** A door before one agency: it notes every question and hands it on, or answers itself as a test tells it to. */
export interface AgencyFront {
  /** `http://127.0.0.1:port/graphql`. */
  readonly url: string;
  readonly requests: AgencyRequest[];
  misbehaviour: Misbehaviour | undefined;
  close(): Promise<void>;
}

export interface AgencyFrontOptions {
  readonly agency: string;
  /** Origin of the agency itself. */
  readonly target: string;
  readonly ownKeys: AgencyKeys;
  readonly hubKeys: HubKeys;
}

export async function openAgencyFront(options: AgencyFrontOptions): Promise<AgencyFront> {
  const requests: AgencyRequest[] = [];
  const server = createServer((request, response) => {
    void respond(request, response).catch(() => response.destroy());
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readText(request);
    if (request.method === 'POST') {
      const asked = await readAsked(body, request, options);
      // What citizens declare is no question.
      if (request.url === '/graphql') requests.push(asked);
      if (front.misbehaviour !== undefined) return front.misbehaviour(response, asked);
    }
    const answer = await fetch(options.target + request.url!, {
      method: request.method!,
      headers: headersToPass(request),
      ...(request.method === 'POST' && { body }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const front: AgencyFront = {
    url: `http://127.0.0.1:${port}/graphql`,
    requests,
    misbehaviour: undefined,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return front;
}

/** Opens a grant as the agency would, without using it up. Throws when it is none of this agency's. */
async function openGrant(sealed: string, { agency, ownKeys, hubKeys }: AgencyFrontOptions): Promise<Grant> {
  const named = parseKid(decodeProtectedHeader(sealed).kid)!;
  const hubKey = await hubKeys.find(named.hub);
  const key = deriveDayKey(ownKeys.find(named.agency)!, hubKey!, named.day, GRANT_INFO_PREFIX + agency);
  const { plaintext } = await compactDecrypt(sealed, key);
  return JSON.parse(new TextDecoder().decode(plaintext)) as Grant;
}

async function readAsked(body: string, request: IncomingMessage, options: AgencyFrontOptions): Promise<AgencyRequest> {
  const split = splitGrant(body);
  const { query, variables = {} } = parseHead(split ? `${split.head}}` : body);
  const grant = split && (await openGrant(split.sealedGrant, options).catch(() => undefined));
  return { agency: options.agency, headers: request.headers, body, query, variables, grant };
}

function parseHead(text: string): { readonly query: string; readonly variables?: Record<string, unknown> } {
  try {
    return JSON.parse(text) as { readonly query: string };
  } catch {
    return { query: text };
  }
}

function headersToPass({ headers }: IncomingMessage): Record<string, string> {
  const names = ['content-type', 'accept', 'hub-operator', ...Object.keys(headers).filter((name) => /^ce-/.test(name))];
  return Object.fromEntries(
    names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]] as const] : [])),
  );
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
