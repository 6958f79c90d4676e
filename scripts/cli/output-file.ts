import { mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StudioError } from '../../src/base/errors.ts';

/**
 * Writes a file under the folder of `--out`, with the folders that it needs: it is there whole or not at all. Throws `storage`
 * where the disk refuses, and what the signal was aborted with.
 */
export async function writeOutputFile(
  folder: string,
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const target = join(folder, path);
  try {
    await mkdir(dirname(target), { recursive: true });
    const handle = await open(`${target}.part`, 'w');
    try {
      for await (const chunk of chunks) {
        signal.throwIfAborted();
        await handle.writeFile(chunk);
      }
    } finally {
      await handle.close();
    }
    await rename(`${target}.part`, target);
  } catch (cause) {
    if (signal.aborted || !(cause instanceof Error) || !('code' in cause)) throw cause;
    const message = `${target} cannot be written (${cause.message}); make room, or choose another --out.`;
    throw new StudioError('storage', message, {}, { cause });
  }
}
