import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { canPin, readUse } from './processes.ts';

/** The machine's size, as reports name it: enough to know what figures are worth, nothing that tells whose machine it is. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly platform: string;
  /** Whether gateway and load had a core each. */
  readonly pinned: boolean;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    pinned: canPin,
  };
}

/**
 * Watches what the rest of the machine does: the returned function gives the cores that processes other than ours and our children kept
 * busy since, on average; undefined without /proc. More than a tenth of a core spoils throughput, and leaves ratios of CPU standing.
 */
export function watchOthers(): () => number | undefined {
  const startedMs = performance.now();
  const before = otherBusySeconds();
  return () => {
    const after = otherBusySeconds();
    if (before === undefined || after === undefined) return undefined;
    return Math.max(0, (after - before) / ((performance.now() - startedMs) / 1000));
  };
}

function otherBusySeconds(): number | undefined {
  const own = readUse(process.pid);
  if (!own) return undefined;
  // First line of /proc/stat, in ticks of 10 ms: user nice system idle iowait irq softirq steal.
  const ticks = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = ticks;
  return (user + nice + system + irq + softirq) / 100 - own.cpuMicros / 1e6;
}
