import { downloadZip } from 'client-zip';
import { packTar } from 'modern-tar';
import sharp from 'sharp';
import { readImageHeader } from '../../src/data/image-header.ts';
import { readDataSet } from '../../src/data/read-data-set.ts';
import { readTarTree } from '../../src/data/tar-tree.ts';
import type { FileTree } from '../../src/data/types.ts';
import { readVocAnnotation } from '../../src/data/voc-xml.ts';
import { readZipEntries } from '../../src/data/zip-entries.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A reader of what people bring, and inputs that it reads. */
export interface FuzzedReader {
  readonly name: string;
  readonly samples: readonly Bytes[];
  readonly read: (bytes: Bytes) => Promise<unknown> | unknown;
}

const MAX_BYTES = 64 * 2 ** 20;
const SIZE = { width: 16, height: 12, channels: 3, background: '#407020' } as const;

/** The readers of archives, annotations and pictures. */
export async function fuzzedReaders(): Promise<FuzzedReader[]> {
  const picture = (format: 'jpeg' | 'png' | 'webp' | 'gif') => sharp({ create: SIZE }).toFormat(format).toBuffer();
  const pictures = await Promise.all((['jpeg', 'png', 'webp', 'gif'] as const).map(picture));
  const image = new Uint8Array(pictures[0] ?? []);
  const entry = (name: string, body: string) => ({ header: { name, size: body.length }, body });
  const long = `${'folder/'.repeat(30)}x`;
  const tar = await packTar([
    entry('a.xml', XML),
    entry(long, 'x'),
    { header: { name: 'b.jpg', size: image.byteLength }, body: image },
  ]);
  const zipped = await downloadZip([
    { name: 'a.xml', input: XML },
    { name: 'b/c.txt', input: 'x'.repeat(500) },
  ]).arrayBuffer();
  return [
    {
      name: 'tar',
      samples: [new Uint8Array(tar)],
      read: (bytes) => readTarTree(bytes, 'x.tar', { maxBytes: MAX_BYTES }),
    },
    { name: 'zip', samples: [new Uint8Array(zipped)], read: readZip },
    { name: 'VOC XML', samples: [text(XML), text('<annotation/>')], read: readVocAnnotation },
    {
      name: 'COCO',
      samples: [text(COCO)],
      read: (bytes) => readDataSet(treeOf({ 'x/train.json': bytes, 'x/a.jpg': image })),
    },
    {
      name: 'YOLO labels',
      samples: LABELS.map(text),
      read: (bytes) => readDataSet(treeOf({ ...YOLO, 'labels/a.txt': bytes, 'images/a.jpg': image })),
    },
    {
      name: 'YOLO config',
      samples: CONFIGS.map(text),
      read: (bytes) =>
        readDataSet(treeOf({ 'data.yaml': bytes, 'labels/a.txt': text('0 .5 .5 1 1'), 'images/a.jpg': image })),
    },
    { name: 'image headers', samples: pictures.map((bytes) => new Uint8Array(bytes)), read: readImageHeader },
  ];
}

async function readZip(bytes: Bytes): Promise<void> {
  for await (const entry of readZipEntries(new Blob([bytes]), 'x.zip', { maxBytes: MAX_BYTES, problems: [] }))
    await entry.read();
}

function treeOf(files: Readonly<Record<string, Bytes>>): FileTree {
  const entries = Object.entries(files).map(
    ([path, bytes]) => [path, { byteLength: bytes.byteLength, read: async () => bytes }] as const,
  );
  return { name: 'x', files: new Map(entries), problems: [] };
}

function text(content: string): Bytes {
  return new TextEncoder().encode(content);
}

const XML =
  '<?xml version="1.0" encoding="UTF-8"?>\n<annotation><size><width>16</width><height>12</height></size><object><name>cat</name><difficult>1</difficult><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>9</xmax><ymax>10</ymax></bndbox><part><name>head</name></part></object></annotation>';
const COCO = JSON.stringify(
  {
    images: [{ id: 1, file_name: 'a.jpg', width: 16, height: 12 }],
    categories: [{ id: 1, name: 'cat', supercategory: 'animal' }],
    annotations: [
      {
        id: 1,
        image_id: 1,
        category_id: 1,
        bbox: [1, 2, 3.5, 4],
        area: 14,
        iscrowd: 0,
        segmentation: [[1, 2, 3, 4, 5, 6]],
      },
      {
        id: 2,
        image_id: 1,
        category_id: 1,
        bbox: [0, 0, 16, 12],
        iscrowd: 1,
        segmentation: { counts: [0, 9], size: [12, 16] },
      },
    ],
  },
  null,
  1,
);
const LABELS = ['0 0.5 0.5 0.25 0.5\n1 .1 .1 .1 .1\n', '0 0.1 0.2 0.5 0.2 0.3 0.8\n', ''];
const CONFIGS = [
  "train: ../train/images\nval: valid/images\n\nnc: 2\nnames: ['cat', 'dog']\n",
  'path: ./\ntrain: [images, train.txt]\nnames:\n  0: cat\n  1: "dog"\nkpt_shape: [17, 3]\n',
  'base: &a {names: [cat]}\nother: *a\nnames: [cat]\n',
];
const YOLO = { 'data.yaml': text(CONFIGS[0] ?? '') };
