import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listen, type ListeningSubgraph } from '../../../subgraphs/kit/httpServer.ts';
import { TEST_OPERATOR_CREDENTIAL, type AgencyUnderTest } from '../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { entities, lise, openExample } from './support.ts';

let agency: AgencyUnderTest;
let server: ListeningSubgraph;

beforeAll(async () => {
  agency = await openExample();
  server = await listen(agency.subgraph, { port: 0, maxBodyBytes: 20_000 });
});
afterAll(() => server.close());

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/graphql`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

describe('an agency on its port', () => {
  it('answers the hub', async () => {
    const body = await agency.hub.seal({ ...entities('certificate'), subjects: [lise(['family_name'])] });
    const response = await post(body);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ data: { _entities: [{ certificate: 'certificate' }] } });
  });

  it('says 401 to anybody else', async () => {
    const response = await post('{"query":"{ me { id } }"}');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'AGENCY_GRANT_REQUIRED' } }] });
  });

  it('gives its SDL to the operator', async () => {
    const response = await post('{"query":"{ _service { sdl } }"}', { 'hub-operator': TEST_OPERATOR_CREDENTIAL });
    expect(await response.text()).toContain('Citizen');
  });

  it('tells its health and its public keys to everyone', async () => {
    const health = await fetch(`${server.url}/health`);
    expect(await health.json()).toEqual({ status: 'ok', agency: 'example' });
    const { keys } = (await (await fetch(`${server.url}/.well-known/jwks.json`)).json()) as { keys: object[] };
    expect(keys).toEqual([
      { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String), kid: expect.any(String), use: 'enc' },
    ]);
  });

  it.each([
    [404, 'an unknown address', () => fetch(`${server.url}/admin`)],
    [405, 'a GET of the graph', () => fetch(`${server.url}/graphql?query={me{id}}`)],
    [405, 'a POST of its health', () => fetch(`${server.url}/health`, { method: 'POST' })],
    [415, 'another content type', () => post('{}', { 'content-type': 'text/plain' })],
    [415, 'another charset', () => post('{}', { 'content-type': 'application/json; charset=utf-32' })],
    [415, 'a compressed body', () => post('{}', { 'content-encoding': 'gzip' })],
    [413, 'a body beyond the limit', () => post(`{"query":"${'x'.repeat(30_000)}"}`)],
  ])('refuses with %i %s', async (status, _what, send) => {
    const response = await send();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'AGENCY_REQUEST_REFUSED' } }] });
  });

  it('refuses a body that grows beyond the limit without saying so beforehand', async () => {
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      });
      request.on('response', (response) => resolve(response.statusCode));
      request.on('error', reject);
      for (let chunk = 0; chunk < 3; chunk += 1) request.write('x'.repeat(10_000));
      request.end();
    });
    expect(status).toBe(413);
  });

  it('lives on after a client that leaves in the middle', async () => {
    await new Promise<void>((resolve) => {
      const request = httpRequest(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': '1000' },
      });
      request.on('error', () => resolve());
      request.write('{', () => request.destroy(new Error('gone')));
    });
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it('rejects a port that is taken', async () => {
    await expect(listen(agency.subgraph, { port: server.port })).rejects.toThrow('EADDRINUSE');
  });
});
