import { LRUCache } from 'lru-cache';
import type { ScopeName } from '../../../schema/scopes.ts';

/** How many different sets are remembered; a service asks for a handful, so thousands of services fit. */
const MAX_SETS = 10_000;

/** Gives equal sets of scopes the same object, so that later steps may key their caches by identity. */
export function createScopeSets(): (scopes: ReadonlySet<ScopeName>) => ReadonlySet<ScopeName> {
  const sets = new LRUCache<string, ReadonlySet<ScopeName>>({ max: MAX_SETS });
  return (scopes) => {
    const key = [...scopes].sort().join(' ');
    const known = sets.get(key);
    if (known !== undefined) return known;
    sets.set(key, scopes);
    return scopes;
  };
}
