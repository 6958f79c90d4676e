import { batchedPictures } from './batched-pictures.ts';
import { freeName } from './free-name.ts';
import type { Library } from './library.ts';
import { countSet } from './set-figures.ts';
import { sha256Hex } from './sha256.ts';
import type { DataSetStore, DataSetSummary } from './types.ts';

export interface CopyPorts {
  readonly store: DataSetStore;
  readonly library: Library;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly newId: () => string;
}

/**
 * Copies a set, the bundled one too, as it is now: the copy begins with a first version of its own. Throws `not-found`, and
 * `storage` where there is no room, and when `signal` aborts, keeping nothing.
 */
export async function copySet(
  id: string,
  { store, library, clock, newId }: CopyPorts,
  { signal, onBegin }: { readonly signal?: AbortSignal; readonly onBegin?: (id: string) => void } = {},
): Promise<DataSetSummary> {
  const { imageBytes, ...set } = await library.open(id);
  const copyId = newId();
  onBegin?.(copyId);
  const startedAtMs = clock();
  // So that another tab takes the pictures for no leftovers.
  await store.writeJournal({ id: copyId, name: `${set.name} copy`, source: `copy ${copyId}`, startedAtMs });
  const sha256: Record<string, string> = {};
  let bytes = 0;
  const batches = batchedPictures<null>({ write: (pictures) => store.writePictures(copyId, pictures) });
  try {
    for (const { id: sampleId, imagePath } of set.samples) {
      signal?.throwIfAborted();
      const picture = new Uint8Array(await imageBytes(sampleId));
      sha256[imagePath] = await sha256Hex(picture);
      bytes += picture.byteLength;
      await batches.add({ path: imagePath, bytes: picture }, null);
    }
    await batches.flush();
    const name = freeName(`${set.name} copy`, await library.summaries());
    const index = { ...set, id: copyId, name };
    const summary: DataSetSummary = { ...countSet(index), bundled: false, bytes, importedAtMs: clock() };
    await store.writeSet({ summary, index, pictureSha256: sha256 });
    return summary;
  } catch (thrown) {
    // Where that fails too, the next start sweeps it.
    await store.removePictures(copyId, Object.keys(sha256)).catch(() => undefined);
    throw thrown;
  } finally {
    await store.removeJournal(copyId).catch(() => undefined);
  }
}
