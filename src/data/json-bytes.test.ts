import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { JsonFault, jsonValueEnd } from './json-bytes.ts';
import { refuseMoreJson } from './json-text.ts';
import { jsonValueBetween } from './json-value.ts';
import { someCocoText } from './test-coco-text.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** Where the bytes stop being JSON; null where they are one value. */
function faultAt(bytes: Uint8Array): number | null {
  try {
    refuseMoreJson(bytes, jsonValueEnd(bytes, 0));
    return null;
  } catch (thrown) {
    if (thrown instanceof JsonFault) return thrown.byteOffset;
    throw thrown;
  }
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false; // that is what is asked
  }
}

const INSERTED = [...'[]{},:"\\-.e+01', 'NaN', 'tru', '\n', '\u00a0', '\\u00', '1.', '01', '-', '1e', '\u0000'];

test('bytes that were changed are refused exactly where JSON.parse refuses them', () => {
  const random = seededRandom(8259);
  const outcomes = { json: 0, none: 0 };
  for (let n = 0; n < 1200; n += 1) {
    const whole = encode(someCocoText(random).replace(/^\ufeff/, ''));
    const at = random.below(whole.length);
    const change = random.below(4);
    const put = encode(INSERTED[random.below(INSERTED.length)] ?? '');
    const rest = whole.subarray(change === 0 ? whole.length : at + (change === 1 ? 1 : 0));
    const bytes = new Uint8Array([...whole.subarray(0, at), ...(change === 3 ? [random.below(256)] : put), ...rest]);
    const fault = faultAt(bytes);
    expect(fault === null, new TextDecoder().decode(bytes)).toBe(isJson(bytes));
    outcomes[fault === null ? 'json' : 'none'] += 1;
    // What stands before a fault can be gone on with: nothing in it is wrong yet.
    if (fault !== null) expect(faultAt(bytes.subarray(0, fault)) ?? fault).toBe(fault);
  }
  expect(outcomes.json).toBeGreaterThan(100);
  expect(outcomes.none).toBeGreaterThan(100);
});

test('numbers that are read without a string are those of JSON.parse, to the last bit', () => {
  const random = seededRandom(1990);
  const digits = (count: number) => Array.from({ length: count }, () => random.below(10)).join('');
  for (let n = 0; n < 6000; n += 1) {
    const whole = random.uniform() < 0.2 ? '0' : `${1 + random.below(9)}${digits(random.below(17))}`;
    const decimals = random.uniform() < 0.7 ? `.${digits(1 + random.below(16))}` : '';
    const text = `${random.uniform() < 0.3 ? '-' : ''}${whole}${decimals}${random.uniform() < 0.1 ? 'e-7' : ''}`;
    const list = `[ ${text},1 , ${text} ]`;
    for (const each of [text, list]) {
      const bytes = encode(` ${each},`);
      expect(jsonValueEnd(bytes, 0)).toBe(each.length + 1);
      expect(jsonValueBetween(bytes, 1, each.length + 1)).toStrictEqual(JSON.parse(each));
    }
  }
});

test.each(['[]', '[ ]', '[1, "a]", 2]', '[[1], [2]]', '[1, null]', '"\\u00e9\\n"', '{"a": 1}', '-0', '[-0]', 'true'])(
  'the value %s is that of JSON.parse',
  (text) => {
    expect(jsonValueBetween(encode(text), 0, text.length)).toStrictEqual(JSON.parse(text));
  },
);

test('a string that is no UTF-8 is read as a decoder reads it', () => {
  const bytes = new Uint8Array([0x22, 0x61, 0xff, 0xc3, 0x22]);
  expect(jsonValueEnd(bytes, 0)).toBe(5);
  expect(jsonValueBetween(bytes, 0, 5)).toBe('a\ufffd\ufffd');
});
