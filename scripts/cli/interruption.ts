/** Ctrl-C while a command runs. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives the keys back. */
  end(): void;
}

/** Turns the first Ctrl-C (or SIGTERM) into an abort, which `onFirst` announces; the second ends the process at once. */
export function startInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
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
