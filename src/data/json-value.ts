import { byteAt, jsonBlanksEnd, jsonValueEnd } from './json-bytes.ts';
import { isDigit, LIST, MINUS, POINT, ZERO } from './json-signs.ts';

/** So many digits are a whole number that a double holds exactly; the powers of ten up to there are exact as well. */
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * What `JSON.parse` makes of the bytes between two offsets, in UTF-8: a value that `jsonValueEnd` has passed, without blanks
 * around it. What is no UTF-8 in a string becomes U+FFFD.
 */
export function jsonValueBetween(bytes: Uint8Array, from: number, to: number): unknown {
  return (
    shortNumber(bytes, from, to) ??
    shortNumbers(bytes, from, to) ??
    JSON.parse(decoder.decode(bytes.subarray(from, to)))
  );
}

/**
 * A number with few digits and no exponent; null for anything else. The quotient of two exact numbers is the double that is
 * nearest to what is written (Clinger 1990), and making a string of it takes ten times as long.
 */
function shortNumber(bytes: Uint8Array, from: number, to: number): number | null {
  const begin = byteAt(bytes, from) === MINUS ? from + 1 : from;
  if (to - begin > MOST_DIGITS) return null;
  let whole = 0;
  let decimals = 0;
  for (let at = begin; at < to; at += 1) {
    const byte = byteAt(bytes, at);
    if (byte === POINT) decimals = to - at - 1;
    else if (isDigit(byte)) whole = whole * 10 + byte - ZERO;
    else return null;
  }
  const size = whole / (POWERS[decimals] ?? 1);
  return begin === from ? size : -size;
}

/** A list of such numbers; null for anything else. */
function shortNumbers(bytes: Uint8Array, from: number, to: number): number[] | null {
  if (byteAt(bytes, from) !== LIST) return null;
  const numbers: number[] = [];
  for (let at = jsonBlanksEnd(bytes, from + 1); at < to - 1; ) {
    const end = jsonValueEnd(bytes, at);
    const number = shortNumber(bytes, at, end);
    if (number === null) return null;
    numbers.push(number);
    // Past the comma, or what closes the list.
    at = jsonBlanksEnd(bytes, jsonBlanksEnd(bytes, end) + 1);
  }
  return numbers;
}
