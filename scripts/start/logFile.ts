import { createWriteStream, type WriteStream } from 'node:fs';

/** The sandbox's log, beside its data, so that the terminal shows what to try and nothing else. */
export function openLogFile(path: string): WriteStream {
  return createWriteStream(path, { flags: 'a', mode: 0o600 });
}
