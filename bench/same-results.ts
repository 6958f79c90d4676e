import { StudioError } from '../src/base/errors.ts';

/**
 * Refuses to measure what computes something else: throws `internal` where a result of `contender` is further off stock's
 * than `tolerance` of its length.
 */
export function refuseOtherResults(
  work: string,
  contender: string,
  found: readonly Float32Array[],
  stock: readonly Float32Array[],
  tolerance: number,
): void {
  for (const [i, expected] of stock.entries()) {
    const mine = found[i];
    const off = Math.sqrt(sumOf(expected, (value, at) => (value - (mine?.[at] ?? Number.NaN)) ** 2));
    const length = Math.sqrt(sumOf(expected, (value) => value ** 2));
    if (mine?.length === expected.length && off <= tolerance * length) continue;
    throw new StudioError(
      'internal',
      `${work}: result ${i + 1} of ${contender} is off stock's by ${off} of ${length}.`,
    );
  }
}

function sumOf(values: Float32Array, term: (value: number, at: number) => number): number {
  return values.reduce((sum, value, at) => sum + term(value, at), 0);
}
