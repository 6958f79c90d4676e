import { expect, test } from 'vitest';
import type { BoxXyxy } from '../../src/base/boxes.ts';
import type { Sample } from '../../src/data/types.ts';
import { setStatistics } from '../../src/state/set-statistics.ts';
import { boxPositions } from './box-positions.ts';
import { boxShapes } from './box-shapes.ts';
import { boxSizes } from './box-sizes.ts';
import { boxesPerPicture } from './boxes-per-picture.ts';
import { classHistogram } from './class-histogram.ts';
import { pictureSizes } from './picture-sizes.ts';
import { marksOf, rectOf, textsOf } from './test-svg.ts';

function sample(id: string, objects: readonly (readonly [string, BoxXyxy])[], size = { h: 160, w: 160 }): Sample {
  return {
    id,
    imagePath: `${id}.jpg`,
    size,
    labelled: true,
    objects: objects.map(([className, boxXyxyPx]) => ({ className, boxXyxyPx, difficult: false, truncated: false })),
  };
}

const UPPER_LEFT: BoxXyxy = [0, 0, 20, 20];
const MIDDLE: BoxXyxy = [60, 70, 100, 90];

const SAMPLES = [
  sample('a', [
    ['cat', UPPER_LEFT],
    ['cat', UPPER_LEFT],
    ['dog', MIDDLE],
  ]),
  sample('b', [['cat', MIDDLE]], { h: 160, w: 320 }),
  sample('c', []),
];
const CLASSES = ['cat', 'dog', 'emu'];
const STATISTICS = setStatistics({
  id: '',
  name: 'painted',
  classes: CLASSES,
  samples: SAMPLES,
  splits: { train: ['a', 'c'], val: ['b'], trainval: ['a', 'b', 'c'] },
  problems: [],
  hash: '',
});

test('boxes by class and split, in the colours of the classes', async () => {
  const { svg } = await classHistogram(STATISTICS);
  const bars = marksOf(svg, 'rect').map((bar) => ({ fill: bar.fill, w: rectOf(bar).w }));
  expect(bars.map(({ fill }) => fill)).toEqual([0, 1].flatMap(() => ['#0072b2', '#e69f00', '#009e73']));
  const one = bars[1]?.w ?? 0;
  expect(bars.map(({ w }) => Math.round(w / one))).toEqual([2, 1, 0, 1, 0, 0]);
  const texts = textsOf(svg);
  expect(texts).toEqual(expect.arrayContaining(['train', 'val', ...CLASSES]));
  expect(texts).not.toContain('trainval');
});

test('boxes a picture', async () => {
  const { svg, sentence } = await boxesPerPicture(SAMPLES);
  expect(marksOf(svg, 'rect').map((bar) => rectOf(bar).h > 0)).toEqual([true, true, false, true]);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['0', '1', '2', '3', 'pictures', 'boxes']));
  expect(sentence).toBe('A labelled picture has 1.3 boxes on average, the fullest 3; 1 have none.');
});

test('a picture of a thousand boxes makes no thousand bars', async () => {
  const full = sample(
    'full',
    Array.from({ length: 1000 }, () => ['cat', MIDDLE] as const),
  );
  const { svg } = await boxesPerPicture([...SAMPLES, full]);
  const bars = marksOf(svg, 'rect');
  expect(bars.length).toBeLessThan(25);
  expect(bars.filter((bar) => rectOf(bar).h > 0)).toHaveLength(2);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['0–49', '1,000–1,049']));
});

test('sizes and shapes of boxes', async () => {
  const sizes = textsOf((await boxSizes(STATISTICS)).svg);
  expect(sizes.join(' ')).toContain('median 24 px');
  const { svg } = await boxShapes(STATISTICS);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['1:2', '1:1', '2:1']));
  expect(marksOf(svg, 'rect').filter((bar) => rectOf(bar).h > 0)).toHaveLength(2);
});

test('centres of boxes as a map', async () => {
  const { svg } = await boxPositions(STATISTICS);
  const cells = marksOf(svg, 'rect');
  expect(cells).toHaveLength(256);
  const empty = cells[255]?.fill;
  const full = cells.flatMap((cell) => {
    const { x, y, w, h } = rectOf(cell);
    return cell.fill === empty ? [] : [[x / w, y / h, cell.fill]];
  });
  // Two in the upper left, in the strongest colour; one in the middle; and one a quarter from the left of the wider picture.
  expect(full).toEqual([
    [1, 1, 'rgb(11, 107, 120)'],
    [4, 8, expect.any(String)],
    [8, 8, expect.any(String)],
  ]);
});

test('sizes of pictures, a disc each', async () => {
  const { svg } = await pictureSizes(SAMPLES);
  expect(marksOf(svg, 'symbol')).toHaveLength(2);
  expect(textsOf(svg).join(' ')).toContain('3 pictures: 2 sizes, most often 160 x 160 (2)');
});
