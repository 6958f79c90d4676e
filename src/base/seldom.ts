/** Ten a second is more than anyone reads. */
const EVERY_MS = 100;

/**
 * Says whether it is time to tell again how far something is: at most ten times a second, the first time and with `always` at once.
 * `now` in milliseconds, never going back.
 */
export function seldom(now: () => number): (always?: boolean) => boolean {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return (always = false) => {
    const at = now();
    if (!always && at - toldAtMs < EVERY_MS) return false;
    toldAtMs = at;
    return true;
  };
}
