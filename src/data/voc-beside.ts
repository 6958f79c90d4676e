import { appendTo } from '../base/append-to.ts';
import { splitOfFolder } from './split-names.ts';
import { isFileManagerLitter, stemOf } from './tree-path.ts';
import type { FileEntry, FileTree } from './types.ts';
import { isImageName } from './voc-layout.ts';

/**
 * A set with VOC's XML beside its pictures, as Roboflow exports it (`train/a.jpg`, `train/a.xml`), as a tree in VOC's own
 * folders, with lists made of the folders' names; `pathBeside` gives a path back. Null where no picture has an XML beside it.
 */
export function besideTree(tree: FileTree): FileTree | null {
  const files = new Map<string, FileEntry>();
  const lists = new Map<string, string[]>();
  let pairs = 0;
  for (const [path, entry] of tree.files) {
    if (isFileManagerLitter(path)) continue;
    const isXml = /\.xml$/i.test(path);
    if (!isXml && !isImageName(path)) continue;
    files.set(`${isXml ? 'Annotations' : 'JPEGImages'}/${path}`, entry);
    if (isXml || !tree.files.has(path.replace(/\.[^./]+$/, '.xml'))) continue;
    pairs += 1;
    const split = splitOfFolder(path);
    if (split !== null) appendTo(lists, split, stemOf(path));
  }
  if (pairs === 0) return null;
  for (const [split, stems] of lists) {
    const bytes = new TextEncoder().encode(stems.join('\n'));
    files.set(`ImageSets/Main/${split}.txt`, { byteLength: bytes.byteLength, read: async () => bytes });
  }
  return { ...tree, files };
}

/** Where a picture's XML may lie: in VOC's folder of annotations, or beside it. */
export function annotationPaths(picture: string): readonly string[] {
  const beside = picture.replace(/\.[^./]+$/, '.xml');
  return [beside.replace(/(^|\/)JPEGImages\//, '$1Annotations/'), beside];
}

/** The path, as it lies, of a file of such a tree. */
export function pathBeside(path: string): string {
  return path.replace(/^(Annotations|JPEGImages)\//, '');
}
