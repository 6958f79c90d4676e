import { bitmap } from './test-import.ts';
import type { FileTree } from './types.ts';

/** A tree of files in memory: texts as they are, and for a size `[w, h]` a picture of that size. For tests only. */
export function treeOf(files: Readonly<Record<string, string | readonly [number, number]>>, name = 'set'): FileTree {
  let shade = 0;
  const entries = Object.entries(files).map(([path, content]) => {
    shade += 1;
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : bitmap(...content, shade);
    return [path, { byteLength: bytes.byteLength, read: async () => bytes }] as const;
  });
  return { name, files: new Map(entries), problems: [] };
}
