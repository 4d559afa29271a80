/** Process of the inboxes: takes one message, answers with where they are, and then plays as many agencies, the last of them dead. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDayKeys } from '../../../gateway/platform/dayKeys.ts';
import { openKeys } from '../../../gateway/platform/keys.ts';
import { createIvs, sealText } from '../../../gateway/platform/seal.ts';
import { STATUS_INFO_PREFIX } from '../../../schema/declaration.ts';
import { generateAgencyKey } from '../../../subgraphs/kit/agencyKeys.ts';
import type { BenchRecipient } from './deliveries.ts';

process.once('message', ({ dataDir, count }: { readonly dataDir: string; readonly count: number }) => {
  const dayKeyFor = createDayKeys(openKeys({ dataDir }), STATUS_INFO_PREFIX);
  const nextIv = createIvs();

  async function openInbox(agency: string, isDead: boolean): Promise<BenchRecipient> {
    const { kty, crv, x, y } = generateAgencyKey();
    const agencyKey = { kty, crv, x, y };
    const server = createServer((request, response) => {
      request.resume();
      if (isDead) return;
      request.on('end', () => {
        const atSeconds = Date.now() / 1000;
        const status = { event: request.headers['ce-id'], status: 'RECEIVED', at: new Date().toISOString() };
        const jti = randomBytes(16).toString('base64url');
        const message = { iss: agency, aud: 'hub', jti, iat: Math.floor(atSeconds), statuses: [status] };
        response.end(sealText(dayKeyFor(agencyKey, agency, atSeconds), JSON.stringify(message), nextIv()));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { agency, agencyKey, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  const opening = Array.from({ length: count }, (_, index) => openInbox(`agency-${index + 1}`, index === count - 1));
  void Promise.all(opening).then((recipients) => process.send!(recipients));
});
process.on('disconnect', () => process.exit(0));
