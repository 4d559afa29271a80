import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startNats } from '../test/support/nats.ts';

/*
 * npm run test:nats -- [jest's arguments]
 * The suites of deliveries with jobs through a NATS server, which is started here on a free port and stopped at the end. Ends with 1 when one fails, or when
 * there is no nats-server.
 */

const nats = await startNats().catch((fault: Error) => {
  process.stderr.write(`test:nats: no nats-server to be started (${fault.message}); apt-get install nats-server\n`);
  process.exit(1);
});
const jest = ['node_modules/jest/bin/jest.js', '--config', 'jest.nats.config.js', ...process.argv.slice(2)];
const run = spawn(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', ...jest], {
  stdio: 'inherit',
  env: { ...process.env, TEST_NATS_URL: nats.url },
});
const [code] = (await once(run, 'exit')) as [number | null];
await nats.stop();
process.exit(code ?? 1);
