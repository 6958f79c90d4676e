import type { Size } from '../base/boxes.ts';
import { toStudioError } from '../base/errors.ts';
import { byCodePoint, type FoundSamples, headerOf, type ReadOptions } from './build-data-set.ts';
import { pictureIds } from './picture-paths.ts';
import { type FoundBox, placeBoxes } from './place-boxes.ts';
import type { FileTree, ImageHeader, Problem } from './types.ts';

/** What an annotation says of a picture. */
export interface PictureLabels {
  readonly boxes: readonly FoundBox[];
  /** The picture's size as the annotation has it, where it has one. */
  readonly size: Size | null;
  /** The file that remarks on these boxes are about. */
  readonly file: string;
}

/** The pictures of a set that can be used, without its splits. */
export interface PlacedPictures extends Omit<FoundSamples, 'splits' | 'problems'> {
  /** Ids of these pictures by path. */
  readonly ids: ReadonlyMap<string, string>;
}

/**
 * Pictures of a tree with the boxes that `labelsOf` gives for each, in the order of their paths. What is remarked on and each
 * picture that is refused, with the reason, goes to `problems`. Throws `cancelled`, `internal`.
 */
export async function placedPictures(
  tree: FileTree,
  pictures: Iterable<string>,
  labelsOf: (path: string, header: ImageHeader) => Promise<PictureLabels> | PictureLabels,
  problems: Problem[],
  { signal, onProgress }: ReadOptions,
): Promise<PlacedPictures> {
  const paths = [...pictures].sort(byCodePoint);
  const allIds = pictureIds(paths);
  const ids = new Map<string, string>();
  const placed: PlacedPictures = { samples: [], images: new Map(), ids };
  for (const [i, path] of paths.entries()) {
    signal?.throwIfAborted();
    onProgress?.(i + 1, paths.length);
    const entry = tree.files.get(path);
    const id = allIds.get(path);
    if (entry === undefined || id === undefined) continue;
    try {
      const header = await headerOf(entry);
      const { boxes, size, file } = await labelsOf(path, header);
      const { objects, remarks } = placeBoxes(boxes, size, header);
      for (const reason of remarks) problems.push({ file, severity: 'warning', reason });
      placed.samples.push({ id, imagePath: path, size: header.size, objects, labelled: true });
      placed.images.set(id, { path, entry });
      ids.set(path, id);
    } catch (thrown) {
      const error = toStudioError(thrown);
      if (error.code === 'cancelled' || error.code === 'internal') throw error;
      problems.push({ file: path, severity: 'refused', reason: error.message });
    }
  }
  return placed;
}

/** The ids of each split, of paths: pictures that were refused are in none. */
export function splitsOf(
  splitPaths: ReadonlyMap<string, Iterable<string>>,
  { ids }: Pick<PlacedPictures, 'ids'>,
): Map<string, string[]> {
  return new Map([...splitPaths].map(([split, paths]) => [split, [...paths].flatMap((path) => ids.get(path) ?? [])]));
}
