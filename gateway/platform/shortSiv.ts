import { type Cipher, createCipheriv, timingSafeEqual } from 'node:crypto';

/** AES-SIV (RFC 5297) with one associated text, for plaintexts shorter than a block. */
export interface ShortSiv {
  /** The synthetic IV and as many bytes of ciphertext as `plain` has; `plain` has less than 16. */
  seal(plain: Buffer): Buffer;
  /** undefined for what was not sealed by this key with this associated text. */
  open(sealed: Buffer): Buffer | undefined;
}

const BLOCK = 16;

/**
 * Of a plaintext that is shorter than a block, S2V and CTR take one block of AES each once what depends on the key and the associated text alone is known: 2 us in
 * two ciphers that stay open, where the whole construction takes @noble/ciphers 20 (measured; it stays the reference in the tests). `secret` is 64 bytes: two AES-256 keys.
 */
export function createShortSiv(secret: Buffer, associated: Buffer): ShortSiv {
  if (secret.length !== 64) throw new TypeError(`AES-SIV: expected a key of 64 bytes, got ${secret.length}`);
  const mac = openCipher(secret.subarray(0, 32));
  const stream = openCipher(secret.subarray(32));
  const subkeys = cmacSubkeys(mac);
  // S2V (section 2.4) up to its last string.
  const before = xor(double(cmac(mac, subkeys, Buffer.alloc(BLOCK))), cmac(mac, subkeys, associated));
  const last = xor(double(before), subkeys.whole);

  function syntheticIv(plain: Buffer): Buffer {
    return mac.update(xor(padded(plain), last));
  }

  /** CTR with less than a block: no counter ever moves. Two bits of the IV are cleared (section 2.5). */
  function encipher(iv: Buffer, text: Buffer): Buffer {
    const counter = Buffer.from(iv);
    counter[8]! &= 0x7f;
    counter[12]! &= 0x7f;
    const keystream = stream.update(counter);
    return Buffer.from(text.map((byte, at) => byte ^ keystream[at]!));
  }

  return {
    seal(plain) {
      if (plain.length >= BLOCK) throw new TypeError(`AES-SIV: expected less than 16 bytes, got ${plain.length}`);
      const iv = syntheticIv(plain);
      return Buffer.concat([iv, encipher(iv, plain)]);
    },
    open(sealed) {
      if (sealed.length < BLOCK || sealed.length >= 2 * BLOCK) return undefined;
      const iv = sealed.subarray(0, BLOCK);
      const plain = encipher(iv, sealed.subarray(BLOCK));
      return timingSafeEqual(syntheticIv(plain), iv) ? plain : undefined;
    },
  };
}

function openCipher(key: Buffer): Cipher {
  return createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
}

interface Subkeys {
  /** For a last block that is whole, and for one that was padded (RFC 4493, section 2.3). */
  readonly whole: Buffer;
  readonly padded: Buffer;
}

function cmacSubkeys(cipher: Cipher): Subkeys {
  const whole = double(cipher.update(Buffer.alloc(BLOCK)));
  return { whole, padded: double(whole) };
}

/** RFC 4493, section 2.4. */
function cmac(cipher: Cipher, subkeys: Subkeys, message: Buffer): Buffer {
  const blocks = Math.max(1, Math.ceil(message.length / BLOCK));
  let state: Buffer = Buffer.alloc(BLOCK);
  for (let at = 0; at < blocks - 1; at += 1) {
    state = cipher.update(xor(state, message.subarray(at * BLOCK, (at + 1) * BLOCK)));
  }
  const rest = message.subarray((blocks - 1) * BLOCK);
  const end = rest.length === BLOCK ? xor(rest, subkeys.whole) : xor(padded(rest), subkeys.padded);
  return cipher.update(xor(state, end));
}

/** One bit, then zeros. */
function padded(rest: Buffer): Buffer {
  const block = Buffer.alloc(BLOCK);
  rest.copy(block);
  block[rest.length] = 0x80;
  return block;
}

/** Times x in GF(2^128). */
function double(block: Buffer): Buffer {
  const doubled = Buffer.alloc(BLOCK);
  for (let at = 0; at < BLOCK; at += 1) doubled[at] = (block[at]! << 1) | ((block[at + 1] ?? 0) >> 7);
  if (block[0]! & 0x80) doubled[BLOCK - 1]! ^= 0x87;
  return doubled;
}

function xor(one: Buffer, other: Buffer): Buffer {
  const result = Buffer.allocUnsafe(BLOCK);
  for (let at = 0; at < BLOCK; at += 1) result[at] = one[at]! ^ other[at]!;
  return result;
}
