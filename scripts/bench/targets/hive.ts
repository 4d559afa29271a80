import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAY_CORE, startPinned, stopProcess } from '../processes.ts';
import { installPeer } from './install.ts';
import { freePort, untilReady } from './ready.ts';
import type { Target } from './target.ts';

const PACKAGES = {
  '@graphql-hive/gateway': '2.15.1',
  '@graphql-hive/router-runtime': '1.4.23',
  graphql: '16.15.0',
};

/** Hive Gateway's own command, with its JavaScript planner or with the Rust one of `@graphql-hive/router-runtime`. */
export function hiveTarget(planner: 'javascript' | 'rust'): Target {
  const name = planner === 'javascript' ? 'hive-js' : 'hive-rust';
  return {
    name,
    title: planner === 'javascript' ? 'Hive Gateway, JS planner' : 'Hive Gateway, Rust planner',
    protects: false,
    answersGraph: true,
    columns: ['known-callers'],
    prepare: (peersFolder) => installPeer(join(peersFolder, 'hive'), PACKAGES),
    async start(room) {
      const port = await freePort();
      const logFile = join(room.logFolder, `${name}.log`);
      const folder = join(room.peersFolder, 'hive');
      const config = join(folder, `${name}.config.mjs`);
      writeFileSync(config, configText(room.plainSupergraphFile));
      const args = [
        join(folder, 'node_modules', '@graphql-hive', 'gateway', 'dist', 'bin.js'),
        'supergraph',
        '--config-path',
        config,
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        ...(planner === 'rust' ? ['--hive-router-runtime'] : []),
      ];
      const child = startPinned(process.execPath, args, { core: GATEWAY_CORE, cwd: folder, logFile });
      await untilReady(child, port, { path: '/graphql', logFile });
      return { port, path: '/graphql', gatewayPid: child.pid!, stop: () => stopProcess(child) };
    },
  };
}

/** Its settings: forward `authorization`, log errors only; everything else as it comes. */
function configText(supergraphFile: string): string {
  return `export const gatewayConfig = {
  supergraph: ${JSON.stringify(supergraphFile)},
  logging: 'error',
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') }),
  },
};
`;
}
