import { join } from 'node:path';
import { GATEWAY_CORE, gatewayOptions, startNode, stopProcess } from '../processes.ts';
import { installPeer } from './install.ts';
import { freePort, untilReady } from './ready.ts';
import type { Target } from './target.ts';

const PACKAGES = {
  '@apollo/gateway': '2.14.4',
  '@apollo/server': '5.5.1',
  graphql: '16.15.0',
  undici: '7.30.2',
};

/** `@apollo/gateway` with Apollo Server 5, as their manual starts them; with its own fetcher, or with undici instead. */
export function apolloTarget(fetcher: 'own' | 'undici'): Target {
  const name = fetcher === 'own' ? 'apollo' : 'apollo-undici';
  return {
    name,
    title: fetcher === 'own' ? '@apollo/gateway + Apollo Server 5' : 'the same with undici',
    protects: false,
    answersGraph: true,
    columns: fetcher === 'own' ? ['known-callers', 'new-callers', 'agencies-4ms'] : ['known-callers', 'agencies-4ms'],
    prepare: (peersFolder) => installPeer(join(peersFolder, 'apollo'), PACKAGES),
    async start(room) {
      const port = await freePort();
      const logFile = join(room.logFolder, `${name}.log`);
      const folder = join(room.peersFolder, 'apollo');
      const child = startNode(
        new URL('./process/apollo.mjs', import.meta.url),
        [folder, room.plainSupergraphFile, String(port), fetcher],
        {
          core: GATEWAY_CORE,
          logFile,
          env: { APOLLO_TELEMETRY_DISABLED: '1' },
          nodeOptions: gatewayOptions(room.profileFolder, name),
        },
      );
      await untilReady(child, port, { path: '/', logFile });
      return { port, path: '/', gatewayPid: child.pid!, stop: () => stopProcess(child) };
    },
  };
}
