/** Ctrl-C while a command runs, and whatever else asks it to stop. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Aborts as the first Ctrl-C does, without its announcement. */
  stop(): void;
  /** Gives the keys back. */
  end(): void;
}

/** npm and the shell may both pass one Ctrl-C on: what comes this soon after the first is the same one. */
const SAME_PRESS_MS = 300;

/** SIGHUP comes where the terminal was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Turns the first Ctrl-C (SIGTERM, SIGHUP) into an abort, which `onFirst` announces; the second ends the process at once. */
export function startInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController();
  let firstMs = 0;
  const stop = () => {
    if (controller.signal.aborted) return;
    firstMs = performance.now();
    controller.abort();
  };
  const onSignal = () => {
    if (!controller.signal.aborted) {
      onFirst();
      stop();
    } else if (performance.now() - firstMs > SAME_PRESS_MS) {
      process.exit(130);
    }
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    stop,
    end() {
      for (const name of SIGNALS) process.removeListener(name, onSignal);
    },
  };
}
