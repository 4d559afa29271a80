import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, parse, validate } from 'graphql';
import { createExplorer } from '../../portal/explorer/createExplorer.ts';
import { createExamples } from '../../portal/explorer/examples.ts';
import { startExplorer, type ExplorerServer } from '../support/explorerServer.ts';

let explorer: ExplorerServer;
let graphUrl: string;

beforeAll(async () => {
  explorer = await startExplorer();
  ({ graphUrl } = explorer);
});

afterAll(() => explorer.close());

describe('what the explorer answers', () => {
  it('starts and finishes a sign-in for its own page alone', async () => {
    for (const path of ['/explorer/sign-in', '/explorer/session']) {
      for (const origin of ['https://elsewhere.example', 'null', undefined]) {
        const answer = await fetch(new URL(path, graphUrl), {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(origin && { origin }) },
          body: JSON.stringify({
            persona: 'dupont-paul',
            service: 'canteen',
            purpose: 'x',
            scope: 'birth',
            acr: 'eidas1',
          }),
        });
        expect([path, answer.status]).toEqual([path, 403]);
      }
    }
  });

  async function get(path: string, accept: string, method = 'GET'): Promise<Response> {
    return fetch(new URL(path, graphUrl), { method, headers: { accept } });
  }

  it('is the page for whoever names text/html, and nothing for a client of the graph', async () => {
    const browserAccept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    expect((await get('/graphql', browserAccept)).headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const accept of ['*/*', 'application/json', 'application/graphql-response+json, application/json;q=0.9']) {
      const answer = await get('/graphql?query={me{names}}', accept);
      expect(await answer.json()).toEqual({ data: { me: { names: 'answered' } } });
    }
    const posted = await fetch(graphUrl, {
      method: 'POST',
      headers: { accept: 'text/html, application/json', 'content-type': 'application/json' },
      body: '{"query":"{ me { names } }"}',
    });
    expect(await posted.json()).toEqual({ data: { me: { names: 'answered' } } });
  });

  it('is files that browsers keep, under an address that changes with them', async () => {
    const html = await (await get('/graphql', 'text/html')).text();
    const paths = [...html.matchAll(/(?:src|href)="(\/explorer\/[0-9a-f]{12}\/[\w.-]+)"/g)].map(([, path]) => path!);
    expect(paths).toHaveLength(7);
    for (const path of paths) {
      const file = await get(path, '*/*');
      expect(file.status).toBe(200);
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect((await file.text()).length).toBeGreaterThan(1000);
    }
    expect((await get('/explorer/000000000000/graphiql.js', '*/*')).status).not.toBe(200);
  });

  it('is a page whose data cannot end their script element', async () => {
    const html = await (await get('/graphql', 'text/html')).text();
    expect(html.match(/<\/script><b>/g)).toBeNull();
    expect(html).toContain('&lt;/script&gt;&lt;b&gt;');
  });

  it('has no sign-in where there is no sandbox', async () => {
    const bare = await createExplorer({ graphUrl, examples: [] });
    const other = createServer((request, response) => void bare(request, response));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}/graphql`;
      const page = await fetch(address, { headers: { accept: 'text/html' } });
      expect(await page.text()).not.toContain('id="sign-in"');
      expect(page.headers.get('content-security-policy')).toContain(`connect-src 'self' ${new URL(graphUrl).origin};`);
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });
});

describe('examples', () => {
  it('are valid on the public graph, with ids of their own, for people and services of the sandbox', async () => {
    const examples = createExamples(2025);
    const read = async (file: string): Promise<Record<string, unknown>[]> =>
      JSON.parse(await readFile(new URL(`../../sandbox/identity/${file}`, import.meta.url), 'utf8'));
    const personas = (await read('personas.json')).map(({ id }) => id);
    const services = (await read('services.json')).map(({ clientId }) => clientId);
    expect(new Set(examples.map(({ id }) => id)).size).toBe(examples.length);
    const sdl = await readFile(new URL('../../schema/composed/api.graphql', import.meta.url), 'utf8');
    const schema = buildSchema(sdl);
    for (const { persona, service, query } of examples) {
      expect(personas).toContain(persona);
      expect(services).toContain(service);
      expect(validate(schema, parse(query))).toEqual([]);
    }
  });
});
