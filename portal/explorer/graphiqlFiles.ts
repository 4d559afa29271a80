import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Name in the browser -> package and file in node_modules. */
const PACKAGED = {
  'react.js': ['react', 'umd/react.production.min.js'],
  'react-dom.js': ['react-dom', 'umd/react-dom.production.min.js'],
  'graphiql.js': ['graphiql', 'graphiql.min.js'],
  'graphiql.css': ['graphiql', 'graphiql.min.css'],
  'graphql-sse.js': ['graphql-sse', 'umd/graphql-sse.min.js'],
} as const;

/** What every page with GraphiQL needs, by name: GraphiQL, React and graphql-sse from node_modules, and what joins them. */
export async function readGraphiqlFiles(): Promise<readonly (readonly [name: string, body: Buffer])[]> {
  const require = createRequire(import.meta.url);
  const packaged = Object.entries(PACKAGED).map(async ([name, [packageName, file]]) => {
    const folder = dirname(require.resolve(`${packageName}/package.json`));
    return [name, await readFile(join(folder, file))] as const;
  });
  const follow = readFile(new URL('browser/follow.js', import.meta.url));
  return [...(await Promise.all(packaged)), ['follow.js', await follow]];
}
