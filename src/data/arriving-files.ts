import { toStudioError } from '../base/errors.ts';
import type { ArrivingSet } from './arriving-set.ts';
import { breathing } from './breathing.ts';
import { readDataSet } from './read-data-set.ts';
import { countSet } from './set-figures.ts';
import type { ArrivedSet, FileEntry, FileTree } from './types.ts';
import { annotationPaths } from './voc-beside.ts';
import { isImageName } from './voc-layout.ts';
import { yoloLabelPaths } from './yolo-labels.ts';

/** Annotations of a whole set in one file that is larger than this are read at the end alone. */
const MOST_JSON_BYTES = 64 * 2 ** 20;
/** Reading what has come takes from the import at most this share of its time. */
const MOST_OF_THE_TIME = 0.2;

/** The files of a source that passes, and what of them is stored. */
export interface PassedFiles {
  readonly name: string;
  /** The id of the set to be. */
  readonly id: string;
  /** All that have passed; grows. */
  readonly files: ReadonlyMap<string, FileEntry>;
  /** Paths of the pictures that are stored; grows. */
  readonly written: ReadonlySet<string>;
}

/**
 * The set of an archive or a folder as its files pass: its stored pictures with what is written of them, read as the whole
 * is. A picture is shown once its boxes are known. No part can be kept: which pictures belong to the set, and to which
 * split, is certain at its end alone, and so is what is wrong with it. `now` in milliseconds.
 */
export function arrivingFiles(passed: PassedFiles, now: () => number, signal: AbortSignal): ArrivingSet {
  let last: ArrivedSet | null = null;
  let looked = 0;
  let restUntilMs = Number.NEGATIVE_INFINITY;
  return {
    async now() {
      const begunMs = now();
      if (begunMs < restUntilMs || passed.written.size === looked) return last;
      looked = passed.written.size;
      last = (await readPassed(passed, now, signal)) ?? last;
      const endedMs = now();
      restUntilMs = endedMs + (endedMs - begunMs) * (1 / MOST_OF_THE_TIME - 1);
      return last;
    },
  };
}

async function readPassed(passed: PassedFiles, now: () => number, signal: AbortSignal): Promise<ArrivedSet | null> {
  const files = shownFiles(passed);
  if ([...files.values()].some(({ byteLength, facts }) => facts === undefined && byteLength > MOST_JSON_BYTES))
    return null;
  const tree: FileTree = { name: passed.name, files: breathing(files, now), problems: [] };
  try {
    const { imageBytes: _, ...set } = await readDataSet(tree, { signal });
    const index = { ...set, id: passed.id, problems: [] };
    const bytes = index.samples.reduce((sum, { imagePath }) => sum + (files.get(imagePath)?.byteLength ?? 0), 0);
    const summary = { ...countSet(index), bundled: false, bytes, importedAtMs: null, canBeKept: false };
    return { index, summary };
  } catch (thrown) {
    const error = toStudioError(thrown);
    if (error.code === 'bad-data-set' || error.code === 'bad-annotation') return null;
    throw error;
  }
}

/** What has passed, without the pictures that are not stored yet or of whose boxes nothing has come. */
function shownFiles({ files, written }: PassedFiles): ReadonlyMap<string, FileEntry> {
  const oneForAll = [...files.keys()].some((path) => /\.json$/i.test(path));
  const isDescribed = (path: string): boolean =>
    oneForAll || [...annotationPaths(path), ...yoloLabelPaths(path)].some((file) => files.has(file));
  return new Map([...files].filter(([path]) => !isImageName(path) || (written.has(path) && isDescribed(path))));
}
