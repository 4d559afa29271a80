/** The path, query included, when it leads to this very site; undefined for everything that a browser could read as another host. */
export function localPath(written: string | null | undefined): string | undefined {
  if (!written?.startsWith('/')) return undefined;
  const base = 'http://site.invalid';
  if (!URL.canParse(written, base)) return undefined;
  const url = new URL(written, base);
  // What `//host`, `/\\host` and tabs between slashes come to is only known after parsing.
  return url.origin === base ? url.pathname + url.search : undefined;
}
