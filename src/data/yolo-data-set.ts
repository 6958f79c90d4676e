import { appendTo } from '../base/append-to.ts';
import { StudioError } from '../base/errors.ts';
import { buildDataSet, byCodePoint, type ReadOptions } from './build-data-set.ts';
import { type PicturePaths, picturePaths } from './picture-paths.ts';
import type { FoundBox } from './place-boxes.ts';
import { type PictureLabels, placedPictures, splitsOf } from './placed-pictures.ts';
import { splitOfFolder } from './split-names.ts';
import { folderOf, isFileManagerLitter } from './tree-path.ts';
import type { DataSet, FileEntry, FileTree, ImageHeader, Problem } from './types.ts';
import { readClassLines, readDarknetData, readYoloYaml, type YoloConfig } from './yolo-config.ts';
import { readYoloLabels, yoloLabelPaths } from './yolo-labels.ts';

const decoder = new TextDecoder();

/**
 * What a YOLO set of a tree says of itself: its `data.yaml`, else darknet's `obj.data` with its names, else `classes.txt`. Null
 * where there is none of these. Throws `bad-annotation` with file and line for a YAML that cannot be read.
 */
export async function findYoloConfig(tree: FileTree, problems: Problem[]): Promise<YoloConfig | null> {
  const paths = [...tree.files.keys()].filter((path) => !isFileManagerLitter(path)).sort(shallowestFirst);
  const textOf = async (path: string) => decoder.decode(await tree.files.get(path)?.read());
  for (const path of paths.filter((each) => /\.ya?ml$/i.test(each))) {
    const bytes = await tree.files.get(path)?.read();
    const config = bytes === undefined ? null : readYoloYaml(bytes, path, problems);
    if (config !== null) return config;
  }
  const namesFile =
    paths.find((path) => /\.names$/i.test(path)) ?? paths.find((path) => /(^|\/)classes\.txt$/i.test(path));
  if (namesFile === undefined) return null;
  const names = readClassLines(await textOf(namesFile));
  const data = paths.find((path) => /\.data$/i.test(path));
  if (data !== undefined) return readDarknetData(await textOf(data), data, names);
  return { path: namesFile, names, splits: new Map(), hasKeypoints: false };
}

/**
 * Reads a data set in the form of YOLO: pictures and, in a text file of the same name beside each or in `labels/` for
 * `images/`, a line for each box. Exports of Ultralytics, Roboflow and CVAT (Ultralytics and YOLO 1.1) are such. A picture without
 * a label file has no objects, as the format has it. Splits are those of the config, else told by the folders' names. Throws
 * `bad-data-set` where nothing usable is left, or no box.
 */
export async function readYoloDataSet(tree: FileTree, config: YoloConfig, options: ReadOptions = {}): Promise<DataSet> {
  const problems: Problem[] = [...tree.problems];
  const pictures = picturePaths(tree);
  const counts = { unlabelled: 0, polygons: 0 };
  const labelsOf = async (path: string, header: ImageHeader): Promise<PictureLabels> => {
    const label = labelOf(path, tree.files);
    if (label === null) counts.unlabelled += 1;
    const boxes = label === null ? [] : await boxesOf(label, config, header, counts, problems);
    return { boxes, size: null, file: label?.path ?? path };
  };
  const placed = await placedPictures(tree, pictures.paths, labelsOf, problems, options);
  tellCounts(tree.name, counts, problems);
  const splits = splitsOf(await splitPaths(tree, config, pictures, problems), placed);
  return buildDataSet(tree.name, tree.name, { ...placed, splits, problems }, options.seed);
}

interface LabelFile {
  readonly path: string;
  readonly entry: FileEntry;
}

function labelOf(path: string, files: FileTree['files']): LabelFile | null {
  for (const candidate of yoloLabelPaths(path)) {
    const entry = files.get(candidate);
    if (entry !== undefined) return { path: candidate, entry };
  }
  return null;
}

