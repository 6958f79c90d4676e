import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { createTarPacker } from 'modern-tar';
import sharp from 'sharp';
import type { BoxXyxy, Size } from '../../src/base/boxes.ts';
import { type Random, seededRandom } from '../../src/base/random.ts';
import type { AnnotatedObject } from '../../src/data/types.ts';
import { writeVocAnnotation } from '../../src/data/voc-write.ts';

/** How many files of each kind; `VOC_2012` is the published archive's. */
export interface MadeCounts {
  readonly train: number;
  readonly val: number;
  /** Pictures that no list of ImageSets/Main names. */
  readonly unlisted: number;
  /** Pictures with two masks. */
  readonly segmented: number;
  readonly averageBytes: number;
}

export const VOC_2012: MadeCounts = {
  train: 5717,
  val: 5823,
  unlisted: 5585,
  segmented: 2913,
  averageBytes: 113_000,
};

const CLASSES =
  'aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant sheep sofa train tvmonitor';
const SHAPES: readonly Size[] = [
  { h: 375, w: 500 },
  { h: 333, w: 500 },
  { h: 500, w: 375 },
  { h: 442, w: 500 },
  { h: 500, w: 333 },
];
/** Different pictures; each file is one of them with bytes of its own. */
const BASES_A_SHAPE = 4;
const MOST_IN_A_SEGMENT = 65_533;

/** What a made archive holds, for an independent count. */
export interface MadeTotals {
  readonly images: number;
  readonly objects: number;
  readonly difficult: number;
}

/**
 * Writes a tar in the form of VOCtrainval_11-May-2012.tar: the same folders in the same order, real JPEGs of sizes spread
 * as photographs' are, annotations for all of them, lists for train, val and trainval, and masks. The same counts and seed give
 * the same bytes. Returns what train and val hold together.
 */
export async function writeMadeVoc(path: string, counts: MadeCounts, seed: number): Promise<MadeTotals> {
  const random = seededRandom(seed);
  const bases = await basePictures(random);
  const { readable, controller } = createTarPacker();
  const written = readable.pipeTo(Writable.toWeb(createWriteStream(`${path}.writing`)) as WritableStream<Uint8Array>);
  const mtime = new Date(Date.UTC(2012, 4, 11));
  const root = 'VOCdevkit/VOC2012';
  const folder = async (name: string): Promise<void> => {
    await controller.add({ name: `${root}${name}/`, size: 0, type: 'directory', mtime }).close();
  };
  const add = async (name: string, bytes: Uint8Array): Promise<void> => {
    const writer = controller.add({ name: `${root}/${name}`, size: bytes.byteLength, mtime }).getWriter();
    if (bytes.byteLength > 0) await writer.write(bytes);
    await writer.close();
  };
  const text = new TextEncoder();

  const total = counts.train + counts.val + counts.unlisted;
  const ids = Array.from({ length: total }, (_, i) => `${2007 + (i % 6)}_${String(i + 27).padStart(6, '0')}`);
  const order = random.shuffle(ids);
  const train = order.slice(0, counts.train).sort();
  const val = order.slice(counts.train, counts.train + counts.val).sort();
  const listed = new Set([...train, ...val]);
  const totals = { images: listed.size, objects: 0, difficult: 0 };
  const shapes = ids.map(() => random.below(SHAPES.length));

  await folder('');
  await folder('/Annotations');
  for (const [i, id] of ids.entries()) {
    const size = SHAPES[shapes[i] ?? 0] ?? { h: 375, w: 500 };
    const objects = someObjects(size, random);
    if (listed.has(id)) {
      totals.objects += objects.length;
      totals.difficult += objects.filter(({ difficult }) => difficult).length;
    }
    const sample = { id, imagePath: '', size, objects, labelled: true };
    await add(`Annotations/${id}.xml`, text.encode(writeVocAnnotation(sample, 'VOC2012', `${id}.jpg`)));
  }
  const lines = (names: readonly string[]) => text.encode(names.map((name) => `${name}\n`).join(''));
  for (const name of ['', '/Action', '/Layout', '/Main', '/Segmentation']) await folder(`/ImageSets${name}`);
  await add('ImageSets/Action/train.txt', lines(ids.slice(0, 100)));
  for (const name of CLASSES.split(' '))
    await add(`ImageSets/Main/${name}_train.txt`, lines(train.map((id) => `${id} -1`)));
  await add('ImageSets/Main/train.txt', lines(train));
  await add('ImageSets/Main/trainval.txt', lines([...listed].sort()));
  await add('ImageSets/Main/val.txt', lines(val));
  await folder('/JPEGImages');
  for (const [i, id] of ids.entries()) {
    const ofShape = bases[shapes[i] ?? 0] ?? [];
    const base = ofShape[i % ofShape.length] ?? new Uint8Array();
    await add(`JPEGImages/${id}.jpg`, ownPicture(base, id, aboutBytes(counts.averageBytes, random), random));
  }
  const mask = new Uint8Array(
    await sharp({ create: { width: 500, height: 375, channels: 3, background: '#c08040' } })
      .png()
      .toBuffer(),
  );
  for (const kind of ['SegmentationClass', 'SegmentationObject']) {
    await folder(`/${kind}`);
    for (const id of ids.slice(0, counts.segmented)) await add(`${kind}/${id}.png`, mask);
  }
  controller.finalize();
  await written;
  await rename(`${path}.writing`, path);
  return totals;
}

