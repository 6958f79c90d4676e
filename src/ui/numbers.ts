/** A fixed number of digits after the point, or a dash where there is no number. */
export function fixed(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits);
}

/** A loss, an AP: two digits. */
export function twoDigits(value: number): string {
  return fixed(value, 2);
}

/** Three figures that count, without zeros at the end: `0.125`, `2`. */
export function threeFigures(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Learning rates and the like: `2.0e-4`; 0 stays `0`. */
export function scientific(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}

/** Made once: `toLocaleString` looks for its rules anew each time, which a list of many numbers would feel. */
const THOUSANDS = new Intl.NumberFormat('en-GB');

/** Whole numbers with thousands set off: `1,200`. */
export function whole(value: number): string {
  return THOUSANDS.format(Math.round(value));
}

/** A count with its noun: `1 image`, `1,200 images`. */
export function counted(count: number, one: string, many: string): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

/** A rate to about three digits: `0.08`, `3.1`, `31`. */
export function rate(value: number): string {
  if (value >= 10) return whole(value);
  return value >= 1 ? value.toFixed(1) : value.toFixed(2);
}

/** A short time exactly: `14 ms`, from ten seconds on `12.3 s`. */
export function milliseconds(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
