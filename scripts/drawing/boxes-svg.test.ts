import sharp from 'sharp';
import { expect, test } from 'vitest';
import { labelText, strokesFor } from '../../src/base/box-strokes.ts';
import { classColour } from '../../src/base/class-colours.ts';
import type { DetectedBox } from '../../src/predict/types.ts';
import { boxesSvg } from './boxes-svg.ts';
import { drawBoxes } from './draw-boxes.ts';
import { hasFonts, labelWidths } from './label-text.ts';

const SIZE = { h: 480, w: 640 };

function box(label: string, labelId: number, boxXyxyPx: DetectedBox['boxXyxyPx'], score = 0.9): DetectedBox {
  return { label, labelId, score, boxXyxyPx };
}

async function svgOf(detections: readonly DetectedBox[]): Promise<string> {
  const strokes = strokesFor(SIZE);
  const boxes = detections.map((detection) => ({ ...detection, text: labelText(detection) }));
  return boxesSvg(boxes, SIZE, await labelWidths(detections.map(labelText), strokes.fontPx), strokes);
}

/** `[x, y, width, height]` of each label's plate. */
function platesOf(svg: string): number[][] {
  return [...svg.matchAll(/<rect x="(.+?)" y="(.+?)" width="(.+?)" height="(.+?)" rx/g)].map((match) =>
    match.slice(1).map(Number),
  );
}

test('a box is drawn in its class colour where it is, and the rest of the picture is as it was', async () => {
  const grey = { size: SIZE, data: new Uint8Array(SIZE.h * SIZE.w * 3).fill(128) };
  const png = await drawBoxes(grey, [box('cat', 4, [100, 200, 300, 400])], 'png');
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([640, 480]);
  const at = (x: number, y: number) => data.subarray((y * 640 + x) * 3, (y * 640 + x) * 3 + 3).toString('hex');
  expect([at(100, 300), at(299, 300), at(200, 399)]).toEqual(Array(3).fill(classColour(4).slice(1)));
  expect([at(200, 300), at(50, 300), at(400, 300), at(200, 450)]).toEqual(Array(4).fill('808080'));
});

test('plates cover neither each other nor leave the picture, and hold their text', async () => {
  const detections = Array.from({ length: 8 }, (_, i) =>
    box(`label ${i}`, i, [250 + 3 * i, 200 + 3 * i, 400 + i, 300 + i], 0.95 - i / 100),
  );
  const edges = [box('left', 0, [-40, -30, 60, 50]), box('right', 1, [600, 440, 700, 520])];
  const svg = await svgOf([...detections, ...edges]);
  const plates = platesOf(svg);
  expect(plates).toHaveLength(10);
  for (const [i, [x = 0, y = 0, w = 0, h = 0]] of plates.entries()) {
    expect(Math.min(x, y, 640 - x - w, 480 - y - h), `plate ${i}`).toBeGreaterThanOrEqual(0);
    for (const [x2 = 0, y2 = 0, w2 = 0, h2 = 0] of plates.slice(i + 1)) {
      expect(x < x2 + w2 && x2 < x + w && y < y2 + h2 && y2 < y + h, `plate ${i}`).toBe(false);
    }
  }
  const widths = await labelWidths(['left 0.90'], strokesFor(SIZE).fontPx);
  expect(Math.max(...plates.map(([, , w = 0]) => w))).toBeGreaterThan(widths[0] ?? Number.POSITIVE_INFINITY);
});

test('a name cannot become markup, and a long one fits', async () => {
  const evil = box('</text><script>&"\u0000', 0, [10, 50, 100, 100]);
  const long = box('w'.repeat(500), 1, [10, 150, 100, 200]);
  const svg = await svgOf([evil, long]);
  expect(svg).toContain('&lt;/text&gt;&lt;script&gt;&amp;&quot; 0.90');
  await expect(sharp(Buffer.from(svg)).metadata()).resolves.toMatchObject({ width: 640, height: 480 });
  for (const [x = 0, , w = 0] of platesOf(svg)) expect(x + w).toBeLessThanOrEqual(640);
});

test('lines and letters grow with the picture', () => {
  const small = strokesFor({ h: 120, w: 160 });
  const large = strokesFor({ h: 3000, w: 4000 });
  expect(small.fontPx).toBe(10);
  expect(large.fontPx).toBeGreaterThan(60);
  expect(large.linePx).toBeGreaterThan(4 * small.linePx);
});

test.skipIf(!(await hasFonts()))('fonts are found (skipped where the machine has none)', async () => {
  const [narrow = 0, wide = 0] = await labelWidths(['iiii', 'WWWW'], 20);
  expect(wide).toBeGreaterThan(1.5 * narrow);
});
