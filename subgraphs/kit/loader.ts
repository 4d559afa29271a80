import DataLoader from 'dataloader';

/** Batches the keys of one request into one read. */
export interface Loader<Key, Value> {
  load(key: Key): Promise<Value | null>;
}

/**
 * A loader named by the question it answers (`incomeByPerson`). `readMany` gets the distinct keys of one tick; a key missing from its
 * map is null, and when it throws every key of that batch fails. Keys are compared by identity: use strings or numbers.
 */
export function createLoader<Key extends string | number, Value>(
  readMany: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): Loader<Key, Value> {
  return new DataLoader<Key, Value | null>(async (keys) => {
    const found = await readMany(keys);
    return keys.map((key) => found.get(key) ?? null);
  });
}
