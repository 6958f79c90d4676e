import { type StudioError, toStudioError } from '../base/errors.ts';
import { buildDataSet, byCodePoint, type ReadOptions } from './build-data-set.ts';
import { type CocoFile, readCocoFile } from './coco-file.ts';
import { type CocoImage, cocoImages } from './coco-images.ts';
import { picturePaths } from './picture-paths.ts';
import { type PictureLabels, placedPictures, splitsOf } from './placed-pictures.ts';
import { splitOfPath } from './split-names.ts';
import { folderOf, isFileManagerLitter } from './tree-path.ts';
import type { DataSet, FileTree, Problem } from './types.ts';

/** A file of a tree that is COCO's. */
export interface CocoJson {
  readonly path: string;
  readonly content: CocoFile;
}

/** What else stands beside `instances_*.json` in COCO's own folder: the same pictures with other things in them. */
const OTHER_TASKS = /^(person_keypoints|captions|stuff|panoptic|image_info)_/;

/**
 * The COCO files of a tree, by content. A JSON that is none is passed over; one that cannot be read is told in `problems` where
 * there is another, and else thrown: `bad-annotation` with file and line.
 */
export async function findCocoJsons(
  tree: FileTree,
  problems: Problem[],
  { signal }: ReadOptions = {},
): Promise<CocoJson[]> {
  const found: CocoJson[] = [];
  let failure: StudioError | null = null;
  for (const [path, { read }] of tree.files) {
    if (!/\.json$/i.test(path) || isFileManagerLitter(path)) continue;
    try {
      const content = await readCocoFile(await read(), path, signal);
      if (content !== null) found.push({ path, content });
    } catch (thrown) {
      const error = toStudioError(thrown);
      if (error.code !== 'bad-annotation') throw error;
      failure ??= error;
      problems.push({ file: path, severity: 'refused', reason: error.message });
    }
  }
  if (found.length === 0 && failure !== null) throw failure;
  return found.sort((a, b) => byCodePoint(a.path, b.path));
}

/**
 * Reads a data set in the form of COCO: as published (`annotations/instances_train2017.json` beside `train2017/`), as Roboflow
 * exports it (`train/_annotations.coco.json` beside the pictures) or CVAT (`annotations/instances_default.json`, `images/`).
 * Splits are told by the names of files and folders. A picture that several files name is one sample, with the boxes of the
 * first; pictures that no file names are left out. Throws `bad-data-set` where nothing usable is left, or no box.
 */
export async function readCocoDataSet(
  tree: FileTree,
  jsons: readonly CocoJson[],
  options: ReadOptions = {},
): Promise<DataSet> {
  const problems: Problem[] = [...tree.problems];
  const pictures = picturePaths(tree);
  const chosen = objectsAlone(jsons, problems);

  const byPath = new Map<string, CocoImage>();
  const splitPaths = new Map<string, Set<string>>();
  for (const { path: json, content } of chosen) {
    const missing: string[] = [];
    let differing = 0;
    const split = chosen.length === 1 && jsons.length === 1 ? null : splitOfPath(json);
    for (const image of cocoImages(content, json, problems)) {
      const path = pictures.find(image.fileName, json);
      if (path === null) {
        missing.push(image.fileName);
        continue;
      }
      const before = byPath.get(path);
      if (before === undefined) byPath.set(path, image);
      else if (JSON.stringify(before.boxes()) !== JSON.stringify(image.boxes())) differing += 1;
      if (split !== null) splitPaths.set(split, (splitPaths.get(split) ?? new Set()).add(path));
    }
    tellOfPictures(json, missing, differing, problems);
  }

  const labelsOf = (path: string): PictureLabels => {
    const image = byPath.get(path);
    return { boxes: image?.boxes() ?? [], size: image?.size ?? null, file: path };
  };
  const placed = await placedPictures(tree, byPath.keys(), labelsOf, problems, options);
  return buildDataSet(
    tree.name,
    tree.name,
    { ...placed, splits: splitsOf(splitPaths, placed), problems },
    options.seed,
  );
}

/** Without the files for other tasks, where objects stand beside them. */
function objectsAlone(jsons: readonly CocoJson[], problems: Problem[]): readonly CocoJson[] {
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const withInstances = new Set(
    jsons.filter(({ path }) => nameOf(path).startsWith('instances_')).map(({ path }) => folderOf(path)),
  );
  return jsons.filter(({ path }) => {
    if (!withInstances.has(folderOf(path)) || !OTHER_TASKS.test(nameOf(path))) return true;
    const reason =
      'The file is for another task than finding objects, and stands beside one for that; it was left out.';
    problems.push({ file: path, severity: 'warning', reason });
    return false;
  });
}

function tellOfPictures(file: string, missing: readonly string[], differing: number, problems: Problem[]): void {
  if (missing.length > 0) {
    const names = missing.slice(0, 3).map((name) => `"${name}"`);
    const more = missing.length > names.length ? ` and ${missing.length - names.length} more` : '';
    const reason = `The file names ${names.join(', ')}${more}, which the data set does not have; left out.`;
    problems.push({ file, severity: 'warning', reason });
  }
  if (differing > 0) {
    const reason = `${differing} of its pictures have other boxes in another file; those of the first file were taken.`;
    problems.push({ file, severity: 'warning', reason });
  }
}
