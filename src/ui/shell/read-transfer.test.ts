import { expect, test } from 'vitest';
import { readChosen, readTransfer } from './read-transfer.ts';

type Tree = { readonly [name: string]: Tree | string };

/** A folder as a browser hands it over: a hundred entries at a time. */
function folderEntry(name: string, tree: Tree): FileSystemDirectoryEntry {
  const entries = Object.entries(tree).map(([inner, content]) =>
    typeof content === 'string' ? fileEntry(inner, content) : folderEntry(inner, content),
  );
  const createReader = () => {
    let at = 0;
    return {
      readEntries: (resolve: (some: FileSystemEntry[]) => void) => {
        resolve(entries.slice(at, at + 100));
        at += 100;
      },
    };
  };
  return { isDirectory: true, isFile: false, name, createReader } as unknown as FileSystemDirectoryEntry;
}

function fileEntry(name: string, content: string): FileSystemFileEntry {
  const file = (resolve: (file: File) => void) => resolve(new File([content], name));
  return { isDirectory: false, isFile: true, name, file } as unknown as FileSystemFileEntry;
}

function transfer(
  ...items: readonly { entry: FileSystemEntry | null; file: File | null; kind?: string }[]
): DataTransfer {
  const list = items.map(({ entry, file, kind = 'file' }) => ({
    kind,
    webkitGetAsEntry: () => entry,
    getAsFile: () => file,
  }));
  return { items: list } as unknown as DataTransfer;
}

const paths = async (given: DataTransfer) =>
  (await readTransfer(given)).map((item) =>
    item.kind === 'file' ? item.file.name : [item.name, ...item.files.map(({ path }) => path).sort()],
  );

test('files and folders are told apart, folders are walked to their depth without what systems leave there', async () => {
  const folder = folderEntry('set', {
    a: { b: { 'c.xml': 'x' } },
    'd.jpg': 'x',
    '.DS_Store': 'x',
    __MACOSX: { e: 'x' },
  });
  const single = new File(['x'], 'photo.jpg');
  const given = transfer(
    { entry: folder, file: null },
    { entry: fileEntry('photo.jpg', 'x'), file: single },
    { entry: null, file: new File(['x'], 'pasted.png') },
    { entry: null, file: null, kind: 'string' },
  );
  expect(await paths(given)).toEqual([['set', 'set/a/b/c.xml', 'set/d.jpg'], 'photo.jpg', 'pasted.png']);
});

test('a folder of more files than a browser hands over at once is read to its end', async () => {
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`${i}.jpg`, 'x']));
  const [item] = await readTransfer(transfer({ entry: folderEntry('many', many), file: null }));
  expect(item?.kind === 'folder' && item.files).toHaveLength(250);
});

test('of a chosen folder each file has its path in it', () => {
  const inside = Object.assign(new File(['x'], 'a.xml'), { webkitRelativePath: 'set/Annotations/a.xml' });
  const litter = Object.assign(new File(['x'], '.DS_Store'), { webkitRelativePath: 'set/.DS_Store' });
  const loose = Object.assign(new File(['x'], 'b.jpg'), { webkitRelativePath: '' });
  expect(readChosen([inside, litter, loose])).toEqual([
    { kind: 'file', file: loose },
    { kind: 'folder', name: 'set', files: [{ path: 'set/Annotations/a.xml', file: inside }] },
  ]);
});
