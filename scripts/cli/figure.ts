/** A metric for people: three digits after the point, or a dash where there was nothing to measure. */
export function figure(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}
