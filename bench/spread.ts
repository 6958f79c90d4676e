import { median } from './median.ts';

/** What several rounds gave: the middle, and between what they lay. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/** Each figure through `f`; where `f` falls, low and high change places. */
export function mapSpread({ median: middle, low, high }: Spread, f: (value: number) => number): Spread {
  const ends = [f(low), f(high)];
  return { median: f(middle), low: Math.min(...ends), high: Math.max(...ends) };
}
