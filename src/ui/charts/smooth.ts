/**
 * Exponential moving average of `values` with the start's bias taken out (Kingma and Ba 2015, section 3): `weight` is the
 * share of the past, 0 leaves the values as they are.
 */
export function smooth(values: readonly number[], weight: number): number[] {
  let average = 0;
  let kept = 1;
  return values.map((value) => {
    average = weight * average + (1 - weight) * value;
    kept *= weight;
    return average / (1 - kept);
  });
}
