/** Signs of JSON as ASCII has them. What closes a list or an object is two behind what opens it. */
export const LIST = 0x5b;
export const OBJECT = 0x7b;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const PLUS = 0x2b;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;
export const SPACE = 0x20;
const TAB = 0x09;
export const LINE_FEED = 0x0a;
const RETURN = 0x0d;

export function isBlank(byte: number): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB;
}

export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
