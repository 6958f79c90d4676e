/** Ends what has waited too long for its next byte. */
export interface StallTimer {
  /** Aborted where the wait was too long, or where the outer signal is. */
  readonly signal: AbortSignal;
  /** True where the wait was too long. */
  readonly stalled: boolean;
  /** Something came: the wait begins anew. */
  restart(): void;
  end(): void;
}

/** A timer that does not run yet. */
export function stallTimer(stallMs: number, outer: AbortSignal | undefined): StallTimer {
  const controller = new AbortController();
  let stalled = false;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const end = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return {
    signal: outer === undefined ? controller.signal : AbortSignal.any([controller.signal, outer]),
    get stalled() {
      return stalled;
    },
    restart() {
      end();
      timer = setTimeout(() => {
        stalled = true;
        controller.abort();
      }, stallMs);
    },
    end,
  };
}
