/** Calls between which others may run: leases of the database are renewed by timers. */
const BETWEEN_TURNS = 1_024;

/** CPU per call, microseconds. `work` may answer at once or by a promise; up to 32 calls are under way at a time, as in a gateway under load. */
export async function cpuPerCall(calls: number, work: (call: number) => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 32) {
    const results = Array.from({ length: Math.min(32, calls - call) }, (_, at) => work(call + at));
    if (results.some((result) => result instanceof Promise)) await Promise.all(results);
    if (call % BETWEEN_TURNS === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

/** The same for what never answers by a promise. */
export function cpuPerPlainCall(calls: number, work: (call: number) => unknown): number {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) work(call);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}
