/** What the head of a plain answer says. */
export interface PlainHead {
  /** Where the body starts, bytes. */
  readonly end: number;
  readonly bodyBytes: number;
  /** How long the agency keeps the connection open with nothing asked, if it says so. */
  readonly keepAliveSeconds: number | undefined;
}

export const JSON_TYPE = /^application\/(?:graphql-response\+)?json\s*(?:;|$)/i;

const STATUS_LINE = /^HTTP\/1\.1 200 [\t\x20-\x7e]*$/;
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e]*?)[ \t]*$/;
const LENGTH = /^\d{1,10}$/;

/**
 * The head of an answer as nearly every agency writes it: status 200, JSON, its length in bytes, nothing about how it is transferred or
 * encoded. Undefined for every other text, well-formed or not, and for a head that has not arrived as a whole: those are for a real
 * parser, and nothing of them is guessed at here. `bytes` holds `size` bytes.
 */
export function readPlainHead(bytes: Buffer, size: number): PlainHead | undefined {
  const lastLine = bytes.subarray(0, size).indexOf('\r\n\r\n', 0, 'latin1');
  if (lastLine === -1) return undefined;
  const [status = '', ...lines] = bytes.toString('latin1', 0, lastLine).split('\r\n');
  if (!STATUS_LINE.test(status)) return undefined;
  let bodyBytes: number | undefined;
  let hasType = false;
  let keepAliveSeconds: number | undefined;
  for (const line of lines) {
    const header = HEADER_LINE.exec(line);
    if (header === null) return undefined;
    const value = header[2]!;
    switch (header[1]!.toLowerCase()) {
      case 'content-length':
        if (bodyBytes !== undefined || !LENGTH.test(value)) return undefined;
        bodyBytes = Number(value);
        break;
      case 'content-type':
        if (hasType || !JSON_TYPE.test(value)) return undefined;
        hasType = true;
        break;
      case 'connection':
        if (value.toLowerCase() !== 'keep-alive') return undefined;
        break;
      case 'keep-alive':
        keepAliveSeconds = Number(/^timeout=(\d{1,6})\b/.exec(value)?.[1] ?? 0);
        break;
      case 'transfer-encoding':
      case 'content-encoding':
      case 'upgrade':
      case 'trailer':
        return undefined;
    }
  }
  if (bodyBytes === undefined || !hasType) return undefined;
  return { end: lastLine + 4, bodyBytes, keepAliveSeconds };
}
