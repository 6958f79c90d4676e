import { figure } from './figure.ts';

/** One golden quantity compared. */
export interface Check {
  readonly name: string;
  /** Largest absolute difference; null where the comparison is exact and not numeric. */
  readonly maxAbs: number | null;
  /** The same over the largest expected magnitude. */
  readonly maxRel: number | null;
  /** In words and numbers: what is allowed. */
  readonly tolerance: string;
  /** The error as a share of what is allowed; null where the comparison is exact. */
  readonly ratio: number | null;
  readonly passed: boolean;
}

/** What a tolerance is measured in. */
export type Tolerance =
  /** Largest absolute difference. */
  | { readonly abs: number }
  /** Largest absolute difference over the largest expected magnitude. */
  | { readonly rel: number };

/** Compares two lists element by element; a NaN or another length never passes. */
export function compare(
  name: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
): Check {
  let maxAbs = actual.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const wanted = expected[i] ?? Number.NaN;
    const difference = Math.abs((actual[i] ?? Number.NaN) - wanted);
    maxAbs = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(maxAbs, difference);
    largest = Math.max(largest, Math.abs(wanted));
  }
  const maxRel = maxAbs === 0 ? 0 : maxAbs / largest;
  const [error, allowed, kind] = 'abs' in tolerance ? [maxAbs, tolerance.abs, 'abs'] : [maxRel, tolerance.rel, 'rel'];
  const words = `${kind} ${figure(allowed)}`;
  return { name, maxAbs, maxRel, tolerance: words, ratio: error === 0 ? 0 : error / allowed, passed: error <= allowed };
}

/** Compares two numbers. */
export function compareNumber(name: string, actual: number, expected: number, tolerance: Tolerance): Check {
  return compare(name, [actual], [expected], tolerance);
}

/** Compares any two values that JSON can hold, exactly. */
export function compareExact(name: string, actual: unknown, expected: unknown): Check {
  const passed = JSON.stringify(actual) === JSON.stringify(expected);
  return { name, maxAbs: null, maxRel: null, tolerance: 'exact', ratio: null, passed };
}

/** A check of one number that is an error already, such as a share of elements; `unit` says of what. */
export function compareToLimit(name: string, error: number, limit: number, unit: string): Check {
  const passed = error <= limit;
  return { name, maxAbs: error, maxRel: null, tolerance: `${figure(limit)} ${unit}`, ratio: error / limit, passed };
}
