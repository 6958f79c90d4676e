import { StudioError } from '../base/errors.ts';

/** A tensor's entry as the header writes it, nothing checked yet but its grammar. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** What a header says, in its own order. */
export interface Header {
  readonly metadata: ReadonlyMap<string, string>;
  readonly entries: readonly HeaderEntry[];
}

/** A name in quotes for a message, cut where a hostile file makes it long. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}...` : name);
}

/**
 * Reads a safetensors header by its own grammar, without `JSON.parse`, which hides duplicate keys, reorders keys of
 * digits and rounds large numbers. Takes no recursion, so no nesting can exhaust the stack. Throws `bad-weights` with the
 * offset in the header at anything else than the grammar of
 * https://huggingface.co/docs/safetensors (header: name to dtype, shape, data_offsets; `__metadata__`: text to text).
 */
export function parseHeader(text: string): Header {
  return new HeaderReader(text).header();
}

class HeaderReader {
  #at = 0;

  constructor(readonly text: string) {}

  header(): Header {
    const metadata = new Map<string, string>();
    const entries: HeaderEntry[] = [];
    if (!this.text.startsWith('{')) throw this.#refusal('an opening brace as its first byte');
    this.#object('the header', (name) => {
      if (name !== '__metadata__') {
        entries.push(this.#entry(name));
        return;
      }
      this.#object('__metadata__', (key) => {
        metadata.set(key, this.#string('a text as the value in __metadata__'));
      });
    });
    this.#space();
    if (this.#at < this.text.length) throw this.#refusal('nothing but spaces after its closing brace');
    return { metadata, entries };
  }

  #entry(name: string): HeaderEntry {
    let dtype: string | undefined;
    let shape: number[] | undefined;
    let offsets: number[] | undefined;
    const where = `tensor ${quoted(name)}`;
    this.#object(where, (field) => {
      if (field === 'dtype') dtype = this.#string(`the dtype of ${where} as a text`);
      else if (field === 'shape') shape = this.#integers(`the shape of ${where}`);
      else if (field === 'data_offsets') offsets = this.#integers(`the data_offsets of ${where}`);
      else throw this.#refusal(`only dtype, shape and data_offsets in ${where}, not ${quoted(field)}`);
    });
    if (dtype === undefined || shape === undefined || offsets === undefined) {
      const missing = dtype === undefined ? 'dtype' : shape === undefined ? 'shape' : 'data_offsets';
      throw this.#refusal(`${missing} in ${where}`, name);
    }
    const [begin, end] = offsets;
    if (begin === undefined || end === undefined || offsets.length !== 2) {
      throw this.#refusal(`two data_offsets in ${where}, not ${offsets.length}`, name);
    }
    return { name, dtype, shape, begin, end };
  }

  /** Walks an object, calling `value` at each value; a key that comes twice is refused. */
  #object(what: string, value: (key: string) => void): void {
    this.#expect('{', `an object for ${what}`);
    const seen = new Set<string>();
    if (this.#take('}')) return;
    do {
      this.#space();
      const key = this.#string(`a key in quotes in ${what}`);
      if (seen.has(key)) throw this.#refusal(`each key once in ${what}, but ${quoted(key)} comes twice`, key);
      seen.add(key);
      this.#expect(':', `a colon after ${quoted(key)}`);
      this.#space();
      value(key);
    } while (this.#take(','));
    this.#expect('}', `a comma or the closing brace of ${what}`);
  }

  /** An array of integers from 0 to 2^53 - 1, written as integers. */
  #integers(what: string): number[] {
    this.#expect('[', `a list for ${what}`);
    const values: number[] = [];
    if (this.#take(']')) return values;
    do {
      this.#space();
      const start = this.#at;
      while (isDigit(this.text.charCodeAt(this.#at))) this.#at += 1;
      const digits = this.text.slice(start, this.#at);
      const value = Number(digits);
      if (digits === '' || (digits.length > 1 && digits.startsWith('0')) || !Number.isSafeInteger(value)) {
        this.#at = start;
        throw this.#refusal(`whole numbers from 0 to 9007199254740991 in ${what}`);
      }
      values.push(value);
    } while (this.#take(','));
    this.#expect(']', `a comma or the closing bracket of ${what}`);
    return values;
  }

  #string(what: string): string {
    const start = this.#at;
    if (this.text[start] !== '"') throw this.#refusal(what);
    let end = start + 1;
    for (let code = this.text.charCodeAt(end); code !== 0x22; code = this.text.charCodeAt(end)) {
      if (Number.isNaN(code)) throw this.#refusal(`the closing quote of the text that starts at offset ${start}`);
      end += code === 0x5c ? 2 : 1;
    }
    let value: unknown;
    try {
      value = JSON.parse(this.text.slice(start, end + 1));
    } catch {
      throw this.#refusal(`${what}, with JSON's escapes only`);
    }
    if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) {
      throw this.#refusal(`${what}, of whole Unicode characters`);
    }
    this.#at = end + 1;
    return value;
  }

  #space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  #take(char: string): boolean {
    this.#space();
    if (this.text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #expect(char: string, what: string): void {
    if (!this.#take(char)) throw this.#refusal(what);
  }

  #refusal(expected: string, tensor?: string): StudioError {
    const found = this.text[this.#at];
    return new StudioError(
      'bad-weights',
      `The header of the safetensors file is not valid: at offset ${this.#at} ` +
        `(${found === undefined ? 'its end' : `at ${JSON.stringify(found)}`}) it should have ${expected}. ` +
        'The file is damaged or is no safetensors file; fetch or export it again.',
      { offset: this.#at, ...(tensor === undefined ? {} : { tensor: tensor.slice(0, 120) }) },
    );
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
