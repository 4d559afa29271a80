import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import { deriveDayKey } from '../../gateway/platform/dayKeys.ts';
import type { AgencyId } from '../../gateway/platform/ids.ts';
import type { ExchangePublicJwk, HubKeys } from '../../gateway/platform/keys.ts';
import { DECLARATION_INFO_PREFIX, type DeclarationHeader, STATUS_INFO_PREFIX } from '../../schema/declaration.ts';
import { generateAgencyKey } from '../../subgraphs/kit/agencyKeys.ts';

/** One event as an agency took it, the first time. */
export interface TakenEvent {
  readonly header: DeclarationHeader;
  readonly street: string | undefined;
  readonly atMs: number;
}

/** An agency that takes each event once, whatever it is sent, and is slow or deaf as it pleases. It is the witness, and is not killed. */
export interface WitnessAgency {
  readonly agency: AgencyId;
  readonly agencyKey: ExchangePublicJwk;
  readonly origin: string;
  readonly taken: readonly TakenEvent[];
  close(): void;
}

export async function openWitness(agency: AgencyId, keys: HubKeys): Promise<WitnessAgency> {
  const { kty, crv, x, y } = generateAgencyKey();
  const agencyKey: ExchangePublicJwk = { kty, crv, x, y };
  const taken: TakenEvent[] = [];
  const known = new Set<string>();
  const keyOf = (kid: string, infoPrefix: string) =>
    deriveDayKey({ hubKey: keys.exchangeKeys[0]!, agencyKey, agency, day: kid.split('.')[2]!, infoPrefix }).key;

  async function answer(body: string): Promise<string> {
    const { kid } = decodeProtectedHeader(body) as { kid: string };
    const { plaintext } = await compactDecrypt(body, keyOf(kid, DECLARATION_INFO_PREFIX));
    const [header, payload] = new TextDecoder().decode(plaintext).split('.').map(parsePart);
    const { event } = header as unknown as DeclarationHeader;
    if (!known.has(event.id)) {
      known.add(event.id);
      const { newAddress } = payload as { newAddress?: { streetLine?: string } };
      taken.push({ header: header as unknown as DeclarationHeader, street: newAddress?.streetLine, atMs: Date.now() });
    }
    const statuses = [{ event: event.id, status: 'DONE', at: new Date().toISOString() }];
    const jti = Math.random().toString(36).slice(2).padEnd(22, '0');
    const message = { iss: agency, aud: 'hub', jti, iat: Math.floor(Date.now() / 1000), statuses };
    return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(message)))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
      .encrypt(keyOf(kid, STATUS_INFO_PREFIX));
  }

  const server: Server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
      // A tenth is lost on the way there, a tenth of the answers on the way back.
      if (Math.random() < 0.1) return void request.socket.destroy();
      const sealed = await answer(body);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
      if (Math.random() < 0.1) return void request.socket.destroy();
      response.end(sealed);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ agency, agencyKey, origin, taken },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function parsePart(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}
