import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Reads a JSON file that only its owner may read, or makes it first. The file appears whole or not at all (written aside, then linked), and the one of
 * two processes that comes second reads what the first has written. `parse` throws when the content is not what it should be; the error names the file.
 */
export function readOrCreateSecret<Written, Parsed>(
  path: string,
  create: () => Written,
  parse: (written: unknown) => Parsed,
): Parsed {
  return parseSecret(path, read(path) ?? publish(path, create()), parse);
}

/** The same for a file that must be there: throws a TypeError when it is not. */
export function readSecret<Parsed>(path: string, parse: (written: unknown) => Parsed): Parsed {
  const written = read(path);
  if (written === undefined) throw new TypeError(`${path}: expected a file, found none`);
  return parseSecret(path, written, parse);
}

/**
 * Puts a new content in the place of the old one: readers see the one or the other, whole. Two at once would lose one's change, so the second throws.
 */
export function changeSecret(path: string, change: (written: unknown) => unknown): void {
  const lock = `${path}.changing`;
  try {
    closeSync(openSync(lock, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new TypeError(`${path}: is being changed by another process; if none is, remove ${lock}`, { cause: error });
  }
  try {
    const draft = writeDraft(path, change(readSecret(path, (written) => written)));
    renameSync(draft, path);
  } finally {
    rmSync(lock, { force: true });
  }
}

function parseSecret<Parsed>(path: string, written: string, parse: (written: unknown) => Parsed): Parsed {
  try {
    return parse(JSON.parse(written));
  } catch (error) {
    throw new TypeError(
      `${path}: ${error instanceof TypeError ? error.message : 'is damaged'}; restore it from a backup`,
      {
        // The cause of a parse error quotes the content, which is secret.
        cause: error instanceof SyntaxError ? undefined : error,
      },
    );
  }
}

function read(path: string): string | undefined {
  try {
    const mode = statSync(path).mode & 0o777;
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new TypeError(
        `${path}: expected mode 600, got ${mode.toString(8)}; a key that others could read must be replaced`,
      );
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function publish(path: string, content: unknown): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = writeDraft(path, content);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8');
}

function writeDraft(path: string, content: unknown): string {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, JSON.stringify(content));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return draft;
}
