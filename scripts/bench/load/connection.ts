import { connect } from 'node:net';

export interface LoadConnection {
  /** Sends one request and resolves `done` with the reply's status, body length and, when `keepBody`, its text. One at a time. */
  send(request: Buffer, keepBody: boolean, done: (reply: LoadReply) => void): void;
  close(): void;
}

export interface LoadReply {
  /** 0 when the connection broke. */
  readonly status: number;
  readonly bodyBytes: number;
  readonly body: string;
}

/**
 * A keep-alive client that writes prebuilt bytes and reads no more of a reply than its status and length: so cheap that the
 * gateway and not the load is measured. No pipelining.
 */
export async function openConnection(port: number): Promise<LoadConnection> {
  let reader = createReplyReader(false);
  let done: ((reply: LoadReply) => void) | undefined;
  const finish = (reply: LoadReply) => {
    const callback = done;
    done = undefined;
    callback?.(reply);
  };
  const buffer = Buffer.allocUnsafe(128 * 1024);
  const socket = connect({
    host: '127.0.0.1',
    port,
    noDelay: true,
    onread: {
      buffer,
      callback: (size) => {
        const reply = reader.read(buffer, size);
        if (reply) finish(reply);
        return true;
      },
    },
  });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', () => finish({ status: 0, bodyBytes: 0, body: '' }));
  socket.on('close', () => finish({ status: 0, bodyBytes: 0, body: '' }));
  return {
    send(request, keepBody, callback) {
      reader = createReplyReader(keepBody);
      done = callback;
      socket.write(request);
    },
    close: () => socket.destroy(),
  };
}

/** Reads one HTTP/1.1 reply, by content-length or chunked, from successive reads. */
export function createReplyReader(keepBody: boolean): { read(bytes: Buffer, size: number): LoadReply | undefined } {
  let head: string | undefined;
  let status = 0;
  let length = 0;
  let got = 0;
  let text = '';
  return {
    read(bytes, size) {
      let start = 0;
      if (length === 0) {
        const chunk = bytes.toString('latin1', 0, size);
        const known: string = head === undefined ? chunk : head + chunk;
        const headEnd = known.indexOf('\r\n\r\n');
        if (headEnd === -1) {
          head = known;
          return undefined;
        }
        status = Number(known.slice(9, 12));
        const declared = /\r\ncontent-length: *(\d+)/i.exec(known.slice(0, headEnd + 2));
        if (!declared) {
          // Chunked: the text is kept whole and looked through at each read; rare, and small in every peer that does so.
          head = known;
          return readChunkedReply(known, headEnd + 4, status);
        }
        length = Number(declared[1]);
        start = headEnd + 4 - (known.length - chunk.length);
        if (length === 0) return { status, bodyBytes: 0, body: '' };
      }
      got += size - start;
      if (keepBody) text += bytes.toString('latin1', start, size);
      return got < length ? undefined : { status, bodyBytes: length, body: text };
    },
  };
}

function readChunkedReply(text: string, start: number, status: number): LoadReply | undefined {
  let body = '';
  for (let at = start; ;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = parseInt(text.slice(at, lineEnd), 16);
    if (text.length < lineEnd + 4 + size) return undefined;
    if (size === 0) return { status, bodyBytes: body.length, body };
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 4 + size;
  }
}
