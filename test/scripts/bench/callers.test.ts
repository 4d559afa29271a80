import { describe, expect, it } from '@jest/globals';
import type { AddressInfo, Socket } from 'node:net';
import { createTokenVerifier, type VerifiedToken } from '../../../gateway/request/identify/verifyToken.ts';
import { createBareServer } from '../../../scripts/bench/agencies/httpServer.ts';
import {
  BENCH_AUDIENCE,
  BENCH_CLIENT_ID,
  BENCH_ISSUER,
  BENCH_PURPOSE,
  createIssuerKeys,
  createTokenMaker,
  NEEDED_SCOPES,
  pivotOf,
  scopesOf,
} from '../../../scripts/bench/load/callers.ts';
import { expandScopes } from '../../../schema/scopes.ts';

describe('callers of the bench', () => {
  it('have tokens that the hub accepts as they stand', async () => {
    const nowMs = Date.UTC(2026, 10, 23);
    const { privateJwk, publicJwk } = createIssuerKeys();
    const jwks = Buffer.from(JSON.stringify({ keys: [publicJwk] }));
    const server = createBareServer({ answer: () => jwks, latencyMs: () => 0 }).listen(0, '127.0.0.1');
    const sockets: Socket[] = [];
    server.on('connection', (socket) => sockets.push(socket));
    await new Promise((resolve) => server.once('listening', resolve));
    const jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
    const issuer = { iss: BENCH_ISSUER, jwksUri, audience: BENCH_AUDIENCE, algorithms: ['ES256'] };
    try {
      const verified = await createTokenVerifier([issuer], () => nowMs)(createTokenMaker(privateJwk, nowMs)(27));
      expect(verified).toMatchObject({ clientId: BENCH_CLIENT_ID, purpose: BENCH_PURPOSE, pivot: pivotOf(27) });
      expect([...(verified as VerifiedToken).scopes].sort()).toEqual([...expandScopes(scopesOf(27))].sort());
    } finally {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    }
  });

  it('are all different people, who may all read what the operations ask', () => {
    const callers = [...Array(2000).keys(), 1_000_000, 1_000_001];
    const people = callers.map((caller) => Object.values(pivotOf(caller)).join('|'));
    expect(new Set(people).size).toBe(callers.length);
    expect(new Set(callers.map((caller) => scopesOf(caller).join(' '))).size).toBe(16);
    for (const caller of callers) expect(scopesOf(caller)).toEqual(expect.arrayContaining([...NEEDED_SCOPES]));
    expect(expandScopes(scopesOf(15)).size).toBe(scopesOf(15).length);
  });
});
