import { createTarPacker } from 'modern-tar';

/** So much is gathered before it is handed to the browser, which keeps large blobs on disk. */
const PIECE_BYTES = 32e6;

/** Adds a file to a tar. */
export type AddFile = (name: string, bytes: Uint8Array) => Promise<void>;

/** A tar of what `write` adds, file by file. Throws as `write`. */
export async function packTarBlob(write: (add: AddFile) => Promise<void>): Promise<Blob> {
  const { readable, controller } = createTarPacker();
  const gathered = gather(readable);
  // Heard below; until then a failure must not count as unheard.
  gathered.catch(() => undefined);
  try {
    await write(async (name, bytes) => {
      const writer = controller.add({ name, size: bytes.byteLength, type: 'file' }).getWriter();
      if (bytes.byteLength > 0) await writer.write(bytes);
      await writer.close();
    });
    controller.finalize();
  } catch (thrown) {
    controller.error(thrown);
    throw thrown;
  }
  return gathered;
}

async function gather(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Blob> {
  const pieces: Blob[] = [];
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let waitingBytes = 0;
  const settle = (): void => {
    pieces.push(new Blob(waiting));
    waiting = [];
    waitingBytes = 0;
  };
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    waiting.push(value);
    waitingBytes += value.byteLength;
    if (waitingBytes >= PIECE_BYTES) settle();
  }
  settle();
  return new Blob(pieces, { type: 'application/x-tar' });
}
