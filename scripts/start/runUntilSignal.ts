/** How long everything may take to end before the process leaves without it. */
const STOP_MS = 4500;

/**
 * Starts something and keeps the process until SIGTERM or Ctrl-C; `start` returns what stops it. A second signal, or an end that takes too
 * long, leaves at once. A signal during the start is obeyed as soon as there is something to stop.
 */
export async function runUntilSignal(start: () => Promise<() => Promise<void>>): Promise<void> {
  const run: { stop?: () => Promise<void>; signalled: boolean } = { signalled: false };

  const end = async (stop: () => Promise<void>): Promise<void> => {
    setTimeout(() => process.exit(1), STOP_MS).unref();
    await stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (run.signalled) process.exit(1);
      run.signalled = true;
      if (run.stop !== undefined) void end(run.stop);
    });
  }
  run.stop = await start();
  if (run.signalled) await end(run.stop);
}