async function basePictures(random: Random): Promise<Uint8Array[][]> {
  const shapes: Uint8Array[][] = [];
  for (const { h, w } of SHAPES) {
    const pictures: Uint8Array[] = [];
    for (let i = 0; i < BASES_A_SHAPE; i += 1) {
      const coarse = { w: Math.ceil(w / 8), h: Math.ceil(h / 8) };
      const noise = Uint8Array.from({ length: coarse.w * coarse.h * 3 }, () => random.below(256));
      const picture = sharp(noise, { raw: { width: coarse.w, height: coarse.h, channels: 3 } }).resize(w, h);
      pictures.push(new Uint8Array(await picture.jpeg({ quality: 80 }).toBuffer()));
    }
    shapes.push(pictures);
  }
  return shapes;
}

/** The same picture, made larger to about `byteLength` and its own by comment segments of its JPEG. */
function ownPicture(base: Uint8Array, id: string, byteLength: number, random: Random): Uint8Array {
  const name = new TextEncoder().encode(id);
  const filler = Math.max(name.byteLength, byteLength - base.byteLength);
  const segments = Math.ceil(filler / MOST_IN_A_SEGMENT);
  const bytes = new Uint8Array(base.byteLength + filler + segments * 4);
  bytes.set(base.subarray(0, 2));
  const words = new DataView(bytes.buffer);
  let at = 2;
  for (let rest = filler; rest > 0; rest -= MOST_IN_A_SEGMENT) {
    const length = Math.min(rest, MOST_IN_A_SEGMENT);
    words.setUint16(at, 0xfffe);
    words.setUint16(at + 2, length + 2);
    at += 4;
    for (let i = 0; i + 4 <= length; i += 4) words.setUint32(at + i, random.below(2 ** 32));
    at += length;
  }
  bytes.set(name, 6);
  bytes.set(base.subarray(2), at);
  return bytes;
}

/** Spread as photographs' sizes are: a logarithm with a deviation of a third. */
function aboutBytes(average: number, random: Random): number {
  return Math.round(average * Math.exp(random.normal() / 3 - 1 / 18));
}

function someObjects({ h, w }: Size, random: Random): AnnotatedObject[] {
  const names = CLASSES.split(' ');
  const count = 1 + Math.floor(-Math.log(1 - random.uniform()) * 1.4);
  return Array.from({ length: count }, () => {
    const x = random.below(w - 40);
    const y = random.below(h - 40);
    const boxXyxyPx: BoxXyxy = [x, y, x + 20 + random.below(w - x - 20), y + 20 + random.below(h - y - 20)];
    const className = names[random.below(names.length)] ?? 'person';
    return { className, boxXyxyPx, difficult: random.uniform() < 0.1, truncated: random.uniform() < 0.3 };
  });
}
