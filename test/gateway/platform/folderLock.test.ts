import { expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FolderInUse, lockFolder } from '../../../gateway/platform/database/folderLock.ts';

const freshFolder = () => mkdtempSync(join(tmpdir(), 'lock-'));
const LOCK = fileURLToPath(new URL('../../../gateway/platform/database/folderLock.ts', import.meta.url));

/** Another process that takes the lock at the given moment, says whether it got it, and stays. */
async function startHolder(folder: string, atMs = 0): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const script = `
    import { lockFolder } from ${JSON.stringify(LOCK)};
    while (Date.now() < ${atMs});
    try { lockFolder(${JSON.stringify(folder)}); process.stdout.write('held'); setInterval(() => {}, 1000); }
    catch (error) { process.stdout.write(error.name); }`;
  const child = spawn(process.execPath, ['--import', 'ts-blank-space/register', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: said.toString() };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('is refused while another process has it, naming that process, and taken over when that process was killed', async () => {
  const folder = freshFolder();
  const { child, said } = await startHolder(folder);
  expect(said).toBe('held');

  expect(() => lockFolder(folder)).toThrow(FolderInUse);
  expect(() => lockFolder(folder)).toThrow(`in use by process ${child.pid}`);

  await killed(child);
  lockFolder(folder)();
});

test('is had by one of many that start at the same moment, over a lock left by the dead', async () => {
  const folder = freshFolder();
  const dead = await startHolder(folder);
  await killed(dead.child);

  const startAt = Date.now() + 2_500;
  const starters = await Promise.all(Array.from({ length: 4 }, () => startHolder(folder, startAt)));
  const said = starters.map((starter) => starter.said).sort();
  await Promise.all(starters.map((starter) => killed(starter.child)));

  expect(said).toEqual(['FolderInUse', 'FolderInUse', 'FolderInUse', 'held']);
});

test('is given back, and refused twice in one process until then', () => {
  const folder = freshFolder();
  const release = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow('already open in this process');
  release();
  release();
  lockFolder(folder)();
  expect(readdirSync(folder)).toHaveLength(1);
});

test('is not mistaken for held when its process number was given to another process', () => {
  const folder = freshFolder();
  const reused = { pid: process.ppid, host: hostname(), startTicks: '1', released: false };
  writeFileSync(join(folder, 'database.lock.7'), JSON.stringify(reused));
  lockFolder(folder)();
  expect(readdirSync(folder)).toEqual(['database.lock.8']);
});

test('of another machine is never guessed to be free; the message says what to delete', () => {
  const folder = freshFolder();
  const elsewhere = { pid: 1, host: 'elsewhere', startTicks: null, released: false };
  writeFileSync(join(folder, 'database.lock.1'), JSON.stringify(elsewhere));
  expect(() => lockFolder(folder)).toThrow(`delete ${join(folder, 'database.lock.1')}`);
});
