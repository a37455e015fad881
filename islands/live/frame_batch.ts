/** What a batch needs from the browser. */
export interface FrameScheduler {
  now(): number;
  /** Runs before the next paint. */
  requestFrame(run: () => void): void;
  setTimeout(run: () => void, ms: number): void;
}

/** Between two batches, so that a flood costs a few updates a second and not one a message. */
const MIN_GAP_MS = 160;

/**
 * Collects what arrives and hands it over once a frame; in a flood, once every 160 ms.
 *
 * @param limit items kept while no frame comes (a hidden tab); past it the oldest are let go
 */
export function createFrameBatch<T>(
  flush: (batch: T[]) => void,
  limit: number,
  scheduler: FrameScheduler = browserScheduler,
): (item: T) => void {
  let queue: T[] = [];
  let scheduled = false;
  let lastFlush = -Infinity;
  const run = () => {
    scheduled = false;
    lastFlush = scheduler.now();
    const batch = queue;
    queue = [];
    flush(batch);
  };
  return (item) => {
    queue.push(item);
    if (queue.length > limit * 2) queue = queue.slice(-limit);
    if (scheduled) return;
    scheduled = true;
    const wait = lastFlush + MIN_GAP_MS - scheduler.now();
    if (wait <= 0) scheduler.requestFrame(run);
    else scheduler.setTimeout(() => scheduler.requestFrame(run), wait);
  };
}

const browserScheduler: FrameScheduler = {
  now: () => performance.now(),
  requestFrame: (run) => requestAnimationFrame(run),
  setTimeout: (run, ms) => setTimeout(run, ms),
};
