import type { GivenFile } from '../../rpc/protocol.ts';
import type { GivenItem } from '../../state/sort-drop.ts';
import { isLitter } from '../../state/sort-drop.ts';

/**
 * What was dropped or pasted: files, and folders with everything in them. The transfer is read before this returns, as a
 * browser empties it after the event; folders are walked afterwards. Rejects where one cannot be read.
 */
export function readTransfer(transfer: DataTransfer): Promise<readonly GivenItem[]> {
  const given = [...transfer.items].flatMap((item) => {
    if (item.kind !== 'file') return [];
    const entry = item.webkitGetAsEntry();
    if (entry !== null && isFolder(entry)) return [readFolder(entry)];
    const file = item.getAsFile();
    return file === null ? [] : [Promise.resolve({ kind: 'file', file } satisfies GivenItem)];
  });
  return Promise.all(given);
}

/** Files from a file dialogue: of a folder each has its path inside it. */
export function readChosen(files: Iterable<File>): readonly GivenItem[] {
  const items: GivenItem[] = [];
  const folders = new Map<string, GivenFile[]>();
  for (const file of files) {
    const path = file.webkitRelativePath;
    if (path === '') items.push({ kind: 'file', file });
    else if (!isLitter(path)) {
      const name = path.split('/')[0] ?? path;
      const inside = folders.get(name) ?? [];
      folders.set(name, inside);
      inside.push({ path, file });
    }
  }
  return [...items, ...[...folders].map(([name, inside]) => ({ kind: 'folder', name, files: inside }) as const)];
}

async function readFolder(root: FileSystemDirectoryEntry): Promise<GivenItem> {
  const files: GivenFile[] = [];
  // A list of what is to be walked, not recursion: no depth exhausts the stack.
  const folders: { readonly entry: FileSystemDirectoryEntry; readonly path: string }[] = [
    { entry: root, path: root.name },
  ];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await entriesOf(folder.entry)) {
      const path = `${folder.path}/${entry.name}`;
      if (isLitter(entry.name)) continue;
      if (isFolder(entry)) folders.push({ entry, path });
      else if (isFile(entry)) files.push({ path, file: await fileOf(entry) });
    }
  }
  return { kind: 'folder', name: root.name, files };
}

/** Everything in a folder: a reader gives a hundred at a time, and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return entries;
    entries.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
