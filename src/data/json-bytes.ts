import { plainNumbersEnd } from './json-numbers.ts';
import {
  BACKSLASH,
  COLON,
  COMMA,
  isBlank,
  isDigit,
  LIST,
  MINUS,
  OBJECT,
  PLUS,
  POINT,
  QUOTE,
  SPACE,
  ZERO,
} from './json-signs.ts';

/** Says that bytes stop being JSON: `byteOffset` is that of the first token that has no place there. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';

  constructor(
    readonly byteOffset: number,
    readonly kind: 'no JSON' | 'too deep' = 'no JSON',
  ) {
    super(`${kind} at byte ${byteOffset}`);
  }
}

/** More than any file has that means something; each takes some bytes of memory while it is open. */
export const MOST_JSON_LEVELS = 1_000_000;

const WORDS = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), new TextEncoder().encode(word)]));
/** By the sign behind a backslash: how many digits in hexadecimal follow that one. */
const ESCAPES = new Map([...'"\\/bfnrtu'].map((sign) => [sign.charCodeAt(0), sign === 'u' ? 4 : 0]));

/** The byte at an offset; behind the last one it is 0, which JSON has nowhere. */
export function byteAt(bytes: Uint8Array, at: number): number {
  return at < bytes.length ? (bytes[at] as number) : 0;
}

/** The offset of the first byte from `at` on that is no blank. */
export function jsonBlanksEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (isBlank(byteAt(bytes, end))) end += 1;
  return end;
}

/**
 * The offset behind the JSON value (RFC 8259) that begins at `at`, after blanks or none. Every byte of it is checked, and
 * nothing made of it. Throws `JsonFault`, also where lists and objects have more than `MOST_JSON_LEVELS` levels.
 */
export function jsonValueEnd(bytes: Uint8Array, at: number): number {
  const begin = jsonBlanksEnd(bytes, at);
  const first = byteAt(bytes, begin);
  return first === LIST || first === OBJECT ? nestedEnd(bytes, begin) : scalarEnd(bytes, begin);
}

/** The offset behind the list or object that begins at `at`. */
function nestedEnd(bytes: Uint8Array, at: number): number {
  /** What opened each level: calls in place of this would overflow the stack. */
  const open: number[] = [];
  let next = at;
  for (;;) {
    next = jsonBlanksEnd(bytes, next);
    const first = byteAt(bytes, next);
    if (first === LIST || first === OBJECT) {
      if (open.length === MOST_JSON_LEVELS) throw new JsonFault(next, 'too deep');
      const inside = jsonBlanksEnd(bytes, next + 1);
      if (byteAt(bytes, inside) !== first + 2) {
        open.push(first);
        next = first === LIST ? plainNumbersEnd(bytes, inside) : keyEnd(bytes, inside);
        continue;
      }
      next = inside + 1;
    } else next = scalarEnd(bytes, next);
    for (;;) {
      if (open.length === 0) return next;
      const level = open[open.length - 1] as number;
      next = jsonBlanksEnd(bytes, next);
      const sign = byteAt(bytes, next);
      if (sign === COMMA) {
        next += 1;
        next = level === LIST ? plainNumbersEnd(bytes, next) : keyEnd(bytes, jsonBlanksEnd(bytes, next));
        break;
      }
      if (sign !== level + 2) throw new JsonFault(next);
      open.pop();
      next += 1;
    }
  }
}

/** The offset behind the colon that stands at `at`, after blanks or none. Throws `JsonFault`. */
export function jsonColonEnd(bytes: Uint8Array, at: number): number {
  const end = jsonBlanksEnd(bytes, at);
  if (byteAt(bytes, end) !== COLON) throw new JsonFault(end);
  return end + 1;
}

/** The offset behind the string that begins at `at`; what is in it need not be UTF-8. Throws `JsonFault`. */
export function jsonStringEnd(bytes: Uint8Array, at: number): number {
  if (byteAt(bytes, at) !== QUOTE) throw new JsonFault(at);
  let end = at + 1;
  for (;;) {
    const byte = byteAt(bytes, end);
    if (byte === QUOTE) return end + 1;
    if (byte < SPACE) throw new JsonFault(at);
    end += 1;
    if (byte !== BACKSLASH) continue;
    const digits = ESCAPES.get(byteAt(bytes, end));
    if (digits === undefined) throw new JsonFault(at);
    end += 1;
    for (const last = end + digits; end < last; end += 1) if (!isHexDigit(byteAt(bytes, end))) throw new JsonFault(at);
  }
}

/** The offset behind the colon of the key that begins at `at`. */
function keyEnd(bytes: Uint8Array, at: number): number {
  return jsonColonEnd(bytes, jsonStringEnd(bytes, at));
}

/** The offset behind the string, number or word that begins at `at`. */
function scalarEnd(bytes: Uint8Array, at: number): number {
  const first = byteAt(bytes, at);
  if (first === QUOTE) return jsonStringEnd(bytes, at);
  if (first === MINUS || isDigit(first)) return numberEnd(bytes, at);
  const word = WORDS.get(first);
  if (word === undefined || word.some((byte, i) => byteAt(bytes, at + i) !== byte)) throw new JsonFault(at);
  return at + word.length;
}

/** The offset behind the longest number that begins at `at`; whether something may follow it there is not looked at. */
function numberEnd(bytes: Uint8Array, at: number): number {
  const whole = byteAt(bytes, at) === MINUS ? at + 1 : at;
  if (!isDigit(byteAt(bytes, whole))) throw new JsonFault(at);
  let end = byteAt(bytes, whole) === ZERO ? whole + 1 : digitsEnd(bytes, whole);
  if (byteAt(bytes, end) === POINT && isDigit(byteAt(bytes, end + 1))) end = digitsEnd(bytes, end + 1);
  const e = byteAt(bytes, end);
  if (e !== 0x65 && e !== 0x45) return end;
  const sign = byteAt(bytes, end + 1);
  const power = sign === PLUS || sign === MINUS ? end + 2 : end + 1;
  return isDigit(byteAt(bytes, power)) ? digitsEnd(bytes, power) : end;
}

function digitsEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (isDigit(byteAt(bytes, end))) end += 1;
  return end;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
