/**
 * All keys `[...prefix, ...]` of a store whose keys are arrays, the prefix itself among them; with `from` those whose next
 * part is at or after it. An array sorts after numbers and texts.
 */
export function keysWithin(prefix: readonly (string | number)[], from?: string | number): IDBKeyRange {
  const first = from === undefined ? [...prefix] : [...prefix, from];
  return IDBKeyRange.bound(first, [...prefix, []]);
}
