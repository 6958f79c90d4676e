/**
 * Memory for the pixels of batches that are not used any more. A batch of photographs takes some 40 MB: to ask for it anew
 * each time costs as much as a third of what is written into it, for every page of it comes from the system, zeroed.
 */
export interface PixelBuffers {
  /** `[length]` f32, its contents as they were left. */
  take(length: number): Float32Array;
  /** Hands back what nobody reads or writes from now on. */
  giveBack(pixels: Float32Array): void;
}

/** So many wait for their next use; the sizes of batches are few. */
const MOST_WAITING = 4;

/** Buffers, none of them made yet. */
export function createPixelBuffers(): PixelBuffers {
  const waiting: Float32Array[] = [];
  return {
    take(length) {
      const at = waiting.findIndex((pixels) => pixels.length === length);
      return (at < 0 ? undefined : waiting.splice(at, 1)[0]) ?? new Float32Array(length);
    },
    giveBack(pixels) {
      waiting.push(pixels);
      if (waiting.length > MOST_WAITING) waiting.shift();
    },
  };
}
