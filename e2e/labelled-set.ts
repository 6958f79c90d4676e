import { readFile } from 'node:fs/promises';
import { packTar } from 'modern-tar';
import type { Page } from 'playwright/test';
import sharp from 'sharp';
import { bundled, drop, fileOf } from './files.ts';
import { expect } from './studio.ts';

/** A VOC tar of pictures of 320 pixels' width, of which every second one is labelled, with one cat each. */
export async function halfLabelledSet(pictures: number): Promise<Uint8Array> {
  const scene = await readFile(bundled('sample/pictures/2026_000003.jpg'));
  const small = await sharp(scene).resize(320).jpeg({ quality: 80 }).toBuffer();
  const entries = Array.from({ length: pictures }, (_, i) => {
    const id = `picture-${i + 1}`;
    // A comment after the picture's end makes each file its own.
    const body = Buffer.concat([small, Buffer.from(id)]);
    const picture = { header: { name: `VOCdevkit/HALF/JPEGImages/${id}.jpg`, size: body.length }, body };
    if (i % 2 === 1) return [picture];
    const xml = `<annotation><filename>${id}.jpg</filename><object><name>cat</name><bndbox><xmin>41</xmin><ymin>31</ymin><xmax>120</xmax><ymax>100</ymax></bndbox></object><object><name>dog</name><bndbox><xmin>201</xmin><ymin>21</ymin><xmax>300</xmax><ymax>60</ymax></bndbox></object></annotation>`;
    return [{ header: { name: `VOCdevkit/HALF/Annotations/${id}.xml`, size: xml.length }, body: xml }, picture];
  });
  return packTar(entries.flat());
}

/** Imports such a set and opens its editor at its first picture. */
export async function openEditor(page: Page, pictures = 6): Promise<void> {
  await page.goto('#/data');
  await drop(page, [fileOf('half.tar', await halfLabelledSet(pictures))]);
  await expect(page.locator('.import-status[role=status]')).toContainText(`${pictures} images imported`);
  await page.locator('.sample-cell').first().click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('e');
  await expect(page.getByRole('application')).toBeFocused();
}
