/** A value of the sandbox for a query; undefined when there is none. */
export type ReadSample = (query: string) => Promise<string | undefined>;

export interface SamplePerson {
  /** `Paul Dupont`, as the page says it. */
  readonly name: string;
  /** A token for a service that may read everything of that invented person. */
  readonly token: () => Promise<string>;
}

/** A sample is read once in so long, ms: each reading is a line in that person's log. */
const KEPT_MS = 10 * 60_000;
const MAX_CHARACTERS = 1_500;

/** Reads samples by the public graph, as anybody would: what is shown is what a service gets. */
export function createReadSample(graphUrl: string, person: SamplePerson, clock: () => number): ReadSample {
  const known = new Map<string, { readonly readAtMs: number; readonly value: Promise<string | undefined> }>();
  return (query) => {
    const before = known.get(query);
    if (before !== undefined && clock() - before.readAtMs < KEPT_MS) return before.value;
    const value = read(graphUrl, query, person).catch(() => undefined);
    known.set(query, { readAtMs: clock(), value });
    return value;
  };
}

async function read(graphUrl: string, query: string, { token }: SamplePerson): Promise<string | undefined> {
  const response = await fetch(graphUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}` },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(5_000),
  });
  const { data } = (await response.json()) as { readonly data?: { readonly me?: unknown } | null };
  if (!data?.me || isEmpty(data.me)) return undefined;
  return JSON.stringify(data, null, 2).slice(0, MAX_CHARACTERS);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== 'object') return false;
  return Object.values(value).every(isEmpty);
}
