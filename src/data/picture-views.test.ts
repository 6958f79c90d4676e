import { expect, test } from 'vitest';
import { AUGMENTS } from '../base/augment.ts';
import { asyncRefusalOf } from '../base/test-refusal.ts';
import { applyView } from './apply-view.ts';
import { firstViews } from './first-views.ts';
import { frozenView } from './frozen-view.ts';
import { pictureViews } from './picture-views.ts';
import { longestEdgeFor } from './resized-size.ts';
import { noisePicture } from './test-pictures.ts';
import { labelsOf } from './transforms.ts';
import type { DataSet, DecodeImage, Sample } from './types.ts';

const samples: Sample[] = Array.from({ length: 6 }, (_, i) => ({
  id: `${i}`,
  imagePath: `${i}.png`,
  size: { h: 30 + i, w: 50 },
  objects: [{ className: 'b', boxXyxyPx: [5, 4, 30, 20 + i], difficult: false, truncated: false }],
  labelled: true,
}));
const dataSet: DataSet = {
  ...{ name: 'made', classes: ['a', 'b'], samples, problems: [], hash: '' },
  splits: { train: ['0', '1', '2', '3', '4'] },
  imageBytes: async (id) => new Uint8Array([Number(id)]),
};
const decode: DecodeImage = async ([i = 0]) => noisePicture(samples[i]?.size ?? { h: 1, w: 1 }, i);
const ports = { decode, encode: async (image: { readonly data: Uint8Array }) => image.data };
const REQUEST = { sampleId: '2', split: 'train', count: 3, size: 32, seed: 8, frozenViews: null };

test.each(AUGMENTS)('with %s, a picture is shown as the run draws it in its first epochs', async (augment) => {
  const shown = await pictureViews(dataSet, { ...REQUEST, augment }, ports);
  const epochs = await firstViews(dataSet, { ...REQUEST, count: 15, augment }, ports);
  expect(shown).toEqual(epochs.filter(({ sampleId }) => sampleId === '2'));
  expect(shown).toHaveLength(3);
  const reseeded = await pictureViews(dataSet, { ...REQUEST, augment, seed: 9 }, ports);
  expect(reseeded.map(({ drawn }) => drawn)).not.toEqual(shown.map(({ drawn }) => drawn));
});

test('with a frozen backbone the few views are shown that features are kept of', async () => {
  const shown = await pictureViews(dataSet, { ...REQUEST, augment: 'flip', frozenViews: 4 }, ports);
  const [two] = samples.filter(({ id }) => id === '2');
  const labels = labelsOf(two?.objects ?? [], two?.size ?? { h: 1, w: 1 }, new Map([['b', 1]]));
  const edges = { shortestEdge: 32, longestEdge: longestEdgeFor(32) };
  const expected = [0, 1, 2, 3].map(
    (view) => applyView(noisePicture({ h: 32, w: 50 }, 2), labels, frozenView(8, '2', view, labels, edges)).image.data,
  );
  expect(shown.map(({ picture }) => picture)).toEqual(expected);
  expect(shown.map(({ boxes }) => boxes.length)).toEqual([1, 1, 1, 1]);
});

test('a picture outside of the split is varied as well; one that is not there is refused', async () => {
  expect(await pictureViews(dataSet, { ...REQUEST, sampleId: '5', augment: 'detr' }, ports)).toHaveLength(3);
  const refused = await asyncRefusalOf(pictureViews(dataSet, { ...REQUEST, sampleId: '7', augment: 'detr' }, ports));
  expect(refused.code).toBe('not-found');
});
