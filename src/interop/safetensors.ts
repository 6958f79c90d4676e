import { bytesOfFile } from '../base/chunked-file.ts';
import { StudioError } from '../base/errors.ts';
import type { SafetensorsDtype } from './safetensors-dtype.ts';
import { byteLengthOf, halfToFloat32Bits, isSafetensorsDtype, knownDtypes } from './safetensors-dtype.ts';
import { safetensorsFile } from './safetensors-file.ts';
import type { HeaderEntry } from './safetensors-header.ts';
import { parseHeader, quoted } from './safetensors-header.ts';

export type { SafetensorsDtype };

/** A tensor as it stands in a file. */
export interface SafetensorsTensor {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  /** Row-major; empty for a scalar. */
  readonly shape: readonly number[];
  /** A view of the file's own bytes, little-endian, at any alignment. */
  readonly data: Uint8Array;
}

/** A whole file, checked; both maps in the order of its header. */
export interface SafetensorsFile {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
}

/** A tensor to be written: `data` holds its elements little-endian, as any typed array or view. */
export interface SafetensorsInput {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView;
}

/** The reference's own limit: a longer header is an attack or no header. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;
const ADVICE = 'The file is damaged or is no safetensors file; fetch or export it again.';

/**
 * Reads a safetensors file as strictly as the reference (huggingface/safetensors `safetensors/src/tensor.rs`), and stricter
 * in two places: a key that comes twice and a field that the format does not know are refused. All is checked before
 * anything is returned; the tensors are views of `bytes`. Throws `bad-weights` naming the tensor or the offset.
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const dataStart = dataStartOf(bytes, bytes.byteLength);
  const { metadata, entries } = readCheckedHeader(
    bytes.subarray(LENGTH_BYTES, dataStart),
    bytes.byteLength - dataStart,
  );
  const tensors = new Map<string, SafetensorsTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const at = bytes.byteOffset + dataStart + begin;
    // Not `subarray`: of Node's Buffer that is a Buffer again, whose `slice` does not copy.
    tensors.set(name, { name, dtype, shape, data: new Uint8Array(bytes.buffer, at, end - begin) });
  }
  return { metadata, tensors };
}

/** A tensor's place in the data of a file whose header was checked. */
export interface CheckedEntry extends HeaderEntry {
  readonly dtype: SafetensorsDtype;
}

/**
 * Where a file's data begin, from its first bytes (8 of them, or the whole file where it is shorter) and its length. Throws
 * `bad-weights` for a header that is too long or goes past the end.
 */
export function dataStartOf(first: Uint8Array, fileBytes: number): number {
  if (first.byteLength < LENGTH_BYTES || fileBytes < LENGTH_BYTES) {
    throw refusal(`The file has ${fileBytes} bytes, but a safetensors file has at least 8.`);
  }
  const length = new DataView(first.buffer, first.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw refusal(`The file says that its header has ${length} bytes; at most ${MAX_HEADER_BYTES} are allowed.`);
  }
  if (length > fileBytes - LENGTH_BYTES) {
    throw refusal(`The file says that its header has ${length} bytes, but it ends after ${fileBytes - 8} of them.`);
  }
  return LENGTH_BYTES + Number(length);
}

/**
 * Reads the bytes of a header and checks it against the length of the data after it, in the header's own order. Throws as
 * `readSafetensors`.
 */
export function readCheckedHeader(
  header: Uint8Array,
  dataBytes: number,
): { readonly metadata: ReadonlyMap<string, string>; readonly entries: readonly CheckedEntry[] } {
  const { metadata, entries } = parseHeader(decodeHeader(header));
  const checked = entries.map((entry) => ({ ...entry, dtype: checkEntry(entry) }));
  checkLayout(checked, dataBytes);
  return { metadata, entries: checked };
}

function decodeHeader(header: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch (cause) {
    throw refusal('The header of the file is not UTF-8 text.', undefined, { cause });
  }
}

function checkEntry({ name, dtype, shape, begin, end }: HeaderEntry): SafetensorsDtype {
  if (!isSafetensorsDtype(dtype)) {
    throw refusal(`Tensor ${quoted(name)} has the dtype ${quoted(dtype)}; known are ${knownDtypes()}.`, name);
  }
  if (end < begin)
    throw refusal(`Tensor ${quoted(name)} ends at byte ${end}, before it begins at byte ${begin}.`, name);
  const expected = byteLengthOf(dtype, shape);
  if (expected === null) {
    throw refusal(`Tensor ${quoted(name)} has the shape [${shape.join(', ')}], too large to count its bytes.`, name);
  }
  if (end - begin !== expected) {
    throw refusal(
      `Tensor ${quoted(name)} of ${dtype} [${shape.join(', ')}] needs ${expected} bytes, ` +
        `but its data_offsets [${begin}, ${end}] hold ${end - begin}.`,
      name,
    );
  }
  return dtype;
}

