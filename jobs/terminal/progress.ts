import cliProgress from "cli-progress";

/** A bar on stderr that says how much of a file was read. */
export interface Progress {
  /** @param bytes read so far in all */
  update(bytes: number, events: number): void;
  stop(): void;
}

const SILENT: Progress = { update() {}, stop() {} };

/**
 * A progress bar by bytes; silent where stderr is no terminal, so that logs stay clean.
 *
 * @param totalBytes what `update` counts up to
 */
export function startProgress(totalBytes: number, isTerminal: boolean): Progress {
  if (!isTerminal) return SILENT;
  const bar = new cliProgress.SingleBar({
    format: "{bar} {percentage} % | {events} events | {duration_formatted}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 32,
    hideCursor: true,
    clearOnComplete: true,
    fps: 10,
  });
  bar.start(Math.max(totalBytes, 1), 0, { events: 0 });
  return {
    update: (bytes, events) => bar.update(bytes, { events: events.toLocaleString("en") }),
    stop: () => bar.stop(),
  };
}
