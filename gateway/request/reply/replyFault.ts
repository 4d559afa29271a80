import { ERROR_CODES, type HubErrorCode } from '../../../schema/errorCodes.ts';
import { errorMessage, HubError } from '../../platform/errors.ts';
import type { HttpAnswer, ReplyContext, ReplyError } from '../exchange.ts';
import { HEADERS } from './reply.ts';

/** Where details of a fault go, under the request id; a pino logger is one. */
export interface FaultLog {
  error(facts: object, message: string): void;
  info(facts: object, message: string): void;
}

/**
 * Puts what ended a request before it had data into the hub's own words: message, remedy, request id, in the reader's language.
 * What is no HubError is a defect: the client reads HUB_INTERNAL and nothing of it, the log gets its name and where it was thrown.
 */
export function createReplyFault(log: FaultLog): (fault: unknown, context: ReplyContext) => HttpAnswer {
  return (fault, context) => {
    const known = fault instanceof HubError ? fault : new HubError('HUB_INTERNAL', { cause: fault });
    logFault(known, context, log);
    return toAnswer(known, context);
  };
}

function toAnswer(fault: HubError, context: ReplyContext): HttpAnswer {
  const { code } = fault;
  const errors = JSON.stringify([toReplyError(fault, context)]);
  const status = statusOf(code, context.responseType);
  // A code of status 200 stands beside data, which here is null as a whole; a request error has no data entry.
  const data = ERROR_CODES[code].status === 200 ? '"data":null,' : '';
  return {
    status,
    headers: { ...HEADERS[context.responseType], ...headersFor(fault) },
    body: `{${data}"errors":${errors},"extensions":{"requestId":"${context.requestId}"}}`,
    encoding: 'utf8',
  };
}

function toReplyError({ code, extensions }: HubError, { language, requestId }: ReplyContext): ReplyError {
  const { locations, ...facts } = extensions;
  return {
    message: errorMessage(code, language),
    ...(Array.isArray(locations) ? { locations: locations as NonNullable<ReplyError['locations']> } : {}),
    extensions: { code, remedy: ERROR_CODES[code].remedy[language], ...facts, requestId },
  };
}

/**
 * A well-formed request whose operation is refused has status 200 when the answer is `application/json`, since such a client can't
 * tell our 400 from a proxy's (GraphQL over HTTP, "application/json"). Everything else has its own status in both media types.
 */
function statusOf(code: HubErrorCode, responseType: ReplyContext['responseType']): number {
  const ofTransport = code === 'HUB_OPERATION_METHOD_NOT_ALLOWED' || code === 'HUB_OPERATION_BUDGET_EXCEEDED';
  const isOperationFault = code.startsWith('HUB_OPERATION_') && !ofTransport;
  return isOperationFault && responseType === 'application/json' ? 200 : ERROR_CODES[code].status;
}

const RETRY_AFTER_SECONDS = 2;

function headersFor({ code, status, extensions }: HubError): Readonly<Record<string, string>> {
  // RFC 6750, 3.1: no error is named to whoever presented nothing.
  if (code === 'HUB_TOKEN_MISSING') return { 'WWW-Authenticate': 'Bearer realm="trait-dunion"' };
  if (code === 'HUB_TOKEN_PROOF_INVALID') {
    return { 'WWW-Authenticate': 'DPoP realm="trait-dunion", error="invalid_dpop_proof", algs="ES256 EdDSA PS256"' };
  }
  if (status === 401) return { 'WWW-Authenticate': 'Bearer realm="trait-dunion", error="invalid_token"' };
  if (status === 503 || status === 429) {
    return { 'Retry-After': String(extensions['retryAfterSeconds'] ?? RETRY_AFTER_SECONDS) };
  }
  if (code === 'HUB_OPERATION_METHOD_NOT_ALLOWED') return { Allow: 'POST' };
  if (status === 405) return { Allow: typeof extensions['allow'] === 'string' ? extensions['allow'] : 'GET, POST' };
  return {};
}

function logFault(fault: HubError, { requestId }: ReplyContext, log: FaultLog): void {
  const { code, detail, cause } = fault;
  if (code === 'HUB_INTERNAL') log.error({ requestId, code, detail, defect: describeDefect(cause) }, 'defect');
  else if (fault.status >= 500) log.error({ requestId, code, detail, cause: describeDefect(cause) }, 'refused');
  else if (detail !== undefined) log.info({ requestId, code, detail }, 'refused');
}

/** Kind and places of an exception, without its message: messages quote what they stumbled over, and that may be somebody's data. */
function describeDefect(cause: unknown): object | undefined {
  if (cause === undefined) return undefined;
  if (!(cause instanceof Error)) return { name: typeof cause };
  const frames = cause.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: cause.name,
    code: (cause as NodeJS.ErrnoException).code,
    at: frames?.slice(0, 8).map((line) => line.trim()),
  };
}
