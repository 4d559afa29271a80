import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startNode, stopProcess, GATEWAY_CORE } from '../processes.ts';
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
    prepare: (peersFolder) => installPeer(join(peersFolder, 'apollo'), PACKAGES),
    async start(room) {
      const port = await freePort();
      const logFile = join(room.logFolder, `${name}.log`);
      const folder = join(room.peersFolder, 'apollo');
      const child = startNode(
        new URL('./process/apollo.ts', import.meta.url),
        [folder, room.plainSupergraphFile, String(port), fetcher],
        {
          core: GATEWAY_CORE,
          logFile,
          env: { APOLLO_TELEMETRY_DISABLED: '1' },
          ...(room.profileFolder
            ? { nodeOptions: ['--cpu-prof', `--cpu-prof-dir=${join(room.profileFolder, name)}`] }
            : {}),
        },
      );
      await untilReady(child, port, { path: '/', logFile });
      return { port, path: '/', gatewayPid: child.pid!, stop: () => stopProcess(child) };
    },
  };
}

/** Loads a package from a peer's own folder. The bench doesn't depend on it, so its type is what the caller needs of it. */
export function requireFrom<Exports>(folder: string, name: string): Exports {
  return createRequire(join(folder, 'package.json'))(name) as Exports;
}
