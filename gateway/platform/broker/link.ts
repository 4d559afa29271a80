import { setTimeout as pause } from 'node:timers/promises';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Log } from '../log.ts';
import { createRests } from '../rests.ts';
import { type BrokerOptions, connectToBroker } from './connection.ts';

/** A broker that can be spoken to. */
export interface Broker {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
}

export interface BrokerLink {
  /** undefined while it is away. */
  current(): Broker | undefined;
  /** Something went wrong with this one: it is left, and begun with anew. */
  leave(broker: Broker, fault: unknown): void;
  close(): Promise<void>;
}

export interface BrokerLinkOptions extends BrokerOptions {
  /** Makes sure of all that is needed there; a broker is current when it resolves. */
  readonly prepare: (broker: Broker) => Promise<void>;
  readonly onReady: () => void;
  readonly log: Log;
}

const BEGIN_AGAIN_MS = 500;
const REQUEST_MS = 3_000;
const CLOSE_MS = 1_000;

/** Keeps in touch with the broker for as long as it takes: whatever goes wrong, all begins anew after a short rest. Never rejects. */
export function keepBroker(options: BrokerLinkOptions): BrokerLink {
  const { log, prepare, onReady } = options;
  const rests = createRests();
  let current: Broker | undefined;
  let isTold = false;

  function tell(fault: unknown): void {
    // Once for each time that it is away, whatever is tried meanwhile.
    if (!isTold && !rests.isOver) {
      const detail = (fault as Error).message;
      log.warn({ detail }, 'broker: away; declarations wait in the database, tried again');
    }
    isTold = true;
  }

  /** What the hub may not do there it hears beside its questions: without this, an account that lacks a permission would be slow for no reason. */
  async function tellRefusals(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'error') log.warn({ detail: status.error.message }, 'broker: refuses something to the hub');
    }
  }

  async function begin(): Promise<void> {
    const connection = await connectToBroker(options);
    void tellRefusals(connection);
    try {
      const manager = await jetstreamManager(connection, { timeout: REQUEST_MS });
      const broker = { connection, manager, client: jetstream(connection, { timeout: REQUEST_MS }) };
      await prepare(broker);
      if (rests.isOver) return;
      current = broker;
      if (isTold) log.info('broker: back');
      isTold = false;
      onReady();
      const fault = await connection.closed();
      current = undefined;
      tell(fault ?? new Error('connection closed'));
    } finally {
      await connection.close();
    }
  }

  async function keep(): Promise<void> {
    while (!rests.isOver) {
      await begin().catch(tell);
      await rests.rest(BEGIN_AGAIN_MS, false);
    }
  }
  const keeping = keep();

  return {
    current: () => current,
    leave(broker, fault) {
      if (current !== broker) return;
      tell(fault);
      current = undefined;
      void broker.connection.close();
    },
    async close() {
      rests.end();
      const open = current?.connection;
      current = undefined;
      // What was acknowledged last is still to be sent.
      await Promise.race([open?.drain().catch(() => open.close()), pause(CLOSE_MS, undefined, { ref: false })]);
      await open?.close();
      await keeping;
    },
  };
}
