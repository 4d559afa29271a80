/**
 * The agencies' answers meet in one tree of data. A node of it is an array: its concrete type, then one slot per key that anybody
 * writes or reads at that place. Keys are known when a program is compiled, so that no name an agency or a client chose is ever
 * used as a property of an object.
 */
export type DataNode = unknown[];

/**
 * Slot of a node that holds the name of its concrete type; undefined, or an interface's name, until an agency has told, and a fault
 * when the agency that was to tell could not.
 */
export const TYPE_SLOT = 0;

export function typeOf(node: DataNode): string | undefined {
  const type = node[TYPE_SLOT];
  return typeof type === 'string' ? type : undefined;
}

/** A variable of a fetch that may name somebody about whom the agency may not be asked. */
export interface Naming {
  readonly fetch: number;
  readonly variable: string;
}

/** One place of the data tree, whatever lists lie above it: the slots of its nodes, and the places below. */
export class Place {
  readonly #slots = new Map<string, number>();
  readonly #children = new Map<string, Place>();
  readonly #writers = new Map<string, number[]>();
  readonly #naming = new Map<string, Naming[]>();
  #blank: DataNode = [undefined];

  /** The slot of a data key; reserved at first mention, while compiling. */
  slot(key: string): number {
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const slot = this.#blank.length;
    this.#slots.set(key, slot);
    this.#blank = [...this.#blank, undefined];
    return slot;
  }

  /** The place of the objects that stand under a data key. */
  child(key: string): Place {
    let child = this.#children.get(key);
    if (!child) {
      child = new Place();
      this.#children.set(key, child);
    }
    return child;
  }

  /** Says that fetch number `fetch` may write the key. */
  addWriter(key: string, fetch: number): void {
    const writers = this.#writers.get(key) ?? [];
    if (!writers.includes(fetch)) writers.push(fetch);
    this.#writers.set(key, writers);
  }

  /** Numbers of the fetches that may write the key. */
  writersOf(key: string): readonly number[] {
    return this.#writers.get(key) ?? [];
  }

  /** Says that fetch number `fetch` asks for the key with a variable that may name somebody. */
  addNaming(key: string, fetch: number, variable: string): void {
    const naming = this.#naming.get(key) ?? [];
    if (!naming.some((one) => one.fetch === fetch && one.variable === variable)) naming.push({ fetch, variable });
    this.#naming.set(key, naming);
  }

  namingOf(key: string): readonly Naming[] {
    return this.#naming.get(key) ?? [];
  }

  createNode(type: string | undefined): DataNode {
    const node = this.#blank.slice();
    node[TYPE_SLOT] = type;
    return node;
  }
}