/** Every byte of the data belongs to exactly one tensor. */
function checkLayout(entries: readonly HeaderEntry[], dataBytes: number): void {
  let free = 0;
  let before = '';
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin > free) {
      throw refusal(`Bytes ${free} to ${begin} of the data, before tensor ${quoted(name)}, belong to no tensor.`, name);
    }
    if (begin < free) {
      throw refusal(`Tensor ${quoted(name)} begins at byte ${begin}, inside tensor ${quoted(before)}.`, name);
    }
    if (end > dataBytes) {
      throw refusal(`Tensor ${quoted(name)} ends at byte ${end}, but the file's data end at ${dataBytes}.`, name);
    }
    free = end;
    before = name;
  }
  if (free !== dataBytes) {
    throw refusal(`The tensors end at byte ${free} of the data, but the file goes on to byte ${dataBytes}.`);
  }
}

/** The bytes of a safetensors file, as `safetensorsFile` makes it; throws as it does. */
export function writeSafetensors(
  tensors: Iterable<readonly [string, SafetensorsInput]>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  const given = [...tensors].map(([name, { data, ...about }]) => [name, { ...about, data: () => data }] as const);
  return bytesOfFile(safetensorsFile(given, metadata));
}

/**
 * A tensor's values as float32, row-major, in memory of the caller's own. F32, F16 and BF16 are exact, F64 is rounded to
 * nearest. Throws `bad-weights` for any other dtype.
 */
export function tensorToFloat32({ name, dtype, shape, data }: SafetensorsTensor): Float32Array<ArrayBuffer> {
  const aligned = new Uint8Array(data); // a tensor may begin at any byte of its file
  if (dtype === 'F32') return new Float32Array(aligned.buffer);
  if (dtype === 'F64') return Float32Array.from(new Float64Array(aligned.buffer));
  if (dtype !== 'F16' && dtype !== 'BF16') {
    throw new StudioError(
      'bad-weights',
      `Tensor ${quoted(name)} [${shape.join(', ')}] is stored as ${dtype}; weights must be F32, F16, BF16 or F64. ` +
        'Convert the file to one of these.',
      { tensor: name, dtype },
    );
  }
  const stored = new Uint16Array(aligned.buffer);
  const values = new Float32Array(stored.length);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < stored.length; i += 1) {
    const value = stored[i] ?? 0;
    bits[i] = dtype === 'BF16' ? value << 16 : halfToFloat32Bits(value);
  }
  return values;
}

/**
 * A tensor's values as plain numbers, row-major: integers as they are, BOOL as 0 and 1, floats exactly. Throws `bad-weights`
 * where a 64-bit integer is past 2^53 - 1 in size, and for 8-bit floats and complex numbers.
 */
export function tensorToNumbers(tensor: SafetensorsTensor): number[] {
  const { name, dtype, data } = tensor;
  const aligned = new Uint8Array(data).buffer;
  switch (dtype) {
    case 'BOOL':
      return Array.from(data, (value) => (value === 0 ? 0 : 1));
    case 'U8':
      return Array.from(data);
    case 'I8':
      return Array.from(new Int8Array(aligned));
    case 'I16':
      return Array.from(new Int16Array(aligned));
    case 'U16':
      return Array.from(new Uint16Array(aligned));
    case 'I32':
      return Array.from(new Int32Array(aligned));
    case 'U32':
      return Array.from(new Uint32Array(aligned));
    case 'I64':
      return Array.from(new BigInt64Array(aligned), (value) => exactNumber(name, value));
    case 'U64':
      return Array.from(new BigUint64Array(aligned), (value) => exactNumber(name, value));
    case 'F64':
      return Array.from(new Float64Array(aligned));
    default:
      return Array.from(tensorToFloat32(tensor));
  }
}

function exactNumber(name: string, value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw refusal(`Tensor ${quoted(name)} holds ${value}, which is past 2^53 and cannot be read exactly.`, name);
}

function refusal(found: string, tensor?: string, options?: ErrorOptions): StudioError {
  const details = tensor === undefined ? {} : { tensor: tensor.slice(0, 120) };
  return new StudioError('bad-weights', `${found} ${ADVICE}`, details, options);
}
