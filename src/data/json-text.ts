import { StudioError } from '../base/errors.ts';

/** The value of a JSON text. Throws `bad-annotation` with the file's name and the line where it goes wrong. */
export function parseJson(text: string, name: string): unknown {
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    return JSON.parse(plain);
  } catch (cause) {
    const at = jsonFaultAt(plain);
    const line = plain.slice(0, at).split('\n').length;
    const found = plain.slice(at).trim() === '' ? 'it ends too early' : `found "${firstOf(plain.slice(at, at + 40))}"`;
    const message = `${name}, line ${line}: it is no JSON (${found}); mend or export it again.`;
    throw new StudioError('bad-annotation', message, { name, line }, { cause });
  }
}

function firstOf(text: string): string {
  return (
    text
      .trimStart()
      .split(/[\r\n]/)[0]
      ?.slice(0, 20) ?? ''
  );
}

const BLANKS = /[ \t\r\n]*/y;
/** A string, a number, a word, or one of the signs. */
const TOKEN =
  /"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\p{Cc}]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[[\]{},:]/uy;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

/**
 * Where a text stops being JSON (RFC 8259): engines tell it each in their own words, or not at all. It is asked for only once a
 * text was found to be wrong.
 */
export function jsonFaultAt(text: string): number {
  const open: ('[' | '{')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    BLANKS.lastIndex = at;
    BLANKS.exec(text);
    at = BLANKS.lastIndex;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return at;
    const inside = open.at(-1);
    const closes = token === (inside === '[' ? ']' : '}') && inside !== undefined;
    if (closes && (expected === ', or end' || expected === 'value or ]' || expected === 'key or }')) {
      open.pop();
      expected = ', or end';
    } else if (expected === ':') {
      if (token !== ':') return at;
      expected = 'value';
    } else if (expected === ', or end') {
      if (token !== ',' || inside === undefined) return at;
      expected = inside === '[' ? 'value' : 'key';
    } else if (expected === 'key' || expected === 'key or }') {
      if (!token.startsWith('"')) return at;
      expected = ':';
    } else if (token === '[' || token === '{') {
      open.push(token);
      expected = token === '[' ? 'value or ]' : 'key or }';
    } else if (/^[\]},:]$/.test(token)) {
      return at;
    } else {
      expected = ', or end';
    }
    at = TOKEN.lastIndex;
  }
}
