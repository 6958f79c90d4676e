import { type FileHandle, open } from 'node:fs/promises';
import { StudioError } from '../../base/errors.ts';

/** Bytes of a file, in memory of their own. Throws what the file system throws, and `storage` where the file is shorter. */
export async function readPart(path: string, begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(path);
  try {
    const bytes = await readAt(file, begin, end - begin);
    if (bytes !== null) return bytes;
    throw new StudioError('storage', `${path} became shorter while it was read. Try again.`, { path });
  } finally {
    await file.close();
  }
}

/** Bytes of an open file, in memory of their own; null where it ends before. */
export async function readAt(
  file: FileHandle,
  byteOffset: number,
  byteLength: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = new Uint8Array(byteLength);
  for (let at = 0; at < byteLength; ) {
    const { bytesRead } = await file.read(bytes, at, byteLength - at, byteOffset + at);
    if (bytesRead === 0) return null;
    at += bytesRead;
  }
  return bytes;
}
