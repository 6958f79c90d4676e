import sharp from 'sharp';
import { expect, test } from 'vitest';
import { pictureSheet, type SheetPicture } from './picture-sheet.ts';
import { spread } from './read-pictures.ts';
import { textsOf } from './test-svg.ts';
import { thumbnail } from './thumbnail.ts';

const GREEN = await thumbnail({
  size: { h: 105, w: 140 },
  data: new Uint8Array(105 * 140 * 3).map((_, at) => (at % 3 === 1 ? 200 : 20)),
});

function sheet(pictures: readonly SheetPicture[], classes: readonly string[]) {
  return pictureSheet({ name: 'pictures', title: 'Sheet', sentence: 'A sheet.', note: 'a note', pictures, classes });
}

test('pictures stand in rows of four, with their boxes where they are and the names of their classes', async () => {
  const box = { text: 'cat', labelId: 0, boxXyxyPx: [35, 35, 105, 70] } as const;
  const picture = { image: GREEN, caption: 'a', boxes: [box] };
  const { svg } = await sheet([picture, picture, picture, picture, { ...picture, caption: 'fifth' }], ['cat', 'dog']);
  expect(svg.match(/<image /g)).toHaveLength(5);
  const texts = textsOf(svg);
  expect(texts).toEqual(expect.arrayContaining(['Sheet', 'a note', 'cat', 'fifth']));
  expect(texts).not.toContain('dog'); // it occurs in none of them

  // A cell is twice as large as this picture: its left edge stands at 20, its top below the head.
  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const top = Number(/<image x="20" y="([\d.]+)"/.exec(svg)?.[1]);
  const at = (x: number, y: number) => {
    const from = ((top + 2 * y) * info.width + 20 + 2 * x) * 3;
    return data.subarray(from, from + 3);
  };
  // The line is drawn over two columns: most of each is of the class's blue.
  for (const edge of [at(35, 60), at(104.5, 60)]) expect(edge[2]).toBeGreaterThan(120);
  for (const green of [at(70, 50), at(20, 60), at(120, 60)]) expect(green[2]).toBeLessThan(40);
});

test('labels of many boxes are left to the colours, unless there are more classes than colours', async () => {
  const boxes = Array.from({ length: 9 }, (_, i) => ({
    text: `label ${i}`,
    labelId: 0,
    boxXyxyPx: [2 + 15 * i, 60, 14 + 15 * i, 75] as const,
  }));
  const picture = { image: GREEN, caption: 'a', boxes };
  expect(textsOf((await sheet([picture], ['cat'])).svg).join()).not.toContain('label');
  const many = Array.from({ length: 20 }, (_, i) => `class ${i}`);
  expect(textsOf((await sheet([picture], many)).svg).join()).toContain('label 0');
});

test('names cannot become markup', async () => {
  const picture = {
    image: GREEN,
    caption: '</text><script>',
    boxes: [{ text: '<b>&"', labelId: 0, boxXyxyPx: [1, 60, 30, 90] as const }],
  };
  const { svg } = await sheet([picture], ['<i>\u0000']);
  expect(svg).not.toMatch(/<script>|<b>|<i>/);
  expect(svg).not.toContain('\u0000');
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['</text><script>', '<b>&"', '<i>']));
});

test('pictures are taken evenly, and the same each time', () => {
  expect(spread([...Array(100).keys()], 4)).toEqual([0, 25, 50, 75]);
  expect(spread(['a', 'b'], 4)).toEqual(['a', 'b']);
  expect(spread([], 4)).toEqual([]);
});
