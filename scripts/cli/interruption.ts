/** Ctrl-C while a command runs. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives the keys back. */
  end(): void;
}

/** npm and the shell may both pass one Ctrl-C on: what comes this soon after the first is the same one. */
const SAME_PRESS_MS = 300;

/** Turns the first Ctrl-C (or SIGTERM) into an abort, which `onFirst` announces; the second ends the process at once. */
export function startInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController();
  let firstMs = 0;
  const onSignal = () => {
    if (controller.signal.aborted) {
      if (performance.now() - firstMs > SAME_PRESS_MS) process.exit(130);
      return;
    }
    firstMs = performance.now();
    onFirst();
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    end() {
      process.removeListener('SIGINT', onSignal);
      process.removeListener('SIGTERM', onSignal);
    },
  };
}
