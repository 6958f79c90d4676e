/** A number in three significant digits, as short as can be read: `0`, `0.0125`, `3.1e-7`. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const [digits = '', exponent] = (size >= 1e-3 && size < 1e6 ? value.toPrecision(3) : value.toExponential(2)).split(
    'e',
  );
  const trimmed = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
  return exponent === undefined ? trimmed : `${trimmed}e${exponent}`;
}
