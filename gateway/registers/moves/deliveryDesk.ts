import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  DECLARATION_TTL_SECONDS,
  PULL_PATH,
  type PulledEvents,
  STATUS_PATH,
  STATUS_TTL_SECONDS,
} from '../../../schema/declaration.ts';
import type { AgencyKeys } from '../../platform/agencyKeys.ts';
import type { Clock } from '../../platform/clock.ts';
import {
  type AgencyMessages,
  type DeclarationSealer,
  type Sender,
  namedAgencyKey,
} from '../../platform/declarationSeal.ts';
import { shortName } from '../../platform/dayKeys.ts';
import type { AgencyId } from '../../platform/ids.ts';
import type { Log } from '../../platform/log.ts';
import type { OnceStore } from '../../platform/onceStore.ts';
import { toCloudEvent } from './deliverer.ts';
import type { MoveRecipients } from './moveMessages.ts';
import type { Deliveries } from './moveRegister.ts';

export interface DeliveryDeskOptions {
  readonly deliveries: Deliveries;
  readonly recipients: MoveRecipients;
  readonly agencyKeys: Pick<AgencyKeys, 'find'>;
  readonly seal: DeclarationSealer;
  readonly messages: AgencyMessages;
  readonly once: OnceStore;
  /** Whether a header `Hub-Operator` holds the operator's credential. */
  readonly isOperator: (presented: string | undefined) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where an operator pauses an agency, lets it go on, or has tried again what was set aside: `{"agency":"income","act":"pause"}`, `resume`, `replay`. */
export const OPERATOR_PATH = '/deliveries/operator';

const MAX_BODY_CHARACTERS = 2_000_000;

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

const REFUSED: Reply = { status: 401 };

/**
 * Where agencies say how declarations stand, and those that pull ask for them (schema/declaration.ts). Answers and returns true, or leaves the request
 * alone. Who sends is known by the key under which the body is sealed; the words of a refusal tell a stranger nothing.
 */
export function createDeliveryDesk(
  options: DeliveryDeskOptions,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const desks: Readonly<Record<string, (body: string, request: IncomingMessage) => Promise<Reply>>> = {
    [STATUS_PATH]: (body) => takeStatuses(body, options),
    [PULL_PATH]: (body) => handOut(body, options),
    [OPERATOR_PATH]: (body, request) => operate(body, request, options),
  };
  return (request, response) => {
    const desk = Object.hasOwn(desks, request.url ?? '') ? desks[request.url!] : undefined;
    if (desk === undefined || request.method !== 'POST') return false;
    void answer(request, response, desk, options.log);
    return true;
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  desk: (body: string, request: IncomingMessage) => Promise<Reply>,
  log: Log,
): Promise<void> {
  let reply: Reply;
  try {
    const body = await readText(request);
    reply = body === undefined ? { status: 413 } : await desk(body, request);
  } catch (fault) {
    log.warn({ detail: (fault as Error).message }, 'deliveries: not answered');
    reply = { status: 503 };
  }
  const text = reply.body === undefined ? '' : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(reply.status === 413 && { connection: 'close' }),
  });
  response.end(text);
}

async function takeStatuses(body: string, options: DeliveryDeskOptions): Promise<Reply> {
  const sender = senderOf(body, options);
  const message = sender && options.messages.openStatus(body, sender);
  if (message === undefined) return refuse(STATUS_PATH, 'sealed by no agency, or not now', options);
  if (!(await isNew(message, options))) return refuse(STATUS_PATH, 'taken before', options);
  await options.deliveries.record(sender!.agency, message.statuses);
  return { status: 204 };
}

async function handOut(body: string, options: DeliveryDeskOptions): Promise<Reply> {
  const sender = senderOf(body, options);
  const asked = sender && options.messages.openPull(body, sender);
  if (asked === undefined) return refuse(PULL_PATH, 'sealed by no agency, or not now', options);
  if (!(await isNew(asked, options))) return refuse(PULL_PATH, 'taken before', options);
  const { agency, agencyKey, atSeconds } = sender!;
  if (options.recipients.get(agency)?.delivery !== 'pull')
    return refuse(PULL_PATH, 'from one that is posted to', options);
  if (await options.deliveries.isPaused(agency)) return { status: 503 };
  const ttlSeconds = DECLARATION_TTL_SECONDS;
  const page = { after: Number(asked.after), limit: asked.limit, untilMs: (atSeconds + ttlSeconds) * 1000 };
  const attempts = await options.deliveries.pull(agency, page);
  const events = attempts.map((attempt) => {
    const event = toCloudEvent(attempt);
    const { content } = attempt;
    return { event, sealed: options.seal({ agency, agencyKey, event, content, atSeconds, ttlSeconds }) };
  });
  const pulled: PulledEvents = { events, next: events.at(-1)?.event.sequence ?? asked.after };
  return { status: 200, body: pulled };
}

/** The sender reads nothing of it: the reason is for whoever looks after the hub. */
function refuse(path: string, detail: string, { log }: DeliveryDeskOptions): Reply {
  log.warn({ path, detail }, 'deliveries: refused');
  return REFUSED;
}

async function operate(body: string, request: IncomingMessage, options: DeliveryDeskOptions): Promise<Reply> {
  const presented = request.headers['hub-operator'];
  if (!options.isOperator(typeof presented === 'string' ? presented : undefined)) return REFUSED;
  const { agency, act } = (parse(body) ?? {}) as { readonly agency?: AgencyId; readonly act?: unknown };
  if (agency === undefined || !options.recipients.has(agency)) return { status: 400 };
  if (act === 'replay') return { status: 200, body: { replayed: await options.deliveries.replay(agency) } };
  if (act !== 'pause' && act !== 'resume') return { status: 400 };
  await options.deliveries.setPaused(agency, act === 'pause');
  return { status: 204 };
}

/** The agency whose key the message names; whether it really sealed it is seen when it is opened. */
function senderOf(sealed: string, { recipients, agencyKeys, clock }: DeliveryDeskOptions): Sender | undefined {
  const named = namedAgencyKey(sealed);
  for (const agency of named === undefined ? [] : recipients.keys()) {
    const agencyKey = agencyKeys.find(agency);
    if (agencyKey !== undefined && shortName(agencyKey) === named)
      return { agency, agencyKey, atSeconds: clock() / 1000 };
  }
  return undefined;
}

function isNew(
  { iss, jti, iat }: { iss: string; jti: string; iat: number },
  { once }: DeliveryDeskOptions,
): Promise<boolean> {
  return once.use(`delivery ${iss} ${jti}`, (iat + 2 * STATUS_TTL_SECONDS) * 1000);
}

/** undefined when it is too long. */
async function readText(request: IncomingMessage): Promise<string | undefined> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > MAX_BODY_CHARACTERS) return undefined;
  }
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
