import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainSubgraphs } from '../graph/graph.ts';
import { GATEWAY_CORE, startPinned, stopProcess } from '../processes.ts';
import { installPeer } from './install.ts';
import { freePort, untilReady } from './ready.ts';
import type { Target } from './target.ts';

const VERSION = '0.103.0';

/** Packages that hold the binary, by platform. The package `grafbase` itself lags behind them by 23 versions (0.80.4). */
const BINARIES: Readonly<Record<string, string>> = {
  'linux-x64': '@grafbase/cli-x86_64-unknown-linux-musl',
  'linux-arm64': '@grafbase/cli-aarch64-unknown-linux-musl',
  'darwin-x64': '@grafbase/cli-x86_64-apple-darwin',
  'darwin-arm64': '@grafbase/cli-aarch64-apple-darwin',
};

/** Grafbase's gateway, in Rust, as its command line tool serves it: `grafbase dev` is what npm has of it. */
export function grafbaseTarget(): Target {
  const binaryPackage = BINARIES[`${process.platform}-${process.arch}`];
  return {
    name: 'grafbase',
    title: 'Grafbase (Rust)',
    protects: false,
    answersGraph: true,
    columns: ['known-callers', 'agencies-4ms'],
    async prepare(peersFolder) {
      if (!binaryPackage) return `npm has no binary for ${process.platform}-${process.arch}`;
      return installPeer(join(peersFolder, 'grafbase'), { [binaryPackage]: VERSION });
    },
    async start(room) {
      const port = await freePort();
      const folder = join(room.workFolder, 'grafbase');
      const logFile = join(room.logFolder, 'grafbase.log');
      mkdirSync(folder, { recursive: true });
      const config = plainSubgraphs(room.agencies).map(({ name, url, sdl }) => {
        const schemaFile = join(folder, `${name}.graphql`);
        writeFileSync(schemaFile, sdl);
        return `[subgraphs.${name}]\nschema_path = ${JSON.stringify(schemaFile)}\nurl = ${JSON.stringify(url)}\n`;
      });
      const configFile = join(folder, 'grafbase.toml');
      writeFileSync(configFile, `${config.join('\n')}\n[[headers]]\nrule = "forward"\nname = "authorization"\n`);
      const binary = join(room.peersFolder, 'grafbase', 'node_modules', binaryPackage!, 'grafbase');
      const args = ['--home', folder, 'dev', '--config', configFile, '--listen-address', `127.0.0.1:${port}`];
      const child = startPinned(binary, args, { core: GATEWAY_CORE, cwd: folder, logFile });
      await untilReady(child, port, { path: '/graphql', logFile });
      return { port, path: '/graphql', gatewayPid: child.pid!, stop: () => stopProcess(child) };
    },
  };
}
