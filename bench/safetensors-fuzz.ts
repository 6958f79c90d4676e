import { StudioError } from '../src/base/errors.ts';
import { seededRandom } from '../src/base/random.ts';
import { readSafetensors, writeSafetensors } from '../src/interop/safetensors.ts';

const COUNT = Number(process.argv[2] ?? 1_000_000);
const SEED = Number(process.argv[3] ?? 1);
/** Of the three tensors below. */
const DATA_BYTES = 24 + 8 + 6;
/** Longer than this for a file of some hundred bytes is a hang. */
const MOST_MS = 1000;

const text = new TextEncoder();
const good = writeSafetensors(
  [
    ['a.weight', { dtype: 'F32', shape: [2, 3], data: new Float32Array(6) }],
    ['b', { dtype: 'I64', shape: [], data: new BigInt64Array(1) }],
    ['c', { dtype: 'BF16', shape: [3], data: new Uint16Array(3) }],
  ],
  new Map([['format', 'pt']]),
);
/** Parts that a header is made of, and what hostile ones put in their place. */
const PARTS = [
  ...['{', '}', '[', ']', '"', ':', ',', ' ', '\\', '0', '1', '-1', '1e9', '9223372036854775808', '4294967296'],
  ...['"dtype"', '"shape"', '"data_offsets"', '"__metadata__"', '"__proto__"', '"F32"', '"F16"', 'null', 'true'],
  ...['\\u0000', '\\ud800', '\ufeff', '"a.weight":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}', '[[[['],
].map((part) => text.encode(part));

const random = seededRandom(SEED);
const counts = { read: 0, refused: 0 };
let slowestMs = 0;
const began = performance.now();
for (let round = 0; round < COUNT; round += 1) {
  const bytes = mutated();
  const before = performance.now();
  try {
    const { tensors } = readSafetensors(bytes);
    for (const { data } of tensors.values())
      if (data.byteOffset + data.byteLength > bytes.byteLength) fail(bytes, 'reads past its end');
    counts.read += 1;
  } catch (thrown) {
    if (!(thrown instanceof StudioError) || thrown.code !== 'bad-weights') fail(bytes, String(thrown));
    counts.refused += 1;
  }
  slowestMs = Math.max(slowestMs, performance.now() - before);
  if (slowestMs > MOST_MS) fail(bytes, `took ${slowestMs} ms`);
}
const seconds = (performance.now() - began) / 1000;
process.stdout.write(`${JSON.stringify({ headers: COUNT, seed: SEED, ...counts, seconds, slowestMs }, null, 2)}\n`);

/** A good file with one to four edits of its header or its length. */
function mutated(): Uint8Array {
  let bytes = Array.from(good);
  for (let edits = 1 + random.below(4); edits > 0; edits -= 1) {
    const at = random.below(8) === 0 ? random.below(8) : 8 + random.below(Math.max(1, bytes.length - 8));
    const part = PARTS[random.below(PARTS.length)] ?? [];
    switch (random.below(5)) {
      case 0:
        bytes.splice(at, 1 + random.below(20));
        break;
      case 1:
        bytes.splice(at, 0, ...part);
        break;
      case 2:
        bytes.splice(at, part.length, ...part);
        break;
      case 3:
        bytes = bytes.slice(0, at);
        break;
      default:
        bytes[at] = random.below(256);
    }
  }
  // Most are given the length that their header has now, so that its grammar is reached.
  const file = Uint8Array.from(bytes);
  const headerBytes = file.length - 8 - DATA_BYTES;
  if (headerBytes > 0 && random.below(4) > 0) new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  return file;
}

function fail(bytes: Uint8Array, found: string): never {
  throw new Error(`A header ${found}: ${Buffer.from(bytes).toString('hex')}`);
}
