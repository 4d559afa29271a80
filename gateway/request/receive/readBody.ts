import type { IncomingMessage } from 'node:http';
import { HubError } from '../../platform/errors.ts';
import { readUtf8 } from './readJson.ts';

/** How much of a refused body is read and thrown away, so that its sender lives to read the refusal instead of a broken pipe. */
const DRAIN_BYTES = 128 * 1024 * 1024;

/**
 * The whole body as text. Rejects with HubError HUB_REQUEST_TOO_LARGE as soon as it is known to exceed `limitBytes` (declared or
 * counted), HUB_REQUEST_MALFORMED when it is not UTF-8 or breaks off. How long it may take is the server's `requestTimeoutMs`.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    let refused = false;

    const refuse = () => {
      refused = true;
      chunks.length = 0;
      reject(new HubError('HUB_REQUEST_TOO_LARGE', { extensions: { limit: 'bodyBytes', limitValue: limitBytes } }));
    };

    if (Number(request.headers['content-length'] ?? 0) > limitBytes) refuse();

    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (refused) {
        if (received > DRAIN_BYTES) request.destroy();
      } else if (received > limitBytes) {
        refuse();
      } else {
        chunks.push(chunk);
      }
    });
    request.on('end', () => {
      if (refused) return;
      try {
        resolve(readUtf8(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
      } catch (fault) {
        reject(fault as Error);
      }
    });
    request.on('error', () => {
      if (!refused) reject(new HubError('HUB_REQUEST_MALFORMED', { detail: 'the body broke off' }));
    });
  });
}
