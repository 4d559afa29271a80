/** What one party holds or has seen: values by column, of everybody it ever heard of. */
export interface Dump {
  readonly party: string;
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Puts every leaf of a JSON value under its path, list positions left out: `grant.subjects.pivot.family_name`. */
export class DumpWriter implements Dump {
  readonly party: string;
  readonly columns = new Map<string, Set<string>>();

  constructor(party: string) {
    this.party = party;
  }

  add(column: string, value: unknown): void {
    // Yes and no tell nobody apart.
    if (value === null || value === undefined || typeof value === 'boolean') return;
    if (Array.isArray(value)) for (const element of value) this.add(column, element);
    else if (typeof value === 'object') {
      for (const [name, held] of Object.entries(value)) this.add(`${column}.${name}`, held);
    } else this.#put(column, String(value));
  }

  #put(column: string, text: string): void {
    const values = this.columns.get(column) ?? new Set();
    values.add(text);
    this.columns.set(column, values);
  }
}

/** Tells people apart no better than a letter does: `42`, `true`, `MAIN`. */
const LEAST_CHARACTERS = 5;

/**
 * All that two spellings of one thing have in common: the text and each word of it in lower case without diacritics, and what they say when they are
 * hexadecimal, base64 or base64url, once more decoded (base64 of hexadecimal). Short words are left out.
 */
export function formsOf(value: string): ReadonlySet<string> {
  const forms = new Set<string>();
  for (const word of new Set([value, ...value.split(/[^\p{L}\p{N}+/=_-]+/u), ...value.split(/[^\p{L}\p{N}]+/u)])) {
    for (const bytes of spellings(Buffer.from(word), 2)) {
      const text = bytes.toString('latin1');
      if (text.length >= LEAST_CHARACTERS) forms.add(fold(bytes));
    }
  }
  return forms;
}

function spellings(bytes: Buffer, depth: number): readonly Buffer[] {
  if (depth === 0) return [bytes];
  const text = bytes.toString('latin1');
  const decoded: Buffer[] = [];
  if (/^(?:[0-9a-f]{2}){5,}$/i.test(text)) decoded.push(Buffer.from(text, 'hex'));
  // Words of a language decode to bytes as well; only what two parties both hold counts in the end.
  if (/^[\w+/-]{8,}={0,2}$/.test(text)) decoded.push(Buffer.from(text, 'base64'));
  return [bytes, ...decoded.flatMap((each) => spellings(each, depth - 1))];
}

function fold(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return `bytes ${bytes.toString('hex')}`;
}

/** Columns of the two that have a value in common, as `left = right`, each with one such value. */
export function join(left: Dump, right: Dump): ReadonlyMap<string, string> {
  const columnsByForm = new Map<string, string[]>();
  for (const [column, forms] of formsByColumn(left)) {
    for (const form of forms) columnsByForm.set(form, [...(columnsByForm.get(form) ?? []), column]);
  }
  const found = new Map<string, string>();
  for (const [column, forms] of formsByColumn(right)) {
    for (const form of forms) {
      for (const other of columnsByForm.get(form) ?? []) found.set(`${other} = ${column}`, form);
    }
  }
  return found;
}

const known = new WeakMap<Dump, ReadonlyMap<string, ReadonlySet<string>>>();

function formsByColumn(dump: Dump): ReadonlyMap<string, ReadonlySet<string>> {
  const before = known.get(dump);
  if (before) return before;
  const forms = new Map(
    [...dump.columns].map(([column, values]) => [column, new Set([...values].flatMap((value) => [...formsOf(value)]))]),
  );
  known.set(dump, forms);
  return forms;
}
