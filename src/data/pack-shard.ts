import { packTar } from 'modern-tar';
import { TAR_BLOCK_BYTES, TAR_END_BYTES } from './tar-stream.ts';

/** A file on its way into a shard. */
export interface ShardFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface PackedShard {
  /** Lent until the next shard is packed. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each file's bytes begin. */
  readonly offsets: readonly number[];
}

/** Fields of a tar's header (POSIX ustar): where they begin. */
const SIZE = 124;
const CHECKSUM = 148;
const KIND = 156;
/** PAX headers and GNU's long names stand before the header of the entry that they are about. */
const BEFORE_HEADERS: ReadonlySet<number> = new Set([...'xgLK'].map((letter) => letter.charCodeAt(0)));

/**
 * Packs shards as tars without dates or owners, the same for the same files. The library writes the headers, as of empty
 * files; sizes and bytes are put in here, into memory that is used again: with 32 MB anew for each shard, a third of the time of
 * making a set was spent on collecting it.
 */
export function shardPacker() {
  let memory = new Uint8Array(0);
  const mtime = new Date(0);
  const pack = async (files: readonly ShardFile[]): Promise<PackedShard> => {
    const headers = await packTar(files.map(({ path }) => ({ header: { name: path, size: 0, mode: 0o644, mtime } })));
    const byteLength = headers.byteLength + files.reduce((sum, { bytes }) => sum + padded(bytes.byteLength), 0);
    if (memory.byteLength < byteLength) memory = new Uint8Array(Math.ceil(byteLength * 1.1));
    const offsets: number[] = [];
    let from = 0;
    let at = 0;
    for (const { bytes } of files) {
      let end = from;
      while (BEFORE_HEADERS.has(headers[end + KIND] ?? 0)) end += TAR_BLOCK_BYTES + padded(sizeAt(headers, end));
      end += TAR_BLOCK_BYTES;
      memory.set(headers.subarray(from, end), at);
      at += end - from;
      from = end;
      writeSize(memory.subarray(at - TAR_BLOCK_BYTES, at), bytes.byteLength);
      offsets.push(at);
      memory.set(bytes, at);
      memory.fill(0, at + bytes.byteLength, at + padded(bytes.byteLength));
      at += padded(bytes.byteLength);
    }
    memory.fill(0, at, at + TAR_END_BYTES);
    return { bytes: memory.subarray(0, at + TAR_END_BYTES), offsets };
  };
  return {
    pack,
    /** Gives the memory back. */
    release(): void {
      memory = new Uint8Array(0);
    },
  };
}

function sizeAt(tar: Uint8Array, at: number): number {
  const text = new TextDecoder('latin1').decode(tar.subarray(at + SIZE, at + SIZE + 12));
  return Number.parseInt(text.replace(/\0.*$/s, '').trim(), 8);
}

function writeSize(header: Uint8Array, size: number): void {
  const text = new TextEncoder();
  text.encodeInto(size.toString(8).padStart(11, '0'), header.subarray(SIZE));
  header.fill(0x20, CHECKSUM, CHECKSUM + 8);
  const sum = header.reduce((total, byte) => total + byte, 0);
  text.encodeInto(`${sum.toString(8).padStart(6, '0')}\0 `, header.subarray(CHECKSUM, CHECKSUM + 8));
}

function padded(byteLength: number): number {
  return Math.ceil(byteLength / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
}
