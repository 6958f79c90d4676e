import { readFile } from 'node:fs/promises';
import { packTar } from 'modern-tar';
import sharp from 'sharp';
import { bundled } from '../../e2e/files.ts';
import { seededRandom } from '../../src/base/random.ts';

const CLASSES = ['cat', 'dog', 'bus', 'car', 'person'];

/** A VOC tar of so many small pictures with so many boxes each; no two files are the same. */
export async function crowdedSet(pictures: number, boxes: number): Promise<Uint8Array> {
  const random = seededRandom(0);
  const scene = await readFile(bundled('sample/pictures/2026_000003.jpg'));
  const small = await sharp(scene).resize(160).jpeg({ quality: 70 }).toBuffer();
  const object = (): string => {
    const [x, y] = [1 + random.below(100), 1 + random.below(70)];
    const name = CLASSES[random.below(CLASSES.length)];
    return `<object><name>${name}</name><bndbox><xmin>${x}</xmin><ymin>${y}</ymin><xmax>${x + 9 + random.below(30)}</xmax><ymax>${y + 9 + random.below(30)}</ymax></bndbox></object>`;
  };
  const entries = Array.from({ length: pictures }, (_, i) => {
    const id = String(i).padStart(6, '0');
    const body = Buffer.concat([small, Buffer.from(id)]);
    const xml = `<annotation>${Array.from({ length: boxes }, object).join('')}</annotation>`;
    return [
      { header: { name: `VOCdevkit/CROWDED/Annotations/${id}.xml`, size: xml.length }, body: xml },
      { header: { name: `VOCdevkit/CROWDED/JPEGImages/${id}.jpg`, size: body.length }, body },
    ];
  });
  return packTar(entries.flat());
}
