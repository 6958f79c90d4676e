/** How fast something goes on, and how long it takes still. */
export interface Rate {
  /** Items a second over the window; null until two moments are known. */
  readonly perSecond: number | null;
  /** Null until a rate is known, and while it is 0. */
  readonly secondsLeft: number | null;
}

/** Measures throughput while work goes on. */
export interface RateMeter {
  /** Tells that `done` items of the whole are done now. A count below the last one starts the measurement anew. */
  report(done: number): void;
  /** The rate as of now; `total` is the number of items of the whole. */
  rate(total: number): Rate;
  /** Forgets what was measured, after a pause: time in which no work was done must not count. */
  restart(): void;
}

/**
 * A meter over the last `windowMs` of work, at least over the last two reports, so that slow work has a rate too. `now` is a
 * clock in milliseconds that never goes back, such as `performance.now`. Work that stalls shows a falling rate.
 */
export function rateMeter(now: () => number, windowMs = 10_000): RateMeter {
  let reports: { readonly done: number; readonly at: number }[] = [];

  const trim = (at: number): void => {
    // The report before the window stays: what was done since then fills the window's beginning.
    while (reports.length > 2 && at - (reports[1]?.at ?? at) >= windowMs) reports.shift();
  };

  return {
    report(done) {
      const at = now();
      if (done < (reports.at(-1)?.done ?? 0)) reports = [];
      reports.push({ done, at });
      trim(at);
    },
    rate(total) {
      const first = reports[0];
      const last = reports.at(-1);
      if (first === undefined || last === undefined || first === last) return { perSecond: null, secondsLeft: null };
      const untilLast = last.at - first.at;
      const done = last.done - first.done;
      if (untilLast <= 0) return { perSecond: null, secondsLeft: null };
      // Between two reports the rate stands; once the next one is overdue, the waiting counts.
      const usualGap = untilLast / (reports.length - 1);
      const waiting = Math.max(0, now() - last.at - usualGap);
      const perSecond = (done / (untilLast + waiting)) * 1000;
      return { perSecond, secondsLeft: perSecond > 0 ? Math.max(0, total - last.done) / perSecond : null };
    },
    restart() {
      reports = [];
    },
  };
}
