import { packTar } from 'modern-tar';
import { TAR_BLOCK_BYTES } from './tar-stream.ts';

/** A file on its way into a shard. */
export interface ShardFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** PAX headers and GNU's long names stand before the header of the entry that they are about. */
const BEFORE_HEADERS: ReadonlySet<number> = new Set([...'xgLK'].map((letter) => letter.charCodeAt(0)));

/** A shard as a tar without dates or owners, the same for the same files; and where each file's bytes begin in it. */
export async function packShard(
  files: readonly ShardFile[],
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly offsets: readonly number[] }> {
  const mtime = new Date(0);
  const packed = await packTar(
    files.map(({ path, bytes }) => ({
      header: { name: path, size: bytes.byteLength, mode: 0o644, mtime },
      body: bytes,
    })),
  );
  const offsets: number[] = [];
  let at = 0;
  for (const { bytes } of files) {
    while (BEFORE_HEADERS.has(packed[at + 156] ?? 0)) at += TAR_BLOCK_BYTES + padded(sizeAt(packed, at));
    at += TAR_BLOCK_BYTES;
    offsets.push(at);
    at += padded(bytes.byteLength);
  }
  return { bytes: packed, offsets };
}

function sizeAt(tar: Uint8Array, at: number): number {
  const text = new TextDecoder('latin1').decode(tar.subarray(at + 124, at + 136));
  return Number.parseInt(text.replace(/\0.*$/s, '').trim(), 8);
}

function padded(byteLength: number): number {
  return Math.ceil(byteLength / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
}
