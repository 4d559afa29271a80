import { readFileSync } from 'node:fs';
import { type NatsConnection, connect, credsAuthenticator } from '@nats-io/transport-node';
import type { BrokerAddress } from './brokerAddress.ts';

export interface BrokerOptions {
  readonly address: BrokerAddress;
  /** A `.creds` file of NATS (JWT and nkey seed); read anew for each connection. */
  readonly credentialsFile?: string | undefined;
}

const CONNECT_MS = 3_000;
/** A connection over which nothing comes back is taken for lost after two of these. */
const PING_MS = 5_000;

/**
 * One connection, which is not mended when it is lost: whoever holds it begins anew, so that there is one way to begin. Rejects when no server answers,
 * none lets the hub in, or the file cannot be read.
 */
export async function connectToBroker({ address, credentialsFile }: BrokerOptions): Promise<NatsConnection> {
  const { servers, isEncrypted, login } = address;
  return connect({
    servers: [...servers],
    name: 'trait-dunion-hub',
    reconnect: false,
    timeout: CONNECT_MS,
    pingInterval: PING_MS,
    ...(isEncrypted && { tls: {} }),
    ...(credentialsFile !== undefined && { authenticator: credsAuthenticator(readFileSync(credentialsFile)) }),
    ...(login !== undefined &&
      ('token' in login ? { token: login.token } : { user: login.user, pass: login.password })),
  });
}
