/** A file whose bytes are made as they are read, so that it never lies in memory as a whole. */
export interface ChunkedFile {
  readonly byteLength: number;
  /** The bytes in order; can be asked for again. */
  chunks(): Iterable<Uint8Array<ArrayBuffer>>;
}

/** A file that is there already. */
export function wholeFile(bytes: Uint8Array<ArrayBuffer>): ChunkedFile {
  return { byteLength: bytes.byteLength, chunks: () => [bytes] };
}

/** A text file. */
export function textFile(text: string): ChunkedFile {
  return wholeFile(new TextEncoder().encode(text));
}

/** All of a file in memory. */
export function bytesOfFile(file: ChunkedFile): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(file.byteLength);
  let at = 0;
  for (const chunk of file.chunks()) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
