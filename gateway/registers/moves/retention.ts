import type { Log } from '../../platform/log.ts';

const EVERY_MS = 3_600_000;

/** Erases what is overdue at once and then every hour, until it is closed. Every node does; of two at once each takes what the other has not. */
export function startRetention(eraseOverdue: () => Promise<number>, log: Log): { close(): Promise<void> } {
  let isClosed = false;
  let running: Promise<void> = sweep();
  const timer = setInterval(() => (running = running.then(sweep)), EVERY_MS).unref();

  async function sweep(): Promise<void> {
    try {
      let erased = 0;
      for (let found = -1; found !== 0 && !isClosed;) {
        found = await eraseOverdue();
        erased += found;
      }
      if (erased > 0) log.info({ erased }, 'moves: what had been kept long enough was erased');
    } catch {
      log.warn('moves: nothing could be erased, tried again within the hour');
    }
  }

  return {
    async close() {
      isClosed = true;
      clearInterval(timer);
      await running;
    },
  };
}
