import type { Adapter, AdapterPayload } from 'oidc-provider';

/**
 * Where sessions, codes and grants live: in memory, per provider. A restart of the sandbox logs everybody out, which a sandbox may.
 * What has had its time is gone, by the clock given here. (The library's own default store is shared by all providers of a process: a code of one would be redeemable at another.)
 */
export function createMemoryStore(clock: () => number = Date.now): (model: string) => Adapter {
  const entries = new Map<string, { payload: AdapterPayload; expiresAtMs: number }>();

  function sweep(): void {
    const now = clock();
    for (const [key, entry] of entries) if (entry.expiresAtMs <= now) entries.delete(key);
  }

  function find(key: string): AdapterPayload | undefined {
    const entry = entries.get(key);
    return entry && entry.expiresAtMs > clock() ? entry.payload : undefined;
  }

  function findWhere(model: string, matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const key of entries.keys()) {
      const payload = key.startsWith(`${model}:`) ? find(key) : undefined;
      if (payload && matches(payload)) return payload;
    }
    return undefined;
  }

  return (model) => ({
    async upsert(id, payload, expiresInSeconds) {
      sweep();
      entries.set(`${model}:${id}`, { payload, expiresAtMs: clock() + (expiresInSeconds ?? Infinity) * 1000 });
    },
    async find(id) {
      return find(`${model}:${id}`);
    },
    async findByUid(uid) {
      return findWhere(model, (payload) => payload.uid === uid);
    },
    async findByUserCode(userCode) {
      return findWhere(model, (payload) => payload.userCode === userCode);
    },
    async consume(id) {
      const payload = find(`${model}:${id}`);
      if (payload) payload['consumed'] = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      entries.delete(`${model}:${id}`);
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) {
        if (payload.grantId === grantId) entries.delete(key);
      }
    },
  });
}
