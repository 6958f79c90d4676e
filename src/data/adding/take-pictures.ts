import { StudioError, toStudioError } from '../../base/errors.ts';
import { batchedPictures } from '../batched-pictures.ts';
import { goneFile, isGone } from '../gone-file.ts';
import { readImageHeader } from '../image-header.ts';
import { MAX_PICTURE_BYTES } from '../picture-limits.ts';
import { sha256Hex } from '../sha256.ts';
import { stemOf } from '../tree-path.ts';
import type { GivenFile, PictureBytes, Problem, Sample } from '../types.ts';

/** What a set has already, which what is added may not have again. */
export interface Taken {
  readonly ids: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
  readonly sha256: ReadonlySet<string>;
}

/** Pictures as they were stored. */
export interface TakenPictures {
  /** Unlabelled, in the order of their paths, numbers in them counted as numbers. */
  readonly samples: readonly Sample[];
  /** By path, in hexadecimal. */
  readonly sha256: ReadonlyMap<string, string>;
  readonly bytes: number;
  readonly alreadyThere: number;
  readonly problems: readonly Problem[];
}

export interface TakeOptions {
  readonly signal: AbortSignal;
  /** Hears of each file once it was read. */
  readonly onFile: (byteLength: number) => void;
  readonly write: (pictures: readonly PictureBytes[]) => Promise<void>;
}

const byPath = new Intl.Collator('en', { numeric: true });

/**
 * Reads given pictures and writes them in batches. Those that cannot be read are told, and those whose bytes are there already
 * are counted; ids are the files' stems, with a number where that is taken. Throws as `write`, `not-found` for a file that is
 * gone, and when `signal` aborts.
 */
export async function takePictures(
  files: readonly GivenFile[],
  taken: Taken,
  { signal, onFile, write }: TakeOptions,
): Promise<TakenPictures> {
  const ids = new Set(taken.ids);
  const paths = new Set(taken.paths);
  const seen = new Set(taken.sha256);
  const samples: Sample[] = [];
  const sha256 = new Map<string, string>();
  const problems: Problem[] = [];
  const batches = batchedPictures<null>({ write });
  let [bytes, alreadyThere] = [0, 0];

  for (const { path, file } of [...files].sort((a, b) => byPath.compare(a.path, b.path))) {
    signal.throwIfAborted();
    const read = await readPicture(path, file, problems);
    onFile(file.size);
    if (read === null) continue;
    if (seen.has(read.sha256)) {
      alreadyThere += 1;
      continue;
    }
    seen.add(read.sha256);
    const id = freeId(stemOf(path).normalize('NFC').trim() || 'picture', (other) => {
      return ids.has(other) || paths.has(`${other}.${read.header.format}`);
    });
    const imagePath = `${id}.${read.header.format}`;
    ids.add(id);
    samples.push({ id, imagePath, size: read.header.size, objects: [], labelled: false });
    sha256.set(imagePath, read.sha256);
    bytes += read.bytes.byteLength;
    await batches.add({ path: imagePath, bytes: read.bytes }, null);
  }
  await batches.flush();
  return { samples, sha256, bytes, alreadyThere, problems };
}

async function readPicture(path: string, file: Blob, problems: Problem[]) {
  try {
    if (file.size > MAX_PICTURE_BYTES) {
      const message = `The file has ${file.size} bytes; at most ${MAX_PICTURE_BYTES} are read. Scale the picture down.`;
      throw new StudioError('bad-image', message);
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { bytes, header: readImageHeader(bytes), sha256: await sha256Hex(bytes) };
  } catch (thrown) {
    if (isGone(thrown)) throw goneFile(path, thrown);
    const error = toStudioError(thrown);
    if (error.code !== 'bad-image') throw error;
    problems.push({ file: path, severity: 'refused', reason: error.message });
    return null;
  }
}

function freeId(stem: string, isTaken: (id: string) => boolean): string {
  let id = stem;
  for (let number = 2; isTaken(id); number += 1) id = `${stem}-${number}`;
  return id;
}
