import { createTarPacker } from 'modern-tar';
import { safeTreePath } from './tree-path.ts';
import type { DataSet, Sample } from './types.ts';
import { writeVocAnnotation } from './voc-write.ts';

/** So much is gathered before it is handed to the browser, which keeps large blobs on disk. */
const PIECE_BYTES = 32e6;

/**
 * A data set as a VOC tar, `VOCdevkit/NAME/{Annotations,ImageSets/Main,JPEGImages}`, its pictures read one by one. Read
 * again, it gives the same hash. Throws as `imageBytes`, and when `signal` aborts.
 */
export async function exportVocTar(dataSet: DataSet, signal?: AbortSignal): Promise<Blob> {
  const { readable, controller } = createTarPacker();
  const gathered = gather(readable);
  // Heard below; until then a failure must not count as unheard.
  gathered.catch(() => undefined);
  const add = async (name: string, bytes: Uint8Array): Promise<void> => {
    const writer = controller.add({ name, size: bytes.byteLength, type: 'file' }).getWriter();
    if (bytes.byteLength > 0) await writer.write(bytes);
    await writer.close();
  };
  try {
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
    controller.finalize();
  } catch (thrown) {
    controller.error(thrown);
    throw thrown;
  }
  return gathered;
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

/** The lists of ImageSets/Main by path. Samples in no split stand in trainval, so that reading takes them again. */
function listFiles(dataSet: DataSet): Map<string, string[]> {
  const inSplits = new Set(Object.values(dataSet.splits).flat());
  const rest = dataSet.samples.filter(({ id }) => !inSplits.has(id)).map(({ id }) => id);
  const splits = new Map(Object.entries(dataSet.splits));
  if (rest.length > 0) splits.set('trainval', [...(splits.get('trainval') ?? []), ...rest]);
  const files = new Map<string, string[]>();
  for (const [split, ids] of splits) {
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

function extensionOf(path: Sample['imagePath']): string {
  return path.slice(path.lastIndexOf('.'));
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
