import type { ChunkedFile } from '../base/chunked-file.ts';
import { StudioError } from '../base/errors.ts';
import { byteLengthOf, type SafetensorsDtype } from './safetensors-dtype.ts';
import { quoted } from './safetensors-header.ts';

/** A tensor to be written; its elements, little-endian, are asked for when their turn comes. */
export interface LazyTensor {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly data: () => ArrayBufferView;
}

const LENGTH_BYTES = 8;

/**
 * A safetensors file that is made a tensor at a time: the same input gives the same bytes. Tensors stand in the order given
 * (so that a file read and written again is the same, byte for byte, where the reference wrote it), metadata first and in
 * its own order, the header padded with spaces so that the data begin at a multiple of 8. Throws `bad-weights` where an
 * input's bytes are not what its shape and dtype need, or a name comes twice or is `__metadata__`.
 */
export function safetensorsFile(
  tensors: Iterable<readonly [string, LazyTensor]>,
  metadata: ReadonlyMap<string, string> = new Map(),
): ChunkedFile {
  const fields: string[] = [];
  if (metadata.size > 0) {
    const pairs = [...metadata].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    fields.push(`"__metadata__":{${pairs.join(',')}}`);
  }
  const parts: { readonly name: string; readonly tensor: LazyTensor; readonly bytes: number }[] = [];
  const names = new Set<string>();
  let end = 0;
  for (const [name, tensor] of tensors) {
    const { dtype, shape } = tensor;
    const bytes = byteLengthOf(dtype, shape);
    if (names.has(name) || name === '__metadata__') {
      throw unwritable(name, 'its name is taken; each tensor needs one of its own');
    }
    if (/\p{Surrogate}/u.test(name)) throw unwritable(name, 'its name is not made of whole Unicode characters');
    if (bytes === null || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
      throw unwritable(name, `${dtype} [${shape.join(', ')}] needs more bytes than can be counted`);
    }
    names.add(name);
    const offsets = `[${end},${end + bytes}]`;
    fields.push(`${JSON.stringify(name)}:{"dtype":"${dtype}","shape":[${shape.join(',')}],"data_offsets":${offsets}}`);
    parts.push({ name, tensor, bytes });
    end += bytes;
  }
  const head = headOf(`{${fields.join(',')}}`);
  return {
    byteLength: head.byteLength + end,
    *chunks() {
      yield head;
      for (const { name, tensor, bytes } of parts) {
        const { buffer, byteOffset, byteLength } = tensor.data();
        if (byteLength !== bytes) {
          const what = `${tensor.dtype} [${tensor.shape.join(', ')}]`;
          throw unwritable(name, `${what} needs ${bytes} bytes, and it has ${byteLength}`);
        }
        yield new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
      }
    },
  };
}

function headOf(json: string): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(json);
  const headerBytes = Math.ceil(header.byteLength / 8) * 8;
  const head = new Uint8Array(LENGTH_BYTES + headerBytes).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(headerBytes), true);
  head.set(header, LENGTH_BYTES);
  return head;
}

function unwritable(name: string, why: string): StudioError {
  return new StudioError('bad-weights', `Tensor ${quoted(name)} cannot be written: ${why}.`, {
    tensor: name.slice(0, 120),
  });
}
