import { type Msg, type NatsConnection, createInbox, nanos } from '@nats-io/transport-node';

/** A message of a queue, until it is answered. */
export interface Pulled {
  readonly subject: string;
  /** It is over, and the broker forgets it. */
  acknowledge(): void;
  /** It is handed out again after that time. */
  giveBack(afterMs: number): void;
}

const ANSWER_MS = 2_000;
/** No Messages; and the same of a question that was answered in part. */
const NOTHING_MORE: readonly number[] = [404, 408];

/**
 * Messages that are there now, at most that many: the library's own pulls (`fetch`) wait for a second at least. This is JetStream's documented wire protocol: a
 * request without waiting, whose answers end with a status or with the last message asked for. Rejects when the broker or the consumer is not there.
 */
export async function pullNow(
  connection: NatsConnection,
  { stream, queue, atMost }: { readonly stream: string; readonly queue: string; readonly atMost: number },
): Promise<readonly Pulled[]> {
  const inbox = createInbox();
  const answers = connection.subscribe(inbox, { timeout: ANSWER_MS });
  const subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${queue}`;
  connection.publish(subject, JSON.stringify({ batch: atMost, no_wait: true }), { reply: inbox });
  const pulled: Pulled[] = [];
  try {
    for await (const message of answers) {
      const status = statusOf(message);
      if (status === undefined) pulled.push(asPulled(message));
      else if (!NOTHING_MORE.includes(status)) throw new Error(`status ${status} for a pull`);
      if (status !== undefined || pulled.length === atMost) break;
    }
    return pulled;
  } finally {
    answers.unsubscribe();
  }
}

/** A message that is an answer of the broker's own has a status, and no content. */
function statusOf({ headers }: Msg): number | undefined {
  return headers === undefined || headers.code === 0 ? undefined : headers.code;
}

function asPulled(message: Msg): Pulled {
  return {
    subject: message.subject,
    acknowledge: () => void message.respond('+ACK'),
    giveBack: (afterMs) => void message.respond(`-NAK ${JSON.stringify({ delay: nanos(Math.ceil(afterMs)) })}`),
  };
}
