import { readFile } from 'node:fs/promises';
import { packTar } from 'modern-tar';
import sharp from 'sharp';
import { bundled } from './files.ts';

/** A VOC tar of so many small pictures, each with one box, and no two alike. */
export async function shardedSet(pictures: number): Promise<Uint8Array> {
  const scene = await readFile(bundled('sample/pictures/2026_000003.jpg'));
  const small = await sharp(scene).resize(160).jpeg({ quality: 70 }).toBuffer();
  const entries = Array.from({ length: pictures }, (_, i) => {
    const id = String(i).padStart(6, '0');
    // A comment after the picture's end makes each file its own.
    const body = Buffer.concat([small, Buffer.from(id)]);
    const xml = `<annotation><filename>${id}.jpg</filename><object><name>cat</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>60</xmax><ymax>60</ymax></bndbox></object></annotation>`;
    return [
      { header: { name: `VOCdevkit/SMALL/Annotations/${id}.xml`, size: xml.length }, body: xml },
      { header: { name: `VOCdevkit/SMALL/JPEGImages/${id}.jpg`, size: body.length }, body },
    ];
  });
  return packTar(entries.flat());
}
