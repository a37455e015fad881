/** Time and timers as the runtime sees them; tests move them by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** @returns cancels it */
  setTimeout(action: () => void, delayMs: number): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(action, delayMs) {
    const id = setTimeout(action, delayMs);
    return () => clearTimeout(id);
  },
};

/** Resolves after a delay of the clock. */
export function delay(clock: Clock, delayMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.setTimeout(resolve, delayMs);
  return promise;
}

/**
 * Runs an action again and again, the next one `everyMs` after the last one ended.
 *
 * @returns stops it, and waits for an action under way
 */
export function repeat(
  clock: Clock,
  everyMs: number,
  action: () => Promise<void> | void,
): () => Promise<void> {
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  let cancel = () => {};
  const schedule = () => {
    cancel = clock.setTimeout(() => {
      running = Promise.resolve().then(action).then(() => {
        if (!isStopped) schedule();
      });
    }, everyMs);
  };
  schedule();
  return () => {
    isStopped = true;
    cancel();
    return running;
  };
}
