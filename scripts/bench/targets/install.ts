import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs packages from npm into a folder of the bench's cache, outside the product's dependencies, unless they are there in
 * exactly these versions. No install script runs. Resolves to the reason when npm can't.
 */
export async function installPeer(
  folder: string,
  dependencies: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const manifestFile = join(folder, 'package.json');
  const manifest = `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`;
  const lock = join(folder, 'node_modules', '.package-lock.json');
  if (existsSync(lock) && existsSync(manifestFile) && readFileSync(manifestFile, 'utf8') === manifest) return undefined;
  mkdirSync(folder, { recursive: true });
  writeFileSync(manifestFile, manifest);
  process.stderr.write(`installing ${Object.keys(dependencies).join(', ')}\n`);
  const failure = await runNpm(folder);
  // A half-done install must not look like a whole one to the next run.
  if (failure) writeFileSync(manifestFile, '{"private":true}\n');
  return failure;
}

function runNpm(folder: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel', 'error'];
    const npm = spawn('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let faults = '';
    npm.stderr.setEncoding('utf8').on('data', (text: string) => (faults += text));
    npm.on('error', (error) => resolve(`npm could not be started: ${error.message}`));
    npm.on('close', (code) => {
      const codes = /npm error code (\w+)/.exec(faults)?.[1] ?? `exit ${code}`;
      resolve(code === 0 ? undefined : `npm install failed (${codes})`);
    });
  });
}
