import { appendTo } from '../base/append-to.ts';
import { stemOf } from './tree-path.ts';
import type { FileTree } from './types.ts';
import { isImageName } from './voc-layout.ts';

/** The pictures of a tree, found by what annotations call them. */
export interface PicturePaths {
  readonly paths: readonly string[];
  /**
   * The picture that a name means, which may have folders before it that the tree lacks, or lack folders that the tree has: the
   * one that shares most of the name's end, then most of the folder of the file that names it. Null where there is none.
   */
  find(name: string, namedIn: string): string | null;
}

/** Indexes the pictures of a tree. */
export function picturePaths(tree: FileTree): PicturePaths {
  const paths = [...tree.files.keys()].filter(isImageName);
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    appendTo(byName, path.slice(path.lastIndexOf('/') + 1), path);
  }
  return {
    paths,
    find(name, namedIn) {
      const wanted = name
        .replaceAll('\\', '/')
        .split('/')
        .filter((part) => part !== '' && part !== '.');
      const candidates = byName.get(wanted.at(-1) ?? '') ?? [];
      const folder = namedIn.split('/').slice(0, -1);
      const words = namedIn.toLowerCase();
      let best: { path: string; score: number } | null = null;
      for (const path of candidates) {
        const parts = path.split('/');
        // A folder of the picture that the file's own name speaks of: val2017 and instances_val2017.json.
        const spoken = parts.slice(0, -1).filter((part) => words.includes(part.toLowerCase())).length;
        const score = 1000 * sharedEnd(parts, wanted) + 10 * sharedStart(parts, folder) + spoken;
        if (best === null || score > best.score) best = { path, score };
      }
      return best?.path ?? null;
    },
  };
}

function sharedEnd(a: readonly string[], b: readonly string[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[a.length - 1 - n] === b[b.length - 1 - n]) n += 1;
  return n;
}

function sharedStart(a: readonly string[], b: readonly string[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n += 1;
  return n;
}

/** Ids for pictures: their stems where these are all different, else their paths without the ending. */
export function pictureIds(paths: readonly string[]): ReadonlyMap<string, string> {
  const stems = paths.map((path) => stemOf(path).normalize('NFC'));
  const areDifferent = new Set(stems).size === stems.length;
  return new Map(
    paths.map((path, i) => [path, areDifferent ? (stems[i] ?? path) : path.replace(/\.[^./]+$/, '').normalize('NFC')]),
  );
}
