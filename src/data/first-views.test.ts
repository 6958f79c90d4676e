import { expect, test } from 'vitest';
import { AUGMENTS } from '../base/augment.ts';
import { StudioError } from '../base/errors.ts';
import { firstViews } from './first-views.ts';
import { createTrainLoader } from './loader.ts';
import { createPictureCache } from './picture-cache.ts';
import { longestEdgeFor } from './resized-size.ts';
import { noisePicture } from './test-pictures.ts';
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
  splits: { train: samples.map(({ id }) => id) },
  imageBytes: async (id) => new Uint8Array([Number(id)]),
};
const decode: DecodeImage = async ([i = 0]) => {
  if (i === 3) throw new StudioError('bad-image', 'broken');
  return noisePicture(samples[i]?.size ?? { h: 1, w: 1 }, i);
};

test.each(AUGMENTS)('with %s, what is shown is what a run is fed, pixel for pixel', async (augment) => {
  const size = 32;
  const request = { split: 'train', count: 9, augment, size, seed: 8 };
  const views = await firstViews(dataSet, request, { decode, encode: async (image) => image.data });
  expect(views).toHaveLength(9);
  expect(views.map(({ sampleId }) => sampleId)).not.toContain('3');
  const loader = createTrainLoader({
    ...{ dataSet, decode, split: 'train', batch: 1, seed: 8, augment },
    preprocessor: { shortestEdge: size, longestEdge: longestEdgeFor(size), imageMean: [0, 0, 0], imageStd: [1, 1, 1] },
    cache: createPictureCache(1 << 20),
    onProblem: () => undefined,
  });
  for (const view of views) {
    const { sampleIds, size: padded, pixelsNhwc, validSizes, targets } = await loader.next();
    const { h, w } = view.size;
    expect([sampleIds, validSizes]).toEqual([[view.sampleId], [{ h, w }]]);
    const fed = Uint8Array.from({ length: h * w * 3 }, (_, i) => {
      const [y, x] = [Math.floor(i / (w * 3)), i % (w * 3)];
      return Math.round((pixelsNhwc[y * padded.w * 3 + x] ?? 0) * 255);
    });
    expect(Buffer.compare(view.picture, fed)).toBe(0);
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = view.boxes[0]?.boxXyxyPx ?? [];
    const [cx = 0, cy = 0, bw = 0, bh = 0] = targets[0]?.boxesCxcywhNorm ?? [];
    expect([(x0 + x1) / 2 / w, (y0 + y1) / 2 / h, (x1 - x0) / w, (y1 - y0) / h].map(Math.fround)).toEqual(
      [cx, cy, bw, bh].map((part) => expect.closeTo(part, 6)),
    );
    expect(view.boxes.map(({ classId }) => classId)).toEqual([1]);
  }
  loader.close();
});
