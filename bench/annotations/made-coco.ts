import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type Random, seededRandom } from '../../src/base/random.ts';

/** How much is in a made file; `INSTANCES_TRAIN_2017` is about the published file's. */
export interface MadeCoco {
  readonly images: number;
  readonly annotations: number;
}

export const INSTANCES_TRAIN_2017: MadeCoco = { images: 118_287, annotations: 860_001 };

const CATEGORIES = 80;
/** Of the annotations, those that are a crowd, with its runs in place of polygons. */
const CROWDS = 0.012;
const PIECE_LENGTH = 1 << 20;

/**
 * Writes a JSON in the form of COCO's instances_train2017.json: members, their order and the blanks between them are the published
 * file's, polygons have some fifty numbers. The same counts and seed give the same bytes.
 */
export async function writeMadeCoco(path: string, { images, annotations }: MadeCoco, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const file = createWriteStream(path);
  let piece = '';
  const add = async (text: string): Promise<void> => {
    piece += text;
    if (piece.length < PIECE_LENGTH) return;
    if (!file.write(piece)) await once(file, 'drain');
    piece = '';
  };
  await add(
    '{"info": {"description": "Made for measuring","year": 2017},"licenses": [{"id": 1,"name": "None"}],"images": [',
  );
  for (let i = 0; i < images; i += 1) await add(`${i === 0 ? '' : ','}${imageText(i)}`);
  await add('],"annotations": [');
  for (let i = 0; i < annotations; i += 1) await add(`${i === 0 ? '' : ','}${annotationText(i, random, images)}`);
  await add('],"categories": [');
  for (let i = 1; i <= CATEGORIES; i += 1) {
    await add(`${i === 1 ? '' : ','}{"supercategory": "thing","id": ${i},"name": "thing ${i}"}`);
  }
  file.end(`${piece}]}`);
  await finished(file);
}

function imageText(i: number): string {
  const name = `${String(i + 1).padStart(12, '0')}.jpg`;
  return `{"license": 3,"file_name": "${name}","coco_url": "http://images.cocodataset.org/train2017/${name}","height": 480,"width": 640,"date_captured": "2013-11-14 11:18:45","flickr_url": "http://farm9.staticflickr.com/8186/${name}","id": ${i + 1}}`;
}

function annotationText(i: number, random: Random, images: number): string {
  const isCrowd = random.uniform() < CROWDS;
  const [x, y] = [random.below(50_000) / 100, random.below(40_000) / 100];
  const [w, h] = [1 + random.below(10_000) / 100, 1 + random.below(7_000) / 100];
  const shape = isCrowd ? runs(random) : polygons(x, y, random);
  const image = 1 + random.below(images);
  return `{"segmentation": ${shape},"area": ${(w * h) / 1.3},"iscrowd": ${isCrowd ? 1 : 0},"image_id": ${image},"bbox": [${x},${y},${w},${h}],"category_id": ${1 + random.below(CATEGORIES)},"id": ${i + 1}}`;
}

function polygons(x: number, y: number, random: Random): string {
  const count = random.uniform() < 0.1 ? 2 : 1;
  const polygon = () => {
    const points = 4 + random.below(36);
    const sides = Array.from(
      { length: points },
      () => `${round(x + random.below(10_000) / 100)},${round(y + random.below(7_000) / 100)}`,
    );
    return `[${sides.join(',')}]`;
  };
  return `[${Array.from({ length: count }, polygon).join(',')}]`;
}

function runs(random: Random): string {
  const counts = Array.from({ length: 200 + random.below(200) }, () => random.below(2000));
  return `{"counts": [${counts.join(',')}],"size": [480,640]}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
