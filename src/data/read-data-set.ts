import { StudioError } from '../base/errors.ts';
import type { ReadOptions } from './build-data-set.ts';
import { findCocoJsons, readCocoDataSet } from './coco-data-set.ts';
import type { DataSet, FileTree, Problem } from './types.ts';
import { besideTree, pathBeside } from './voc-beside.ts';
import { readVocDataSet } from './voc-data-set.ts';
import { isImageName, vocPart } from './voc-layout.ts';
import { findYoloConfig, readYoloDataSet, refuseNameless } from './yolo-data-set.ts';

/**
 * Reads a data set in the form of PASCAL VOC, COCO or YOLO, told by its content: VOC's folders, else a JSON with images,
 * annotations and categories, else XML beside the pictures, else a table of class names with text beside the pictures. Throws
 * `bad-data-set` where it is none of them, and as the reader of its form.
 */
export async function readDataSet(tree: FileTree, options: ReadOptions = {}): Promise<DataSet> {
  const paths = [...tree.files.keys()];
  const isVoc = paths.some((path) => vocPart(path).part === 'annotation');
  // A tree without a picture is refused there.
  if (isVoc || !paths.some(isImageName)) return readVocDataSet(tree, options);
  const problems: Problem[] = [...tree.problems];
  const jsons = await findCocoJsons(tree, problems, options);
  if (jsons.length > 0) return readCocoDataSet({ ...tree, problems }, jsons, options);
  const beside = besideTree(tree);
  if (beside !== null) return withPathsBeside(await readVocDataSet(beside, options));
  const config = await findYoloConfig(tree, problems);
  if (config !== null) return readYoloDataSet({ ...tree, problems }, config, options);
  if (paths.some((path) => /(^|\/)labels\/.+\.txt$/i.test(path))) throw refuseNameless(tree);
  const pictures = paths.filter(isImageName).length;
  const message = `${tree.name} is no data set that is read: there are ${pictures} pictures in it, but no folder with Annotations/*.xml and JPEGImages/ (PASCAL VOC), no JSON with images, annotations and categories (COCO), and no data.yaml (YOLO).`;
  throw new StudioError('bad-data-set', message, { name: tree.name });
}

/** The set with its files named as they lie. */
function withPathsBeside(set: DataSet): DataSet {
  return {
    ...set,
    samples: set.samples.map((sample) => ({ ...sample, imagePath: pathBeside(sample.imagePath) })),
    problems: set.problems.map((problem) => ({ ...problem, file: pathBeside(problem.file) })),
  };
}
