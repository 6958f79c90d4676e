import type { PictureBytes } from './types.ts';

/** A batch is one transaction. */
const BATCH_BYTES = 32e6;
const BATCH_PICTURES = 1000;
const FLUSH_EVERY_MS = 3000;

export interface BatchOptions {
  /** A batch is of so many bytes (32 MB without it), or of `batchPictures` (1,000). */
  readonly batchBytes?: number | undefined;
  readonly batchPictures?: number | undefined;
  /** A clock in milliseconds; with it a batch is written after 3 s however small it is, as on a slow line. */
  readonly now?: (() => number) | undefined;
}

/** Where batches go. */
export interface BatchSink<Facts> {
  /** `facts` is of the same pictures, in the same order. */
  write(pictures: readonly PictureBytes[], facts: readonly Facts[]): Promise<void>;
}

/** Pictures on their way into a sink, in batches that are written one after the other, whoever adds to them. */
export interface BatchedPictures<Facts> {
  /** Takes a picture; resolves once there is room for the next. Throws as the sink. */
  add(bytes: PictureBytes, facts: Facts): Promise<void>;
  /** Writes the last, smaller batch. */
  flush(): Promise<void>;
  /** Pictures that were written. */
  written(): number;
  /** Pictures of the batches that are not written yet. */
  waiting(): number;
  waitingBytes(): number;
}

/** Batches into a sink. After a write that failed each further one is tried for itself. */
export function batchedPictures<Facts>(sink: BatchSink<Facts>, options: BatchOptions = {}): BatchedPictures<Facts> {
  const { batchBytes = BATCH_BYTES, batchPictures = BATCH_PICTURES, now = () => 0 } = options;
  let batch: { readonly bytes: PictureBytes[]; readonly facts: Facts[] } = { bytes: [], facts: [] };
  let batchSize = 0;
  let written = 0;
  let waiting = 0;
  let waitingBytes = 0;
  let flushedAtMs = now();
  let last: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    const { bytes, facts } = batch;
    const size = batchSize;
    batch = { bytes: [], facts: [] };
    batchSize = 0;
    flushedAtMs = now();
    const write = async (): Promise<void> => {
      if (bytes.length === 0) return;
      await sink.write(bytes, facts);
      written += facts.length;
      waiting -= facts.length;
      waitingBytes -= size;
    };
    last = last.then(write, write);
    return last;
  };

  return {
    async add(bytes, facts) {
      batch.bytes.push(bytes);
      batch.facts.push(facts);
      const { byteLength } = bytes.bytes;
      batchSize += byteLength;
      waiting += 1;
      waitingBytes += byteLength;
      const isFull = batchSize >= batchBytes || batch.bytes.length >= batchPictures;
      if (isFull || now() - flushedAtMs >= FLUSH_EVERY_MS) await flush();
    },
    flush,
    written: () => written,
    waiting: () => waiting,
    waitingBytes: () => waitingBytes,
  };
}
