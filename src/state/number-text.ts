/** `2e-4` for 0.0002, as such rates are written. */
export function rateText(value: number): string {
  return value > 0 && value < 0.001 ? value.toExponential() : String(value);
}

/** Reads "400", "1,000", "0.1" or "2e-4"; null for anything else. */
export function numberFrom(text: string): number | null {
  const plain = /^\d{1,3}(,\d{3})+$/.test(text) ? text.replaceAll(',', '') : text;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null;
}
