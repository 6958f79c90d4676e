import type { FileEntry } from './types.ts';

/** So long may reading go on before it hears whether it was cancelled. */
const BREATHE_EVERY_MS = 50;

/**
 * The same files, but reading them lets messages and interruptions through now and then: reading from memory alone never
 * would. `now` in milliseconds.
 */
export function breathing(files: ReadonlyMap<string, FileEntry>, now: () => number): ReadonlyMap<string, FileEntry> {
  let last = now();
  return new Map(
    [...files].map(([path, entry]) => {
      // Of a picture whose facts are known nothing more is read.
      if (entry.facts !== undefined) return [path, entry];
      const read = async (): Promise<Uint8Array> => {
        if (now() - last > BREATHE_EVERY_MS) {
          await new Promise((resolve) => setTimeout(resolve, 0));
          last = now();
        }
        return entry.read();
      };
      return [path, { byteLength: entry.byteLength, read }];
    }),
  );
}
