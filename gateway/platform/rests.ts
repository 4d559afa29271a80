/** Pauses of a loop that can be cut short. */
export interface Rests {
  readonly isOver: boolean;
  /** Resolves when that time has passed, or all is over; `orWoken` when there is something to do as well. */
  rest(ms: number, orWoken: boolean): Promise<void>;
  wake(): void;
  /** Ends every pause, and those that come. */
  end(): void;
}

export function createRests(): Rests {
  const ending = new AbortController();
  const wakers = new Set<() => void>();
  return {
    get isOver() {
      return ending.signal.aborted;
    },
    rest: (ms, orWoken) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          wakers.delete(end);
          ending.signal.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        if (orWoken) wakers.add(end);
        ending.signal.addEventListener('abort', end);
        if (ending.signal.aborted) end();
      }),
    wake: () => wakers.forEach((wake) => wake()),
    end: () => ending.abort(),
  };
}
