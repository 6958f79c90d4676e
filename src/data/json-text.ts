import { StudioError } from '../base/errors.ts';
import { byteAt, JsonFault, jsonBlanksEnd, jsonValueEnd, MOST_JSON_LEVELS } from './json-bytes.ts';
import { LINE_FEED } from './json-signs.ts';

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** Of what has no place in a text; enough for the signs that are shown of it. */
const FOUND_BYTES = 160;

/** The value of a JSON text. Throws `bad-annotation` with the file's name and the line where it goes wrong. */
export function parseJson(text: string, name: string): unknown {
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    return JSON.parse(plain);
  } catch (cause) {
    // Engines tell where it goes wrong each in their own words, or not at all.
    const bytes = new TextEncoder().encode(plain);
    try {
      refuseMoreJson(bytes, jsonValueEnd(bytes, 0));
    } catch (fault) {
      throw jsonRefusal(fault, bytes, name);
    }
    throw cause;
  }
}

/** Where a text in UTF-8 begins, behind its byte-order mark where it has one. */
export function jsonTextStart(bytes: Uint8Array): number {
  let at = 0;
  while (BYTE_ORDER_MARK.every((byte, i) => byteAt(bytes, at + i) === byte)) at += BYTE_ORDER_MARK.length;
  return at;
}

/** Throws `JsonFault` where there is anything but blanks from `at` on. */
export function refuseMoreJson(bytes: Uint8Array, at: number): void {
  const end = jsonBlanksEnd(bytes, at);
  if (end < bytes.length) throw new JsonFault(end);
}

/** What is to be thrown in the place of a `JsonFault` in a file: `bad-annotation` with name and line. Anything else stays what it is. */
export function jsonRefusal(thrown: unknown, bytes: Uint8Array, name: string): unknown {
  if (!(thrown instanceof JsonFault)) return thrown;
  const { byteOffset, kind } = thrown;
  const line = lineOf(bytes, byteOffset);
  const what =
    kind === 'too deep'
      ? `lists and objects lie in each other more than ${MOST_JSON_LEVELS} deep`
      : `it is no JSON (${foundAt(bytes, byteOffset)})`;
  const message = `${name}, line ${line}: ${what}; mend or export it again.`;
  return new StudioError('bad-annotation', message, { name, line }, { cause: thrown });
}

function lineOf(bytes: Uint8Array, byteOffset: number): number {
  let line = 1;
  for (let at = 0; at < byteOffset; at += 1) if (bytes[at] === LINE_FEED) line += 1;
  return line;
}

function foundAt(bytes: Uint8Array, byteOffset: number): string {
  const rest = new TextDecoder().decode(bytes.subarray(byteOffset, byteOffset + FOUND_BYTES)).slice(0, 40);
  if (rest.trim() === '') return 'it ends too early';
  const [firstLine = ''] = rest.trimStart().split(/[\r\n]/);
  return `found "${firstLine.slice(0, 20)}"`;
}
