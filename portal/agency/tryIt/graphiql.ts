import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { readGraphiqlFiles } from '../../explorer/graphiqlFiles.ts';

const BASE = '/try/files/';
const FIRST_QUERY = '{ me { familyFile { quotient { value year month } } } }';

/** Everything from this server. GraphiQL sets styles of elements by script, which is why inline styles are allowed on this one page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

interface File {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** `GET /try/graphiql` and its files; undefined for any other request. */
export async function createGraphiQL(): Promise<(request: Request) => Response | undefined> {
  const own = await readFile(new URL('browser/tryIt.js', import.meta.url));
  const all: (readonly [string, Buffer])[] = [...(await readGraphiqlFiles()), ['try.js', own]];
  const files = new Map<string, File>(all.map(([name, body]) => [BASE + name, toFile(name, body)]));

  return (request) => {
    if (request.method !== 'GET') return undefined;
    const { pathname } = new URL(request.url);
    if (pathname === '/try/graphiql') {
      return new Response(PAGE, {
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': POLICY,
          'cache-control': 'no-store',
          'referrer-policy': 'same-origin',
          'x-content-type-options': 'nosniff',
        },
      });
    }
    const file = files.get(pathname);
    return file && answerFile(file, request.headers.get('accept-encoding') ?? '');
  };
}

function toFile(name: string, body: Buffer): File {
  const kind = name.endsWith('.css') ? 'text/css' : 'text/javascript';
  return { contentType: `${kind}; charset=utf-8`, body: new Uint8Array(gzipSync(body)) };
}

function answerFile({ body, contentType }: File, accepts: string): Response | undefined {
  // Every browser that runs GraphiQL takes gzip.
  if (!accepts.includes('gzip')) return new Response(null, { status: 406 });
  const headers = {
    'content-type': contentType,
    'content-encoding': 'gzip',
    'cache-control': 'public, max-age=3600',
    'x-content-type-options': 'nosniff',
  };
  return new Response(body, { headers });
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>GraphiQL – Trait d’Union</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${BASE}graphiql.css" />
    <style>html, body, #graphiql { height: 100%; margin: 0; }</style>
    <script defer src="${BASE}react.js"></script>
    <script defer src="${BASE}react-dom.js"></script>
    <script defer src="${BASE}graphiql.js"></script>
    <script defer src="${BASE}graphql-sse.js"></script>
    <script type="module" src="${BASE}try.js"></script>
  </head>
  <body>
    <main id="graphiql" aria-label="GraphiQL" data-query="${FIRST_QUERY}"></main>
  </body>
</html>
`;
