/** From where to where an axis goes. */
export interface AxisRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The y axis that holds these values: from 0 to `top`, or to a little above the highest where that is null. A logarithmic
 * one goes from the power of ten below the lowest positive value, over at least one decade.
 */
export function valueRange(lowest: number, highest: number, top: number | null, log: boolean): AxisRange {
  const above = Number.isFinite(highest) && highest > 0 ? highest * 1.06 : 1;
  if (!log) return { from: 0, to: top ?? above };
  const to = top ?? above;
  const from = Number.isFinite(lowest) && lowest > 0 ? 10 ** Math.floor(Math.log10(lowest) + 1e-9) : to / 10;
  return from < to ? { from, to } : { from: to / 10, to };
}

/** About `count` round numbers within the range: 1, 2 or 5 times a power of ten apart, never closer than `smallest`. */
export function roundTicks({ from, to }: AxisRange, count: number, smallest = 0): number[] {
  const rough = Math.max((to - from) / Math.max(1, count), smallest, Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  const apart = ([1, 2, 5].find((times) => times * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const first = Math.ceil(from / apart - 1e-9);
  const last = Math.floor(to / apart + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * apart).map(clean);
}

/** The powers of ten within the range; with their twofold and fivefold where there are few. */
export function logTicks({ from, to }: AxisRange): number[] {
  const firstPower = Math.floor(Math.log10(from) + 1e-9);
  const lastPower = Math.ceil(Math.log10(to));
  const times = lastPower - firstPower > 3 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = firstPower; power <= lastPower; power += 1) {
    for (const factor of times) {
      const tick = clean(factor * 10 ** power);
      if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return ticks;
}

/** Without the last digits that adding in binary leaves: 0.30000000000000004 becomes 0.3. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}
