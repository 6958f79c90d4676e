import { byteAt, JsonFault, jsonBlanksEnd, jsonColonEnd, jsonStringEnd, jsonValueEnd } from './json-bytes.ts';
import { BACKSLASH, COMMA, LIST, OBJECT } from './json-signs.ts';
import { jsonValueBetween } from './json-value.ts';

/**
 * Goes through a JSON text in UTF-8 from value to value, so that the whole is never a string nor a tree of objects. All that
 * it passes is checked: each step throws `JsonFault` where the text stops being JSON.
 */
export interface JsonCursor {
  /** The offset in bytes of the value at which it stands, or behind the one that it has passed. */
  at(): number;
  isAt(kind: 'list' | 'object'): boolean;
  /** Whether it stands at a list that has items. */
  isAtItems(): boolean;
  /** Passes the value. */
  pass(): void;
  /** Passes the value, and gives it as `JSON.parse` does. */
  value(): unknown;
  /** From a list to its first item; false where it has none, and is passed. */
  enterList(): boolean;
  /** From behind an item to the next; false where there is none: then the list is passed. */
  nextItem(): boolean;
  /** From an object to the value of its first member; false where it has none, and is passed. */
  enterObject(): boolean;
  /** From behind a member's value to that of the next; false where there is none: then the object is passed. */
  nextMember(): boolean;
  /** Whether the member has that key, of ASCII without quotation marks, be it written with escapes or without. */
  keyIs(key: string): boolean;
}

/** A cursor at the value that begins at an offset, after blanks or none. */
export function jsonCursor(bytes: Uint8Array, from: number): JsonCursor {
  let at = jsonBlanksEnd(bytes, from);
  let keyAt = 0;
  let keyEnd = 0;
  /** Past the sign that opens a list or an object; whether something is in it. */
  const enter = (opening: number): boolean => {
    if (byteAt(bytes, at) !== opening) throw new JsonFault(at);
    at = jsonBlanksEnd(bytes, at + 1);
    if (byteAt(bytes, at) !== opening + 2) return true;
    at += 1;
    return false;
  };
  /** Past a comma, or past the sign that closes what `opening` opens; whether more follows. */
  const next = (opening: number): boolean => {
    at = jsonBlanksEnd(bytes, at);
    const sign = byteAt(bytes, at);
    if (sign !== COMMA && sign !== opening + 2) throw new JsonFault(at);
    at += 1;
    if (sign === COMMA) at = jsonBlanksEnd(bytes, at);
    return sign === COMMA;
  };
  const toValue = (): true => {
    keyAt = at;
    keyEnd = jsonStringEnd(bytes, at);
    at = jsonBlanksEnd(bytes, jsonColonEnd(bytes, keyEnd));
    return true;
  };
  return {
    at: () => at,
    isAt: (kind) => byteAt(bytes, at) === (kind === 'list' ? LIST : OBJECT),
    isAtItems: () => byteAt(bytes, at) === LIST && byteAt(bytes, jsonBlanksEnd(bytes, at + 1)) !== LIST + 2,
    pass() {
      at = jsonValueEnd(bytes, at);
    },
    value() {
      const begin = at;
      at = jsonValueEnd(bytes, at);
      return jsonValueBetween(bytes, begin, at);
    },
    enterList: () => enter(LIST),
    nextItem: () => next(LIST),
    enterObject: () => enter(OBJECT) && toValue(),
    nextMember: () => next(OBJECT) && toValue(),
    keyIs(key) {
      const length = keyEnd - keyAt - 2;
      if (length === key.length) return isTextAt(bytes, keyAt + 1, key);
      const first = byteAt(bytes, keyAt + 1);
      // With escapes it is longer than what it says.
      if (length < key.length || (first !== BACKSLASH && first !== key.charCodeAt(0))) return false;
      if (!bytes.subarray(keyAt, keyEnd).includes(BACKSLASH)) return false;
      return jsonValueBetween(bytes, keyAt, keyEnd) === key;
    },
  };
}

function isTextAt(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (byteAt(bytes, at + i) !== text.charCodeAt(i)) return false;
  return true;
}