async function boxesOf(
  { path, entry }: LabelFile,
  { names, hasKeypoints }: YoloConfig,
  { size: { h, w } }: ImageHeader,
  counts: { polygons: number },
  problems: Problem[],
): Promise<FoundBox[]> {
  const { boxes, polygons, faults, firstFault } = readYoloLabels(decoder.decode(await entry.read()), hasKeypoints);
  counts.polygons += polygons;
  const warn = (reason: string) => problems.push({ file: path, severity: 'warning', reason });
  if (firstFault !== null) {
    const more = faults > 1 ? `, and ${faults - 1} more lines cannot be used either` : '';
    warn(`${firstFault[0]?.toUpperCase()}${firstFault.slice(1)}${more}; left out.`);
  }
  const unknown = boxes.filter(({ classId }) => !names.has(classId));
  if (unknown.length > 0) {
    const which = [...new Set(unknown.map(({ classId }) => classId))].slice(0, 5).join(', ');
    warn(
      `${unknown.length === 1 ? 'One box is' : `${unknown.length} boxes are`} of a class that has no name (${which}); left out.`,
    );
  }
  return boxes.flatMap(({ classId, boxXyxyNorm: [x0, y0, x1, y1] }) => {
    const className = names.get(classId);
    if (className === undefined) return [];
    return [{ className, boxXyxyPx: [x0 * w, y0 * h, x1 * w, y1 * h] as const, difficult: false, truncated: false }];
  });
}

/** The pictures of each split. */
async function splitPaths(
  tree: FileTree,
  config: YoloConfig,
  pictures: PicturePaths,
  problems: Problem[],
): Promise<Map<string, string[]>> {
  const splits = new Map<string, string[]>();
  for (const [split, places] of config.splits) {
    const paths = new Set<string>();
    for (const place of places) {
      const of = /\.txt$/i.test(place)
        ? await ofList(tree, config, place, pictures)
        : underFolder(config, place, pictures);
      if (of === null || of.length === 0) {
        const reason = `${split}: "${place}" is not in the data set, or has no pictures; it was passed over.`;
        problems.push({ file: config.path, severity: 'warning', reason });
      }
      for (const path of of ?? []) paths.add(path);
    }
    if (paths.size > 0) splits.set(split, [...paths]);
  }
  if (splits.size > 0) return splits;
  for (const path of pictures.paths) {
    const split = splitOfFolder(path);
    if (split !== null) appendTo(splits, split, path);
  }
  return splits;
}

/** Places as they may be meant: relative to the config, to the root, or with folders before them that the tree lacks. */
function* meantBy(config: YoloConfig, place: string): Generator<string> {
  const parts = place
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  const folder = folderOf(config.path);
  for (let from = 0; from < parts.length; from += 1) {
    const rest = parts.slice(from).join('/');
    if (folder !== '') yield `${folder}/${rest}`;
    yield rest;
  }
}

function underFolder(config: YoloConfig, place: string, { paths }: PicturePaths): string[] | null {
  for (const folder of meantBy(config, place)) {
    const under = paths.filter((path) => path.startsWith(`${folder}/`));
    if (under.length > 0) return under;
  }
  return null;
}

async function ofList(
  tree: FileTree,
  config: YoloConfig,
  place: string,
  pictures: PicturePaths,
): Promise<string[] | null> {
  for (const path of meantBy(config, place)) {
    const entry = tree.files.get(path);
    if (entry === undefined) continue;
    const lines = decoder.decode(await entry.read()).split(/\r\n|\r|\n/);
    return lines.flatMap((line) => (line.trim() === '' ? [] : (pictures.find(line.trim(), path) ?? [])));
  }
  return null;
}

function tellCounts(name: string, counts: { unlabelled: number; polygons: number }, problems: Problem[]): void {
  if (counts.unlabelled > 0) {
    const reason = `${counts.unlabelled} pictures have no label file: as the format has it, there is nothing in them.`;
    problems.push({ file: name, severity: 'warning', reason });
  }
  if (counts.polygons > 0) {
    const reason = `${counts.polygons} lines are polygons; of each the bounding box was taken.`;
    problems.push({ file: name, severity: 'warning', reason });
  }
}

function shallowestFirst(a: string, b: string): number {
  return a.split('/').length - b.split('/').length || byCodePoint(a, b);
}

/** The error for a tree that has labels but nothing that names their classes. */
export function refuseNameless(tree: FileTree): StudioError {
  const message = `${tree.name} looks like a YOLO data set, but nothing names its classes; expected a data.yaml with names, obj.names or classes.txt beside the labels.`;
  return new StudioError('bad-data-set', message, { name: tree.name });
}
