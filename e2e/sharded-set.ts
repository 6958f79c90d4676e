import { readFile } from 'node:fs/promises';
import { packTar } from 'modern-tar';
import sharp from 'sharp';
import { bundled } from './files.ts';

export interface SmallSet {
  /** The first picture's boxes; 1 where left out, as of all others. */
  readonly boxesOfFirst?: number;
  /** So many bytes more behind each picture's end. */
  readonly moreBytes?: number;
}

/** The files of a VOC set of so many small pictures by path, each with one box, and no two alike. */
export async function smallSet(
  pictures: number,
  { boxesOfFirst = 1, moreBytes = 0 }: SmallSet = {},
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const scene = await readFile(bundled('sample/pictures/2026_000003.jpg'));
  const small = await sharp(scene).resize(160).jpeg({ quality: 70 }).toBuffer();
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (let i = 0; i < pictures; i += 1) {
    const id = String(i).padStart(6, '0');
    const objects = Array.from({ length: i === 0 ? boxesOfFirst : 1 }, (_, n) => {
      const [x, y] = [5 + 2 * (n % 40), 5 + 3 * Math.floor(n / 40)];
      return `<object><name>cat</name><bndbox><xmin>${x}</xmin><ymin>${y}</ymin><xmax>${x + 55}</xmax><ymax>${y + 55}</ymax></bndbox></object>`;
    });
    const xml = `<annotation><filename>${id}.jpg</filename>${objects.join('')}</annotation>`;
    files.set(`VOCdevkit/SMALL/Annotations/${id}.xml`, new TextEncoder().encode(xml));
    // What stands behind the picture's end makes each file its own.
    const body = Buffer.concat([small, Buffer.alloc(moreBytes, id), Buffer.from(id)]);
    files.set(`VOCdevkit/SMALL/JPEGImages/${id}.jpg`, new Uint8Array(body));
  }
  return files;
}

/** Such a set as a tar. */
export async function shardedSet(pictures: number, more: SmallSet = {}): Promise<Uint8Array> {
  const files = await smallSet(pictures, more);
  return packTar([...files].map(([name, body]) => ({ header: { name, size: body.byteLength }, body })));
}
