import { escapeXml } from '../base/escape-xml.ts';
import type { Sample } from './types.ts';

/**
 * A sample as a VOC annotation for the file of that name: corners 1-based and inclusive, the size as displayed, so that
 * reading it gives the same boxes again. A crowd is written as difficult: so it counts neither for nor against.
 */
export function writeVocAnnotation({ size, objects }: Sample, folder: string, fileName: string): string {
  const lines = [
    '<annotation>',
    `  <folder>${escapeXml(folder)}</folder>`,
    `  <filename>${escapeXml(fileName)}</filename>`,
    `  <size><width>${size.w}</width><height>${size.h}</height><depth>3</depth></size>`,
    '  <segmented>0</segmented>',
  ];
  for (const { className, boxXyxyPx, difficult, truncated, occluded = false, crowd = false } of objects) {
    const [x0, y0, x1, y1] = boxXyxyPx;
    lines.push(
      '  <object>',
      `    <name>${escapeXml(className)}</name>`,
      '    <pose>Unspecified</pose>',
      `    <truncated>${truncated ? 1 : 0}</truncated>`,
      ...(occluded ? ['    <occluded>1</occluded>'] : []),
      `    <difficult>${difficult || crowd ? 1 : 0}</difficult>`,
      `    <bndbox><xmin>${x0 + 1}</xmin><ymin>${y0 + 1}</ymin><xmax>${x1}</xmax><ymax>${y1}</ymax></bndbox>`,
      '  </object>',
    );
  }
  return `${lines.join('\n')}\n</annotation>\n`;
}
