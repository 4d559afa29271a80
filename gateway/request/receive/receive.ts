import type { IncomingMessage, ServerResponse } from 'node:http';
import { HubError } from '../../platform/errors.ts';
import type { Departure, Received, ReplyContext } from '../exchange.ts';
import { PendingDeparture } from './departure.ts';
import { acceptsEventStream, negotiateResponseType } from './negotiate.ts';
import { readBody } from './readBody.ts';
import {
  readMode,
  readToken,
  refuseCrossSite,
  refuseTwofoldHeaders,
  requireJsonBody,
  singleHeader,
} from './readHeaders.ts';
import { readBodyParameters, readUrlParameters, type Parameters } from './readParameters.ts';

export interface ReceiveLimits {
  /** Largest body, bytes on the wire. */
  readonly bodyLimitBytes: number;
  /** Deepest nesting of the body's JSON. */
  readonly maxJsonDepth: number;
}

export interface ReceivePowers {
  readonly limits: ReceiveLimits;
  readonly isOperator: (presented: string | undefined) => boolean;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * The first step of a request's way: what came over HTTP as a `Received` (GraphQL over HTTP). Nothing of it is trusted yet: the
 * token is not verified, the query not parsed. Rejects with HubError HUB_REQUEST_*.
 */
export async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  context: ReplyContext,
  powers: ReceivePowers,
): Promise<Received> {
  const receivedAtMs = powers.clock();
  const method = request.method;
  if (method !== 'GET' && method !== 'POST') {
    throw new HubError('HUB_REQUEST_METHOD_NOT_ALLOWED', { extensions: { allow: 'GET, POST' } });
  }
  refuseTwofoldHeaders(request);
  const { headers } = request;
  const eventStream = readEventStream(headers.accept);
  const parameters = method === 'GET' ? readGet(request, powers.limits) : await readPost(request, powers.limits);
  const { token, proof } = readToken(headers);
  const operator = powers.isOperator(singleHeader(headers['hub-operator']));

  return {
    requestId: context.requestId,
    receivedAtMs,
    method,
    query: parameters.query,
    operationName: parameters.operationName,
    variables: parameters.variables,
    token,
    proof,
    purposeHeader: singleHeader(headers['hub-purpose']),
    mode: readMode(headers['hub-mode'], operator),
    language: context.language,
    operator,
    responseType: context.responseType,
    eventStream,
    signal: abortedWhenClientLeaves(response),
  };
}

/** Throws HUB_REQUEST_NOT_ACCEPTABLE when neither an answer nor events are. */
function readEventStream(accept: string | undefined): Received['eventStream'] {
  const takesAnswer = negotiateResponseType(accept) !== undefined;
  if (acceptsEventStream(accept)) return takesAnswer ? 'ACCEPTED' : 'REQUIRED';
  if (!takesAnswer) throw new HubError('HUB_REQUEST_NOT_ACCEPTABLE');
  return undefined;
}

function readGet(request: IncomingMessage, limits: ReceiveLimits): Parameters {
  refuseCrossSite(request);
  const url = request.url!;
  const question = url.indexOf('?');
  return readUrlParameters(question === -1 ? '' : url.slice(question + 1), limits);
}

async function readPost(request: IncomingMessage, limits: ReceiveLimits): Promise<Parameters> {
  requireJsonBody(request);
  return readBodyParameters(await readBody(request, limits.bodyLimitBytes), limits);
}

function abortedWhenClientLeaves(response: ServerResponse): Departure {
  const departure = new PendingDeparture();
  response.on('close', () => {
    if (!response.writableFinished) departure.happen();
  });
  return departure;
}
