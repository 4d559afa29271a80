import { type KeyObject, createDecipheriv } from 'node:crypto';

/** The parts of a compact JWE (RFC 7516) that has no encrypted key (`alg: dir`), base64url as they came. */
export interface Sealed {
  readonly header: string;
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** undefined for what is no such thing. Nothing is verified yet. */
export function splitSealed(text: string): Sealed | undefined {
  const [header = '', encryptedKey, iv, ciphertext, tag, ...rest] = text.split('.');
  if (encryptedKey !== '' || iv === undefined || ciphertext === undefined || tag === undefined || rest.length > 0) {
    return undefined;
  }
  return { header, iv, ciphertext, tag };
}

/** The `kid` of a header that holds `alg: dir`, `enc: A256GCM`, `kid` and nothing else, in whatever order; undefined otherwise. */
export function kidOf({ header }: Sealed): string | undefined {
  const { alg, enc, kid, ...others } = (parseJson(decode(header)) ?? {}) as Record<string, unknown>;
  const isPlain = alg === 'dir' && enc === 'A256GCM' && Object.keys(others).length === 0;
  return isPlain && typeof kid === 'string' ? kid : undefined;
}

/** The content; undefined when it was not sealed under that key, or was changed since. */
export function decryptSealed(key: KeyObject, sealed: Sealed): Buffer | undefined {
  const [iv, tag] = [decode(sealed.iv), decode(sealed.tag)];
  if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(sealed.header, 'ascii'));
  decipher.setAuthTag(tag);
  const plain = decipher.update(decode(sealed.ciphertext));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

/** undefined for what is no JSON. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function decode(part: string): Buffer {
  return Buffer.from(part, 'base64url');
}
