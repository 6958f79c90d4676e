const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** An amount of bytes for people, in powers of 1,000 as disks are sold and browsers count: `812 bytes`, `3.2 MB`, `38 GB`. */
export function byteText(bytes: number): string {
  if (bytes < 1000) return `${Math.max(0, Math.round(bytes))} ${Math.round(bytes) === 1 ? 'byte' : 'bytes'}`;
  let value = bytes / 1000;
  let unit = 0;
  // 999.5 would be written as 1000.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value).toString()} ${UNITS[unit] ?? 'TB'}`;
}
