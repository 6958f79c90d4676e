import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import type { SafetensorsInput } from './safetensors.ts';
import { readSafetensors, tensorToFloat32, tensorToNumbers, writeSafetensors } from './safetensors.ts';

const fixtures = process.env.DETRAIN_FIXTURES ?? join(import.meta.dirname, '../../../shared/fixtures');
const ops = join(fixtures, 'golden/ops');
const hasGolden = existsSync(ops);

interface ExpectedTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | string | boolean)[];
}

/** A file of this header text (or bytes) and so many bytes of data. */
function file(header: string | Uint8Array, dataBytes = 0): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const tensor = (name: string, shape: string, begin: number, end: number, dtype = 'F32'): string =>
  `"${name}":{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;

function refusalOf(bytes: Uint8Array): StudioError {
  try {
    readSafetensors(bytes);
  } catch (thrown) {
    if (thrown instanceof StudioError) return thrown;
    throw thrown;
  }
  throw new Error('The file was read, but should have been refused.');
}

describe.skipIf(!hasGolden)(`golden files${hasGolden ? '' : ` (skipped: no fixtures at ${fixtures})`}`, () => {
  it.each(['dtypes.safetensors', 'dtypes_unaligned.safetensors'])('reads every value of %s', (name) => {
    const expected: Record<string, ExpectedTensor> = JSON.parse(readFileSync(join(ops, 'dtypes.json'), 'utf8'));
    const { tensors, metadata } = readSafetensors(readFileSync(join(ops, name)));
    expect(metadata.get('format')).toBe('pt');
    expect([...tensors.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [key, { dtype, shape, values }] of Object.entries(expected)) {
      const read = tensors.get(key);
      if (read === undefined) throw new Error(`${key} is missing`);
      expect({ dtype: read.dtype, shape: read.shape }).toEqual({ dtype, shape });
      expect(tensorToNumbers(read)).toEqual(values.map(Number));
      if (dtype.includes('F'))
        expect([...tensorToFloat32(read)]).toEqual(values.map((value) => Math.fround(Number(value))));
    }
  });

  it.each(['ops/dtypes.safetensors', 'ops/boxes.safetensors', 'tiny/model.safetensors', 'tiny/batch.safetensors'])(
    'writes %s again as it was, byte for byte',
    (name) => {
      const bytes = readFileSync(join(fixtures, 'golden', name));
      const { tensors, metadata } = readSafetensors(bytes);
      expect(Buffer.compare(writeSafetensors(tensors, metadata), bytes)).toBe(0);
    },
  );
});

describe('readSafetensors', () => {
  it('keeps the order of the header, also of names made of digits, and takes __proto__ for a name', () => {
    const names = ['10', 'b', '9', '__proto__', 'constructor', 'a'];
    const header = names.map((name, i) => tensor(name, '[1]', 4 * i, 4 * i + 4)).join(',');
    const { tensors } = readSafetensors(file(`{${header}}`, 24));
    expect([...tensors.keys()]).toEqual(names);
    expect(tensors.get('__proto__')?.shape).toEqual([1]);
    expect(tensors.has('toString')).toBe(false);
  });

  it('reads no tensor, an empty tensor, a scalar, and data whose order is not the header’s', () => {
    expect(readSafetensors(file('{}')).tensors.size).toBe(0);
    const { tensors } = readSafetensors(
      file(
        `{ ${tensor('late', '[2]', 4, 12)}, ${tensor('scalar', '[]', 0, 4)}, ${tensor('none', '[3,0]', 4, 4)} }\n `,
        12,
      ),
    );
    expect([...tensors.values()].map(({ data }) => data.byteLength)).toEqual([8, 4, 0]);
  });

  it('reads from the middle of a larger buffer without copying', () => {
    const whole = new Uint8Array(200);
    const inner = file(`{${tensor('x', '[1]', 0, 4)}}`, 4);
    inner.set([0, 0, 128, 63], inner.length - 4);
    whole.set(inner, 13);
    const read = readSafetensors(whole.subarray(13, 13 + inner.length)).tensors.get('x');
    expect(read?.data.buffer).toBe(whole.buffer);
    expect(read && [...tensorToFloat32(read)]).toEqual([1]);
  });

  it('reads 100,000 entries in a moment', () => {
    const entries = Array.from({ length: 100_000 }, (_, i) => tensor(`t${i}`, '[0]', 0, 0));
    expect(readSafetensors(file(`{${entries.join(',')}}`)).tensors.size).toBe(100_000);
  });

  const two = (a: [number, number], b: [number, number]): string =>
    `{${tensor('first', `[${(a[1] - a[0]) / 4}]`, ...a)},${tensor('second', `[${(b[1] - b[0]) / 4}]`, ...b)}}`;

  it.each<[string, Uint8Array, RegExp]>([
    ['no bytes', new Uint8Array(0), /0 bytes/],
    ['seven bytes', new Uint8Array(7), /7 bytes/],
    ['a header of no bytes', new Uint8Array(8), /offset 0/],
    ['a header past the limit', new Uint8Array([1, 225, 245, 5, 0, 0, 0, 0, 123, 125]), /100000001 bytes/],
    ['a header length of 2^64 - 1', new Uint8Array(40).fill(255), /18446744073709551615/],
    ['a header past the end of the file', file('{}').subarray(0, 9), /2 bytes, but it ends after 1/],
    ['random bytes as header', file(new Uint8Array([0xff, 0xfe, 1, 2])), /UTF-8/],
    ['a byte order mark', file('\ufeff{}'), /offset 0/],
    ['a space before the brace', file(' {}'), /offset 0/],
    ['a list', file('[]'), /opening brace/],
    ['text after the header', file('{}x'), /offset 2/],
    ['a NUL after the header', file('{}\0'), /offset 2/],
    ['an unclosed text', file('{"x'), /closing quote/],
    ['a text that ends in its escape', file('{"x\\'), /closing quote/],
    ['a bad escape', file('{"\\x":1}'), /escapes/],
    ['half a surrogate pair', file('{"\\ud800":1}'), /Unicode/],
    ['a key without quotes', file('{a:1}'), /key in quotes/],
    ['a comma at the end', file(`{${tensor('x', '[1]', 0, 4)},}`, 4), /key in quotes/],
    ['a tensor that is a number', file('{"x":1}'), /tensor "x"/],
    ['a deep nest', file(`{"x":${'['.repeat(100_000)}`), /tensor "x"/],
    ['a deep nest for shape', file(`{"x":{"shape":${'['.repeat(100_000)}`), /shape of tensor "x"/],
    ['metadata with a number', file('{"__metadata__":{"a":1}}'), /__metadata__/],
    ['metadata that is null', file('{"__metadata__":null}'), /__metadata__/],
    ['no dtype', file('{"x":{"shape":[],"data_offsets":[0,4]}}', 4), /dtype in tensor "x"/],
    ['no shape', file('{"x":{"dtype":"F32","data_offsets":[0,4]}}', 4), /shape in tensor "x"/],
    ['no offsets', file('{"x":{"dtype":"F32","shape":[]}}', 4), /data_offsets in tensor "x"/],
    ['three offsets', file('{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}', 4), /not 3/],
    ['a field of another format', file('{"x":{"dtype":"F32","stride":[1]}}', 4), /not "stride"/],
    ['a fraction in the shape', file(`{${tensor('x', '[1.0]', 0, 4)}}`, 4), /shape of tensor "x"/],
    ['an exponent in the shape', file(`{${tensor('x', '[1e0]', 0, 4)}}`, 4), /shape of tensor "x"/],
    ['a negative shape', file(`{${tensor('x', '[-1]', 0, 4)}}`, 4), /whole numbers/],
    ['a leading zero', file(`{${tensor('x', '[01]', 0, 4)}}`, 4), /whole numbers/],
    ['a dimension of 2^63', file(`{${tensor('x', '[9223372036854775808]', 0, 4)}}`, 4), /whole numbers/],
    ['a product past counting', file(`{${tensor('x', '[4294967296,4294967296]', 0, 0)}}`), /"x".*too large/],
    ['a product past counting, times 0', file(`{${tensor('x', '[4294967296,4294967296,0]', 0, 0)}}`), /"x".*too large/],
    ['bytes past counting', file(`{${tensor('x', '[4503599627370496]', 0, 0)}}`), /"x".*too large/],
    ['an unknown dtype', file(`{${tensor('x', '[1]', 0, 4, 'F31')}}`, 4), /"x" has the dtype "F31"/],
    ['a dtype that objects have', file(`{${tensor('x', '[1]', 0, 4, 'toString')}}`, 4), /"x" has the dtype "toString"/],
    ['an end before its beginning', file(`{${tensor('x', '[1]', 4, 0)}}`, 4), /"x" ends at byte 0/],
    ['too few bytes for the shape', file(`{${tensor('x', '[2]', 0, 4)}}`, 4), /"x".*needs 8 bytes.*hold 4/],
    ['too many bytes for the shape', file(`{${tensor('x', '[1]', 0, 8)}}`, 8), /"x".*needs 4 bytes.*hold 8/],
    ['a hole', file(two([0, 4], [8, 12]), 12), /Bytes 4 to 8.*"second"/],
    ['a hole at the start', file(`{${tensor('x', '[1]', 4, 8)}}`, 8), /Bytes 0 to 4.*"x"/],
    ['an overlap', file(two([0, 8], [4, 12]), 12), /"second".*inside tensor "first"/],
    ['the same bytes twice', file(two([0, 4], [0, 4]), 4), /"second".*inside tensor "first"/],
    ['an empty tensor inside another', file(two([0, 8], [4, 4]), 8), /"second".*inside tensor "first"/],
    ['data that are cut off', file(two([0, 4], [4, 12]), 11), /"second" ends at byte 12.*end at 11/],
    ['trailing bytes', file(two([0, 4], [4, 8]), 9), /goes on to byte 9/],
    ['bytes without a tensor', file('{}', 1), /goes on to byte 1/],
    ['a tensor twice', file(`{${tensor('x', '[1]', 0, 4)},${tensor('x', '[1]', 4, 8)}}`, 8), /"x" comes twice/],
    [
      'a tensor twice, once escaped',
      file(`{${tensor('x', '[0]', 0, 0)},${tensor('\\u0078', '[0]', 0, 0)}}`),
      /"x" comes twice/,
    ],
    ['metadata twice', file('{"__metadata__":{},"__metadata__":{}}'), /"__metadata__" comes twice/],
    ['a metadata key twice', file('{"__metadata__":{"a":"1","a":"2"}}'), /"a" comes twice/],
    [
      'a dtype twice',
      file('{"x":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4),
      /"dtype" comes twice/,
    ],
  ])('refuses %s', (_, bytes, message) => {
    const refusal = refusalOf(bytes);
    expect(refusal.code).toBe('bad-weights');
    expect(refusal.message).toMatch(message);
    expect(structuredClone(refusal.details)).toEqual(refusal.details);
  });

  it('names the tensor for programs, and cuts a name that would flood the screen', () => {
    expect(refusalOf(file(`{${tensor('class_labels_classifier.weight', '[2]', 0, 4)}}`, 4)).details).toEqual({
      tensor: 'class_labels_classifier.weight',
    });
    expect(refusalOf(file(`{${tensor('x'.repeat(1e6), '[2]', 0, 4)}}`, 4)).message.length).toBeLessThan(500);
  });

  it('either reads or refuses whatever a mutation makes of a file', () => {
    const random = seededRandom(18);
    const good = writeSafetensors(
      [
        ['a.weight', { dtype: 'F32', shape: [2, 3], data: new Float32Array(6) }],
        ['b', { dtype: 'I64', shape: [], data: new BigInt64Array(1) }],
        ['c', { dtype: 'F16', shape: [3], data: new Uint16Array(3) }],
      ],
      new Map([['format', 'pt']]),
    );
    const alphabet = new TextEncoder().encode('{}[]":,0123456789-.eE\\ "dtype""F32"shapnull\u00e9');
    let read = 0;
    for (let round = 0; round < 5000; round += 1) {
      const bytes = [...good];
      for (let edits = 1 + random.below(3); edits > 0; edits -= 1) {
        const at = random.below(4) === 0 ? random.below(8) : 8 + random.below(bytes.length - 8);
        const byte = random.below(3) === 0 ? random.below(256) : (alphabet[random.below(alphabet.length)] ?? 0);
        const kind = random.below(4);
        if (kind === 0) bytes.splice(at, 1);
        else if (kind === 1) bytes.splice(at, 0, byte);
        else if (kind === 2) bytes.splice(at, 0, ...bytes.slice(8, 8 + random.below(60)));
        else bytes[at] = byte;
      }
      try {
        const { tensors } = readSafetensors(Uint8Array.from(bytes));
        read += 1;
        for (const each of tensors.values()) {
          const elements = each.shape.reduce((product, n) => product * n, 1);
          expect(each.data.byteLength % Math.max(1, elements)).toBe(0);
        }
      } catch (thrown) {
        if (!(thrown instanceof StudioError) || thrown.code !== 'bad-weights') throw thrown;
      }
    }
    expect(read).toBeGreaterThan(50); // edits of the data, of a name, of spaces are no fault
    expect(read).toBeLessThan(4000);
  });
});

describe('writeSafetensors', () => {
  const x: SafetensorsInput = { dtype: 'F32', shape: [1], data: new Float32Array([1]) };

  it('lays data at a multiple of 8, in the order given, and gives the same bytes each time', () => {
    const tensors: [string, SafetensorsInput][] = [
      ['z', x],
      ['a "quoted" é name', { dtype: 'U8', shape: [3], data: new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 4) }],
    ];
    const bytes = writeSafetensors(tensors, new Map([['__proto__', '{"nested": "json"}']]));
    expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
    const read = readSafetensors(bytes);
    expect([...read.tensors.keys()]).toEqual(['z', 'a "quoted" é name']);
    expect([...read.metadata]).toEqual([['__proto__', '{"nested": "json"}']]);
    expect([...read.tensors.values()].map(tensorToNumbers)).toEqual([[1], [2, 3, 4]]);
    expect(writeSafetensors(tensors, read.metadata)).toEqual(bytes);
  });

  it.each<[string, [string, SafetensorsInput][], RegExp]>([
    [
      'a name twice',
      [
        ['x', x],
        ['x', x],
      ],
      /"x".*taken/,
    ],
    ['the name of the metadata', [['__metadata__', x]], /taken/],
    ['a name of half a character', [['\ud800', x]], /Unicode/],
    ['too few bytes', [['x', { ...x, shape: [2] }]], /needs 8 bytes, and it has 4/],
    ['a shape with a fraction', [['x', { ...x, shape: [0.5, 2] }]], /"x"/],
    ['a negative shape', [['x', { ...x, shape: [-1, -1] }]], /"x"/],
  ])('refuses %s', (_, tensors, message) => {
    expect(() => writeSafetensors(tensors)).toThrow(message);
  });
});

describe('conversion', () => {
  const one = (dtype: SafetensorsInput['dtype'], data: ArrayBufferView, shape: number[] = []) => {
    const read = readSafetensors(writeSafetensors([['x', { dtype, shape, data }]])).tensors.get('x');
    if (read === undefined) throw new Error('not written');
    return read;
  };

  it('reads every half exactly, as sign, exponent and fraction define it', () => {
    const stored = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const values = tensorToFloat32(one('F16', stored, [65536]));
    for (let half = 0; half < 65536; half += 1) {
      const sign = half & 0x8000 ? -1 : 1;
      const exponent = (half >> 10) & 31;
      const fraction = half & 1023;
      const expected =
        exponent === 31
          ? fraction === 0
            ? sign * Number.POSITIVE_INFINITY
            : Number.NaN
          : exponent === 0
            ? sign * fraction * 2 ** -24
            : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
      if (!Object.is(values[half], expected)) expect({ half, value: values[half] }).toEqual({ half, value: expected });
    }
  });

  it('gives float32 values in memory of their own', () => {
    const source = one('F32', new Float32Array([1, 2]), [2]);
    tensorToFloat32(source).fill(9);
    expect(tensorToNumbers(source)).toEqual([1, 2]);
  });

  it('refuses integers as weights, and integers that a number cannot hold', () => {
    expect(() => tensorToFloat32(one('I32', new Int32Array(1)))).toThrow(/"x".*stored as I32/);
    expect(tensorToNumbers(one('I64', new BigInt64Array([-(2n ** 53n) + 1n])))).toEqual([-(2 ** 53) + 1]);
    expect(() => tensorToNumbers(one('I64', new BigInt64Array([2n ** 53n])))).toThrow(/"x" holds 9007199254740992/);
    expect(() => tensorToNumbers(one('U64', new BigUint64Array([2n ** 64n - 1n])))).toThrow(/18446744073709551615/);
  });
});
