/** One golden quantity compared. */
export interface Check {
  readonly name: string;
  /** Largest absolute difference; null where the comparison is exact and not numeric. */
  readonly maxAbs: number | null;
  /** The same over the largest expected magnitude. */
  readonly maxRel: number | null;
  /** In words and numbers: what is allowed. */
  readonly tolerance: string;
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
  return 'abs' in tolerance
    ? { name, maxAbs, maxRel, tolerance: `abs ${tolerance.abs}`, passed: maxAbs <= tolerance.abs }
    : { name, maxAbs, maxRel, tolerance: `rel ${tolerance.rel}`, passed: maxRel <= tolerance.rel };
}

/** Compares two numbers. */
export function compareNumber(name: string, actual: number, expected: number, tolerance: Tolerance): Check {
  return compare(name, [actual], [expected], tolerance);
}

/** Compares any two values that JSON can hold, exactly. */
export function compareExact(name: string, actual: unknown, expected: unknown): Check {
  const passed = JSON.stringify(actual) === JSON.stringify(expected);
  return { name, maxAbs: null, maxRel: null, tolerance: 'exact', passed };
}

/** A check that was decided elsewhere, such as "99.9 % of elements within". */
export function decided(name: string, maxAbs: number, tolerance: string, passed: boolean): Check {
  return { name, maxAbs, maxRel: null, tolerance, passed };
}
