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
    [...files].map(([path, entry]) => [
      path,
      {
        ...entry,
        read: async () => {
          if (now() - last > BREATHE_EVERY_MS) {
            await new Promise((resolve) => setTimeout(resolve, 0));
            last = now();
          }
          return entry.read();
        },
      },
    ]),
  );
}
