import type { Setting } from '../settings.ts';

/** Where the message broker is, and as whom the hub comes to it. */
export interface BrokerAddress {
  /** `host:port` of each server of the cluster. */
  readonly servers: readonly string[];
  readonly isEncrypted: boolean;
  readonly login?: { readonly user: string; readonly password: string } | { readonly token: string };
}

const SHAPE = 'nats:// or tls:// URLs of one cluster, separated by commas; user:password@ or token@ in the first';
const DEFAULT_PORT = '4222';
const LOOPBACK = /^(?:127\.|localhost:|\[::1\])/;

/** Errors never repeat what was written: a password may stand in it. */
export function brokerAddress(name: string, options: { readonly why: string }): Setting<BrokerAddress | undefined> {
  return {
    name,
    default: undefined,
    why: options.why,
    shape: SHAPE,
    secret: true,
    read(written) {
      const urls = written.split(',').map((one) => (URL.canParse(one.trim()) ? new URL(one.trim()) : undefined));
      const [first] = urls;
      const servers = urls.map((url) => {
        const isBare = url !== undefined && /^\/?$/.test(url.pathname) && url.search === '' && url.hash === '';
        if (!isBare || url.hostname === '' || !/^(?:nats|tls):$/.test(url.protocol))
          throw new Error(`expected ${SHAPE}`);
        return `${url.hostname}:${url.port || DEFAULT_PORT}`;
      });
      if (urls.some((url) => url!.protocol !== first!.protocol)) throw new Error('mixes nats:// and tls://');
      if (urls.slice(1).some((url) => url!.username !== '')) throw new Error('names a user beside the first server');
      const [user, password] = [decodeURIComponent(first!.username), decodeURIComponent(first!.password)];
      const login = password === '' ? { token: user } : { user, password };
      return { servers, isEncrypted: first!.protocol === 'tls:', ...(user !== '' && { login }) };
    },
  };
}

/** What the settings of the broker say against each other, a line each. */
export function brokerContradictions({
  env,
  natsUrl,
  natsCredentials,
}: {
  readonly env: string;
  readonly natsUrl: BrokerAddress | undefined;
  readonly natsCredentials: string;
}): string[] {
  const hasFile = natsCredentials !== '';
  const leaves = natsUrl !== undefined && !natsUrl.servers.every((server) => LOOPBACK.test(server));
  return [
    ...(hasFile && natsUrl === undefined ? ['HUB_NATS_CREDENTIALS: is of no use without HUB_NATS_URL'] : []),
    ...(hasFile && natsUrl?.login !== undefined ? ['HUB_NATS_CREDENTIALS: HUB_NATS_URL says who the hub is'] : []),
    ...(env === 'production' && leaves && !natsUrl.isEncrypted
      ? ['HUB_NATS_URL: in production a broker on another machine must be tls://']
      : []),
  ];
}
