import { readFile } from 'node:fs/promises';

export interface FollowFileOptions {
  /** How often the file is looked at; 0: when `look` is called alone. */
  readonly everySeconds: number;
  /** What it holds now, once for each change. */
  readonly onChange: (text: string) => void;
  /** The file could not be read. */
  readonly onFault: (fault: unknown) => void;
}

export interface FollowedFile {
  /** Looks now. */
  look(): void;
  stop(): void;
}

/** Tells when a file comes to hold something else. It is read and not watched: a file that is swapped by a link or on a network drive tells nobody. */
export function followFile(
  path: string,
  known: string,
  { everySeconds, onChange, onFault }: FollowFileOptions,
): FollowedFile {
  let text = known;
  const look = (): void => {
    readFile(path, 'utf8').then((read) => {
      if (read === text) return;
      text = read;
      onChange(read);
    }, onFault);
  };
  const timer = everySeconds > 0 ? setInterval(look, everySeconds * 1000).unref() : undefined;
  return { look, stop: () => clearInterval(timer) };
}
