import { StudioError } from '../base/errors.ts';

/** What was seen of a tar's bytes while they passed. */
export interface TarBytesSeen {
  /** After decompression. */
  total: number;
  /** How many zero bytes stood at the very end so far. */
  zerosAtEnd: number;
}

export const TAR_BLOCK_BYTES = 512;
/** A tar ends with two zero blocks. */
export const TAR_END_BYTES = 2 * TAR_BLOCK_BYTES;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The tar bytes of an archive that may be gzipped (told by its first bytes, whatever its name), followed by two more zero
 * blocks, so that a strict reader accepts an archive that lacks them; `seen` says afterwards what was really there.
 * Throws `bad-archive` for an empty file, a zip, or one that unpacks to more than `maxBytes`.
 */
export async function openTarBytes(
  source: ReadableStream<Bytes>,
  name: string,
  maxBytes: number,
  takeCutOff = false,
): Promise<{ stream: ReadableStream<Bytes>; seen: TarBytesSeen }> {
  const { head, stream } = await peek(source, 4);
  if (head.byteLength === 0) {
    throw new StudioError('bad-archive', `${name} is empty, but a tar archive was expected; fetch it again.`, { name });
  }
  if (isZip(head)) {
    throw new StudioError(
      'bad-archive',
      `${name} is a zip archive, but a tar archive was expected; unpack it and give the folder.`,
      { name },
    );
  }
  const seen: TarBytesSeen = { total: 0, zerosAtEnd: 0 };
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const unpacked = isGzip ? stream.pipeThrough(new DecompressionStream('gzip')) : stream;
  const plain = takeCutOff ? endedEarly(unpacked) : unpacked;
  const counted = plain.pipeThrough(
    new TransformStream<Bytes, Bytes>({
      transform(chunk, controller) {
        seen.total += chunk.byteLength;
        if (seen.total > maxBytes) {
          throw new StudioError(
            'bad-archive',
            `${name} unpacks to more than ${maxBytes} bytes, which is the limit; unpack it and give the folder.`,
            { name, maxBytes },
          );
        }
        const zeros = zerosAtEnd(chunk);
        seen.zerosAtEnd = zeros === chunk.byteLength ? seen.zerosAtEnd + zeros : zeros;
        controller.enqueue(chunk);
      },
      flush(controller) {
        if (!takeCutOff) controller.enqueue(new Uint8Array(TAR_END_BYTES));
      },
    }),
  );
  return { stream: counted, seen };
}

/** True for the first bytes of a zip archive, one without entries too. */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
}

/** The same stream, ended where it would break off with an error. */
function endedEarly(source: ReadableStream<Bytes>): ReadableStream<Bytes> {
  const reader = source.getReader();
  return new ReadableStream<Bytes>({
    async pull(controller) {
      // Told apart from a true end by who reads the tar: there are no end blocks.
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done || value === undefined) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** A stream of bytes in hand, in pieces of 1 MiB that share its memory. */
export function streamOf(bytes: Bytes): ReadableStream<Bytes> {
  const piece = 1 << 20;
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.byteLength) return controller.close();
      controller.enqueue(bytes.subarray(at, at + piece));
      at += piece;
    },
  });
}

/** The first `n` bytes of a stream, or as many as there are, and the same stream from its beginning. */
export async function peek(
  source: ReadableStream<Bytes>,
  n: number,
): Promise<{ head: Bytes; stream: ReadableStream<Bytes> }> {
  const reader = source.getReader();
  const first: Bytes[] = [];
  let length = 0;
  let ended = false;
  while (length < n && !ended) {
    const { done, value } = await reader.read();
    ended = done;
    if (value === undefined) continue;
    first.push(value);
    length += value.byteLength;
  }
  const head = new Uint8Array(length);
  let at = 0;
  for (const chunk of first) {
    head.set(chunk, at);
    at += chunk.byteLength;
  }
  const stream = new ReadableStream<Bytes>({
    start(controller) {
      if (head.byteLength > 0) controller.enqueue(head);
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { head: head.subarray(0, n), stream };
}

function zerosAtEnd(chunk: Uint8Array): number {
  let at = chunk.byteLength;
  while (at > 0 && chunk[at - 1] === 0) at -= 1;
  return chunk.byteLength - at;
}
