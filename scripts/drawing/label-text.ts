import sharp, { type Sharp } from 'sharp';
import { escapeXml } from '../../src/base/escape-xml.ts';
import { offerFonts } from './fonts.ts';

offerFonts();

/** What labels are set in; `sharp` takes the first of the machine's own. */
export const LABEL_FONT = 'sans-serif';

/** The width in pixels of each text in the labels' bold font. */
export async function labelWidths(texts: readonly string[], fontPx: number): Promise<number[]> {
  return Promise.all(
    texts.map(async (text) => {
      const { width } = await rendered(text, fontPx).metadata();
      return width;
    }),
  );
}

/** Whether the machine has any font: without one every letter comes out as the same empty box. */
export async function hasFonts(): Promise<boolean> {
  const [narrow, wide] = await Promise.all(['i', 'W'].map((letter) => rendered(letter, 20).raw().toBuffer()));
  return narrow !== undefined && wide !== undefined && !narrow.equals(wide);
}

function rendered(text: string, fontPx: number): Sharp {
  // At 72 dots an inch a point is a pixel.
  return sharp({ text: { text: escapeXml(text) || ' ', font: `${LABEL_FONT} bold ${fontPx}`, dpi: 72 } });
}
