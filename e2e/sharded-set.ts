import { readFile } from 'node:fs/promises';
import { packTar } from 'modern-tar';
import sharp from 'sharp';
import { bundled } from './files.ts';

/** The files of a VOC set of so many small pictures by path, each with one box (the first with more, where that is asked for), and no two alike. */
export async function smallSet(pictures: number, boxesOfFirst = 1): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
/** A VOC tar of so many small pictures, each with one box, and no two alike; larger ones have so many bytes more after their end. */
export async function shardedSet(pictures: number, moreBytes = 0): Promise<Uint8Array> {
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
    // A comment after the picture's end makes each file its own.
    files.set(`VOCdevkit/SMALL/JPEGImages/${id}.jpg`, new Uint8Array(Buffer.concat([small, Buffer.from(id)])));
  }
  return files;
}

/** Such a set as a tar. */
export async function shardedSet(pictures: number, boxesOfFirst = 1): Promise<Uint8Array> {
  const files = await smallSet(pictures, boxesOfFirst);
  return packTar([...files].map(([name, body]) => ({ header: { name, size: body.byteLength }, body })));
    const body = Buffer.concat([small, Buffer.alloc(moreBytes, id), Buffer.from(id)]);
    const xml = `<annotation><filename>${id}.jpg</filename><object><name>cat</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>60</xmax><ymax>60</ymax></bndbox></object></annotation>`;
    return [
      { header: { name: `VOCdevkit/SMALL/Annotations/${id}.xml`, size: xml.length }, body: xml },
      { header: { name: `VOCdevkit/SMALL/JPEGImages/${id}.jpg`, size: body.length }, body },
    ];
  });
  return packTar(entries.flat());
}
