import { discardImport, PROJECT_SOURCE } from './import-journal.ts';
import type { DataSetStore } from './types.ts';

/**
 * Deletes what a killed browser left: pictures that neither a set nor an import has, and journals of imports that came to
 * their end. An import that goes on elsewhere meanwhile is left alone: its journal is older than its pictures, its index older
 * than its journal's end. What a project has left that was broken off goes too, unless some tab imports.
 */
export async function sweepStore(
  store: DataSetStore,
  isImporting: () => Promise<boolean> = async () => false,
): Promise<void> {
  const ids = await store.idsOfPictures();
  const journals = await store.journals();
  const sets = new Set((await store.summaries()).map(({ id }) => id));
  const importing = new Set(journals.map(({ id }) => id));
  for (const id of ids) {
    if (sets.has(id) || importing.has(id)) continue;
    await store.removePictures(id, await store.picturePaths(id));
  }
  for (const { id } of journals) if (sets.has(id)) await store.removeJournal(id);
  const ofProjects = journals.filter(({ id, source }) => source === PROJECT_SOURCE && !sets.has(id));
  if (ofProjects.length === 0 || (await isImporting())) return;
  for (const { id } of ofProjects) await discardImport(store, id);
}
