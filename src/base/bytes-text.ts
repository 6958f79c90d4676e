const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** An amount of storage in decimal units to about three digits: `512 bytes`, `4.9 MB`, `120 MB`, `2.1 GB`. */
export function bytesText(bytes: number): string {
  let value = Math.max(0, Math.round(bytes));
  let unit = 0;
  // What would be rounded up to four digits is told in the next unit.
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (unit === 0) return value === 1 ? '1 byte' : `${value} bytes`;
  return `${value < 99.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}
