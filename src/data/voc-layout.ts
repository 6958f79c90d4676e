import { StudioError } from '../base/errors.ts';
import { folderOf, isFileManagerLitter, stemOf } from './tree-path.ts';
import type { FileEntry, FileTree } from './types.ts';
import { readSplitList, SPLIT_NAMES } from './voc-splits.ts';

/** The files of one VOC data set within a tree; keys are stems in Unicode's composed form. */
export interface VocLayout {
  /** The folder that holds Annotations/ and JPEGImages/; empty for the tree's own root. */
  readonly root: string;
  readonly annotations: ReadonlyMap<string, NamedFile>;
  readonly images: ReadonlyMap<string, NamedFile>;
  readonly lists: ReadonlyMap<string, NamedFile>;
}

export interface NamedFile {
  readonly path: string;
  readonly entry: FileEntry;
}

/** True for the names of pictures that are read. */
export function isImageName(path: string): boolean {
  return IMAGE_NAME.test(path);
}

const IMAGE_NAME = /\.(jpe?g|png|webp|gif|bmp)$/i;

/** What a file is to a VOC data set, by its path. */
export type VocPart = 'annotation' | 'picture' | 'list' | 'other-picture' | 'other';

/** What a file is to a VOC data set, by its path, and the folder of the set that it belongs to. */
export function vocPart(path: string): { readonly part: VocPart; readonly root: string } {
  const other = { part: IMAGE_NAME.test(path) ? 'other-picture' : 'other', root: '' } as const;
  if (isFileManagerLitter(path)) return { part: 'other', root: '' };
  const match = /^(?:(.*)\/)?(Annotations|JPEGImages|ImageSets\/Main)\/(.+)$/.exec(path);
  const [, root = '', kind, rest = ''] = match ?? [];
  if (kind === 'Annotations' && /\.xml$/i.test(rest)) return { part: 'annotation', root };
  if (kind === 'JPEGImages' && IMAGE_NAME.test(rest)) return { part: 'picture', root };
  if (kind === 'ImageSets/Main' && isSplitList(rest)) return { part: 'list', root };
  return other;
}

/**
 * Finds the VOC data sets of a tree wherever they lie: VOCdevkit/NAME/, NAME/, or the root itself; a folder is one where
 * it holds `Annotations/` and `JPEGImages/` with something in them. Throws `bad-data-set` where there is none.
 */
export function findVocLayouts(tree: FileTree): VocLayout[] {
  const roots = new Map<string, { annotations: NamedFile[]; images: NamedFile[]; lists: NamedFile[] }>();
  let pictures = 0;
  for (const [path, entry] of tree.files) {
    const { part, root } = vocPart(path);
    if (part === 'picture' || part === 'other-picture') pictures += 1;
    if (part === 'other' || part === 'other-picture') continue;
    const found = roots.get(root) ?? { annotations: [], images: [], lists: [] };
    roots.set(root, found);
    if (part === 'annotation') found.annotations.push({ path, entry });
    else if (part === 'picture') found.images.push({ path, entry });
    else found.lists.push({ path, entry });
  }
  if (pictures === 0) {
    throw refusal(tree, 'there is no picture in it');
  }
  const layouts = [...roots]
    .filter(([, { annotations, images }]) => annotations.length > 0 && images.length > 0)
    .map(([root, found]) => ({
      root,
      annotations: byStem(found.annotations),
      images: byStem(found.images),
      lists: byStem(found.lists),
    }));
  if (layouts.length === 0) {
    throw refusal(tree, `there are ${pictures} pictures in it, but no folder with Annotations/*.xml and JPEGImages/`);
  }
  return layouts.sort((a, b) => (a.root < b.root ? -1 : 1));
}

/** The ids that a data set's lists name, by split; a split that has no list is not in the map. */
export async function readLists(layout: VocLayout): Promise<Map<string, readonly string[]>> {
  const lists = new Map<string, readonly string[]>();
  for (const name of SPLIT_NAMES) {
    const file = layout.lists.get(name);
    if (file !== undefined) lists.set(name, readSplitList(await file.entry.read()));
  }
  return lists;
}

function isSplitList(name: string): boolean {
  return SPLIT_NAMES.some((split) => name === `${split}.txt`);
}

function byStem(files: readonly NamedFile[]): Map<string, NamedFile> {
  const map = new Map<string, NamedFile>();
  for (const file of files) {
    const stem = stemOf(file.path).normalize('NFC');
    // The shallowest file of a stem is the data set's own.
    const held = map.get(stem);
    if (held === undefined || folderOf(file.path).length < folderOf(held.path).length) map.set(stem, file);
  }
  return map;
}

function refusal(tree: FileTree, found: string): StudioError {
  const message = `${tree.name} is no PASCAL VOC data set: ${found}. Expected Annotations/, JPEGImages/ and ImageSets/Main/.`;
  return new StudioError('bad-data-set', message, { name: tree.name });
}
