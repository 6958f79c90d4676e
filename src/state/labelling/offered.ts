/**
 * The places of a set in the order in which pictures without labels are gone through: first those that are offered, then the rest
 * as they stand in the set.
 */
export function offeredPlaces(
  count: number,
  offered: readonly string[],
  placeOf: (sampleId: string) => number | undefined,
): number[] {
  const first = new Set(offered.map(placeOf).filter((place) => place !== undefined));
  const rest = Array.from({ length: count }, (_, place) => place).filter((place) => !first.has(place));
  return [...first, ...rest];
}
