import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U, which are read as 1, 1, 0 and V. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_CHARACTERS = 12;

/** 13 characters: 60 random bits, and one that tells a slip of the pen (a wrong character, or two neighbours exchanged). */
export function createMoveReference(): string {
  const random = [...randomBytes(RANDOM_CHARACTERS)].map((byte) => ALPHABET[byte % 32]!).join('');
  return random + checkCharacter(random);
}

/** As people write it: hyphens, spaces and small letters do not count. undefined for what is no reference. */
export function readMoveReference(written: string): string | undefined {
  const read = written.replace(/[\s-]/g, '').toUpperCase().replace(/[IL]/g, '1').replaceAll('O', '0');
  if (read.length !== RANDOM_CHARACTERS + 1 || [...read].some((character) => !ALPHABET.includes(character)))
    return undefined;
  return checkCharacter(read.slice(0, -1)) === read.at(-1) ? read : undefined;
}

/** Weights that are odd, and differ from their neighbour's: a sum modulo 31 would do better, and has no character for its last value. */
function checkCharacter(random: string): string {
  let sum = 0;
  for (const [index, character] of [...random].entries()) sum += ALPHABET.indexOf(character) * (2 * index + 1);
  return ALPHABET[sum % 31]!;
}
