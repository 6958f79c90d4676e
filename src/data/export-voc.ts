import { packTarBlob } from './tar-blob.ts';
import { safeTreePath } from './tree-path.ts';
import type { DataSet, Sample } from './types.ts';
import { writeVocAnnotation } from './voc-write.ts';

/**
 * A data set as a VOC tar, `VOCdevkit/NAME/{Annotations,ImageSets/Main,JPEGImages}`, its pictures read one by one. Read
 * again, it gives the same hash, but for COCO's crowds, which become difficult objects. Throws as `imageBytes`, and when
 * `signal` aborts.
 */
export function exportVocTar(dataSet: DataSet, signal?: AbortSignal): Promise<Blob> {
  return packTarBlob(async (add) => {
    const text = new TextEncoder();
    for (const [path, lines] of listFiles(dataSet)) await add(path, text.encode(`${lines.join('\n')}\n`));
    for (const sample of dataSet.samples) {
      signal?.throwIfAborted();
      const { root, folder, stem } = placeOf(dataSet, sample.id);
      const fileName = `${stem}${extensionOf(sample.imagePath)}`;
      if (sample.labelled) {
        await add(`${root}/Annotations/${stem}.xml`, text.encode(writeVocAnnotation(sample, folder, fileName)));
      }
      await add(`${root}/JPEGImages/${fileName}`, await dataSet.imageBytes(sample.id));
    }
  });
}

/** What VOC has no place for, of what the set has: full sentences. */
export function lostInVoc({ samples }: DataSet): string[] {
  const crowds = samples.flatMap(({ objects }) => objects).filter(({ crowd }) => crowd === true).length;
  return crowds === 0 ? [] : [`That ${crowds} boxes are around crowds: they become difficult objects.`];
}

/** Where a sample goes: those of several sets read as one have ids `FOLDER/STEM`. */
function placeOf(dataSet: Pick<DataSet, 'name'>, id: string): { root: string; folder: string; stem: string } {
  const slash = id.lastIndexOf('/');
  const folder = slash > 0 ? id.slice(0, slash) : folderName(dataSet.name);
  return { root: `VOCdevkit/${folder}`, folder, stem: id.slice(slash + 1) };
}

/** A data set's name as a folder's: without an archive's ending, and with nothing that leads elsewhere. */
export function folderName(name: string): string {
  const plain = name.replace(/\.(tar|tgz|tar\.gz|zip)$/i, '').replace(/[/\\]/g, '-');
  return safeTreePath(plain) ?? 'data-set';
}

/** Sample ids by split. Samples in no split stand in trainval, so that reading takes them again. */
export function exportedSplits({ splits: known, samples }: DataSet): Map<string, readonly string[]> {
  const inSplits = new Set(Object.values(known).flat());
  const rest = samples.filter(({ id }) => !inSplits.has(id)).map(({ id }) => id);
  const splits = new Map(Object.entries(known));
  if (rest.length > 0) splits.set('trainval', [...(splits.get('trainval') ?? []), ...rest]);
  return splits;
}

/** The lists of ImageSets/Main by path. */
function listFiles(dataSet: DataSet): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const [split, ids] of exportedSplits(dataSet)) {
    for (const id of ids) {
      const { root, stem } = placeOf(dataSet, id);
      const path = `${root}/ImageSets/Main/${split}.txt`;
      const lines = files.get(path) ?? [];
      lines.push(stem);
      files.set(path, lines);
    }
  }
  return files;
}

/** With its dot. */
export function extensionOf(path: Sample['imagePath']): string {
  return path.slice(path.lastIndexOf('.'));
}
