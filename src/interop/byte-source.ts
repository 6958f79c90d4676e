import type { ByteSource } from './types.ts';

/** Bytes that are in memory already. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return { byteLength: bytes.byteLength, read: async (begin, end) => new Uint8Array(bytes.subarray(begin, end)) };
}

/** A file that a person gave, read from where it lies. */
export function blobSource(blob: Blob): ByteSource {
  return {
    byteLength: blob.size,
    read: async (begin, end) => new Uint8Array(await blob.slice(begin, end).arrayBuffer()),
  };
}
