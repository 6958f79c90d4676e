const FILE = 'detrain-project.zip';

/**
 * A new, empty file of this site's own on the disk, in place of the last one; null where the browser has none, or none that a
 * stream can be written into.
 */
export async function scratchFile(): Promise<FileSystemFileHandle | null> {
  if (typeof FileSystemFileHandle === 'undefined' || !('createWritable' in FileSystemFileHandle.prototype)) return null;
  try {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry(FILE).catch(() => undefined);
    return await root.getFileHandle(FILE, { create: true });
  } catch {
    // Private windows refuse it: the file is held as a blob then.
    return null;
  }
}

/** A file that was made longer ago was downloaded since. */
const DOWNLOADED_MS = 3_600_000;

/** Deletes the file that was made last, unless it may still be read. */
export async function sweepScratchFile(): Promise<void> {
  try {
    const root = await navigator.storage.getDirectory();
    const { lastModified } = await (await root.getFileHandle(FILE)).getFile();
    if (Date.now() - lastModified > DOWNLOADED_MS) await root.removeEntry(FILE);
  } catch {
    // There is none.
  }
}
