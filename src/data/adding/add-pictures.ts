import { StudioError } from '../../base/errors.ts';
import { hashDataSet } from '../data-set-hash.ts';
import { freeName } from '../free-name.ts';
import { importProgress } from '../import-progress.ts';
import { sameSet } from '../keep-set.ts';
import { countSet } from '../set-figures.ts';
import type { DataSetIndex, DataSetStore, DataSetSummary, ImportProgress } from '../types.ts';
import { pictureHashes } from '../versions/picture-hashes.ts';
import type { GrowSet } from '../versions/set-versions.ts';
import { type TakenPictures, takePictures } from './take-pictures.ts';
import type { AddPicturesRequest, AddPicturesResult } from './types.ts';

export interface AddPicturesPorts {
  readonly store: DataSetStore;
  /** All sets there are. */
  readonly summaries: () => Promise<readonly DataSetSummary[]>;
  readonly growSet: GrowSet;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly newId: () => string;
}

export interface AddPicturesOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ImportProgress) => void;
  /** Hears the id of a new set once it is known. */
  readonly onBegin?: (id: string) => void;
}

/**
 * Makes a set of pictures without labels, or adds them to a set as a version of its own. A picture whose bytes are there is not
 * added again. Throws `bad-data-set` where none can be read, `storage`, `cancelled`, and as `growSet`; then nothing is kept.
 */
export async function addPictures(
  request: AddPicturesRequest,
  ports: AddPicturesPorts,
  options: AddPicturesOptions,
): Promise<AddPicturesResult> {
  if (request.files.length === 0) {
    const message = 'There is no picture in what was given; JPEG, PNG, WebP, GIF and BMP are read.';
    throw new StudioError('bad-data-set', message);
  }
  return request.into === null ? makeSet(request, ports, options) : joinSet(request, request.into, ports, options);
}

async function makeSet(
  request: AddPicturesRequest,
  ports: AddPicturesPorts,
  options: AddPicturesOptions,
): Promise<AddPicturesResult> {
  const { store, clock } = ports;
  const id = ports.newId();
  options.onBegin?.(id);
  // So that another tab takes the pictures for no leftovers.
  await store.writeJournal({ id, name: request.name, source: `pictures ${id}`, startedAtMs: clock() });
  const { taking, remove, finishing } = taker(id, request, ports, options);
  try {
    const nothing: ReadonlySet<string> = new Set();
    const taken = await taking({ ids: nothing, paths: nothing, sha256: nothing });
    const { samples, problems, alreadyThere, bytes } = taken;
    if (samples.length === 0) throw noneRead(taken);
    finishing();
    const others = await ports.summaries();
    const name = freeName(request.name.trim() || 'pictures', others);
    const pathOf = new Map(samples.map((sample) => [sample.id, sample.imagePath]));
    const hash = await hashDataSet(samples, async (sample) => taken.sha256.get(pathOf.get(sample) ?? '') ?? '');
    const index: DataSetIndex = { id, name, classes: [], samples, splits: {}, problems, hash };
    const same = sameSet(others, hash);
    if (same !== undefined) {
      await remove();
      return { summary: same, added: 0, alreadyThere: samples.length + alreadyThere, problems };
    }
    const summary: DataSetSummary = { ...countSet(index), bundled: false, bytes, importedAtMs: clock() };
    await store.writeSet({ summary, index, pictureSha256: Object.fromEntries(taken.sha256) });
    return { summary, added: samples.length, alreadyThere, problems };
  } catch (thrown) {
    await remove();
    throw thrown;
  } finally {
    // Where that fails, the next start removes it, or offers to discard it.
    await store.removeJournal(id).catch(() => undefined);
  }
}

async function joinSet(
  request: AddPicturesRequest,
  id: string,
  ports: AddPicturesPorts,
  options: AddPicturesOptions,
): Promise<AddPicturesResult> {
  const { store } = ports;
  const { taking, remove, finishing } = taker(id, request, ports, options);
  let taken: TakenPictures | null = null;
  try {
    await ports.growSet(id, async (index) => {
      const hashes = await pictureHashes(store, index);
      const there = new Set(index.samples.map(({ imagePath }) => imagePath));
      const has = new Set([...hashes].filter(([path]) => there.has(path)).map(([, sha256]) => sha256));
      const ids = new Set(index.samples.map((sample) => sample.id));
      taken = await taking({ ids, paths: new Set(await store.picturePaths(id)), sha256: has });
      const { samples, sha256, bytes } = taken;
      if (samples.length === 0) return null;
      finishing();
      await store.writePictureSha256(id, Object.fromEntries([...hashes, ...sha256]));
      return { samples, bytes, what: `${samples.length} ${samples.length === 1 ? 'picture' : 'pictures'} added` };
    });
  } catch (thrown) {
    await remove();
    throw thrown;
  }
  const { samples, alreadyThere, problems } = taken ?? empty;
  if (samples.length + alreadyThere === 0) throw noneRead({ problems });
  const summary = (await ports.summaries()).find((set) => set.id === id);
  if (summary === undefined) throw new StudioError('not-found', 'The data set was deleted meanwhile.', { id });
  return { summary, added: samples.length, alreadyThere, problems };
}

const empty: Pick<TakenPictures, 'samples' | 'alreadyThere' | 'problems'> = {
  samples: [],
  alreadyThere: 0,
  problems: [],
};

/** Takes pictures into a set's storage, tells how far that is, and takes back what was written. */
function taker(
  id: string,
  { files, name }: AddPicturesRequest,
  { store, now }: AddPicturesPorts,
  { signal, onProgress }: AddPicturesOptions,
) {
  const tell = importProgress(now, onProgress);
  const bytesTotal = files.reduce((sum, { file }) => sum + file.size, 0);
  const written: string[] = [];
  let [bytesDone, picturesDone] = [0, 0];
  const state = () => ({ name, bytesDone, bytesTotal, picturesDone });
  return {
    taking: (taken: Parameters<typeof takePictures>[1]) =>
      takePictures(files, taken, {
        signal,
        onFile: (byteLength) => {
          bytesDone += byteLength;
          picturesDone += 1;
          tell('reading', state);
        },
        write: async (pictures) => {
          written.push(...pictures.map(({ path }) => path));
          await store.writePictures(id, pictures);
        },
      }),
    finishing: () => tell('finishing', state),
    /** Where that fails too, the pictures go with the set, or when its older versions are forgotten. */
    remove: () => (written.length === 0 ? undefined : store.removePictures(id, written).catch(() => undefined)),
  };
}

function noneRead({ problems }: Pick<TakenPictures, 'problems'>): StudioError {
  const [first] = problems;
  const files = problems.length === 1 ? 'The file' : `None of the ${problems.length} files`;
  const verb = problems.length === 1 ? 'is no picture that can be read' : 'is a picture that can be read';
  const example = first === undefined ? '' : ` ${first.file}: ${first.reason}`;
  return new StudioError('bad-data-set', `${files} ${verb}.${example}`, { refused: problems.length });
}
