/** Hidden pages are called once a minute at least, so that a longer silence was no throttling. */
const SILENCE_MS = 150_000;

/** Finds out for how long the browser let nothing of this page run: a frozen tab, or a computer that slept. */
export interface FrozenTime {
  /** The browser says that it freezes the page. */
  frozen(nowMs: number): void;
  /** The browser says that the page goes on. Returns for how long it was frozen, or null. */
  thawed(nowMs: number): number | null;
  /** To be called every second or as often as the browser allows. Returns the length of a silence, or null. */
  tick(nowMs: number): number | null;
}

/** Starts to watch; times are of a clock that goes on while the computer sleeps. */
export function watchFrozenTime(nowMs: number): FrozenTime {
  let lastTick = nowMs;
  let frozenAt: number | null = null;
  return {
    frozen: (now) => {
      frozenAt = now;
    },
    thawed: (now) => {
      const since = frozenAt;
      frozenAt = null;
      // The silence is told here, and not by the next tick once more.
      lastTick = now;
      return since === null || now <= since ? null : now - since;
    },
    tick: (now) => {
      const silence = now - lastTick;
      lastTick = now;
      return frozenAt === null && silence > SILENCE_MS ? silence : null;
    },
  };
}
