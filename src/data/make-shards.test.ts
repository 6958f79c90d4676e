import { expect, test } from 'vitest';
import { makeShards } from './make-shards.ts';
import { readDataSet } from './read-data-set.ts';
import { sha256Hex } from './sha256.ts';
import { readShardIndex, type ShardIndex, writeShardIndex } from './shard-index.ts';
import { openShardedSet } from './sharded-set.ts';
import { testStore } from './test-data-set-store.ts';
import { testService } from './test-import.ts';
import { treeOf } from './test-trees.ts';
import type { FileTree } from './types.ts';

const SIZE = [40, 30] as const;
const BOX = '<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox>';
const XML = `<annotation><object><name>cat</name>${BOX}</object></annotation>`;
const LONG = `${'a folder of a long name/'.repeat(6)}Ž`;

const FORMS: Readonly<Record<string, FileTree>> = {
  VOC: treeOf({
    [`${LONG}/Annotations/a.xml`]: XML,
    [`${LONG}/Annotations/b.xml`]: XML,
    [`${LONG}/Annotations/c.xml`]: XML,
    [`${LONG}/ImageSets/Main/train.txt`]: 'a',
    [`${LONG}/ImageSets/Main/val.txt`]: 'b',
    [`${LONG}/JPEGImages/a.bmp`]: SIZE,
    [`${LONG}/JPEGImages/b.bmp`]: SIZE,
    [`${LONG}/JPEGImages/c.bmp`]: SIZE,
    [`${LONG}/SegmentationClass/a.png`]: 'mask',
  }),
  'VOC beside': treeOf({ 'train/a.bmp': SIZE, 'train/a.xml': XML, 'valid/b.bmp': SIZE, 'valid/b.xml': XML }),
  COCO: treeOf({
    'train/_annotations.coco.json': JSON.stringify({
      images: [{ id: 1, file_name: 'a.bmp', width: 40, height: 30 }],
      categories: [{ id: 1, name: 'cat' }],
      annotations: [{ image_id: 1, category_id: 1, bbox: [0.3, 0.1, 7.77, 9.2], iscrowd: 0 }],
    }),
    'train/a.bmp': SIZE,
  }),
  YOLO: treeOf({
    'data.yaml': 'train: train/images\nval: valid/images\nnames: [cat]',
    'train/images/a.bmp': SIZE,
    'train/labels/a.txt': '0 0.31 0.29 0.1 0.7',
    'valid/images/b.bmp': SIZE,
    'valid/labels/b.txt': '0 0.5 0.5 0.1 0.7',
  }),
};

async function made(tree: FileTree): Promise<{ index: ShardIndex; shards: Map<string, Uint8Array<ArrayBuffer>> }> {
  const shards = new Map<string, Uint8Array<ArrayBuffer>>();
  const source = {
    name: tree.name,
    async *entries() {
      for (const [path, { byteLength, read }] of tree.files) {
        yield { path, byteLength, read: async () => new Uint8Array(await read()) };
      }
    },
    files: () => [],
  };
  const silent = () => undefined;
  const index = await makeShards(source, 6000, {
    sha256: sha256Hex,
    write: async (name, bytes) => {
      shards.set(name, bytes.slice());
    },
    signal: new AbortController().signal,
    now: () => performance.now(),
    ...{ onPicture: silent, onRead: silent, onAgain: silent },
  });
  return { index, shards };
}

test.each(Object.keys(FORMS))(
  '%s: shards give the set back, through their index and imported as archives',
  async (form) => {
    const tree = FORMS[form] as FileTree;
    const { index, shards } = await made(tree);
    const direct = await readDataSet(tree);
    const read = readShardIndex(writeShardIndex(index), 'index.json');
    expect(read).toEqual(index);
    const opened = openShardedSet(
      read,
      async (name, at, length) => new Uint8Array(shards.get(name)?.slice(at, at + length) ?? []),
    );
    expect({ ...opened, imageBytes: null }).toEqual({ ...direct, imageBytes: null });
    for (const { id } of direct.samples) expect(await opened.imageBytes(id)).toEqual(await direct.imageBytes(id));

    // As the page takes them: dropped, with or without the index.
    const service = testService(testStore(), { bundled: async () => ({ ...direct, hash: 'another' }) });
    const files = [...shards].map(([path, bytes]) => ({ path, file: new Blob([bytes]) }));
    const { summary } = await service.importDataSet({ kind: 'files', name: 'set', files }, () => undefined);
    expect(summary).toMatchObject({ hash: direct.hash, images: direct.samples.length, bundled: false });
  },
);

test.each(['VOC beside', 'COCO', 'YOLO'])(
  '%s is imported from the files of a folder, and exported in each form',
  async (form) => {
    const tree = FORMS[form] as FileTree;
    const direct = await readDataSet(tree);
    const service = testService(testStore(), { bundled: async () => ({ ...direct, hash: 'another' }) });
    const files = await Promise.all(
      [...tree.files].map(async ([path, { read }]) => ({ path, file: new Blob([new Uint8Array(await read())]) })),
    );
    const { summary } = await service.importDataSet({ kind: 'files', name: 'set', files }, () => undefined);
    expect(summary.hash).toBe(direct.hash);
    for (const to of ['voc', 'coco', 'yolo'] as const) {
      const { name, blob, lost } = await service.exportDataSet(summary.id, to);
      expect([name, lost]).toEqual([`set${to === 'voc' ? '' : `-${to}`}.tar`, []]);
      expect(blob.size).toBeGreaterThan(4000);
    }
  },
);

test('an index that places a picture outside its shard, or is none, is refused', async () => {
  const { index } = await made(FORMS.YOLO as FileTree);
  const text = writeShardIndex(index);
  expect(() => readShardIndex(text.replace(/"byteOffset":\d+/, '"byteOffset":999999'), 'x')).toThrow(
    /outside its shards/,
  );
  expect(() => readShardIndex(text.replace('shard-00000.tar', '../../secret.tar'), 'x')).toThrow(/no index of shards/);
  expect(() => readShardIndex(text.slice(0, -20), 'x')).toThrow(/it is no JSON/);
});
