import { expect, test } from 'vitest';
import { noisePicture } from './test-pictures.ts';
import type { DataSet, Sample } from './types.ts';
import { createViewLoader, ownBuckets } from './view-loader.ts';

const preprocessor = { shortestEdge: 32, longestEdge: 53, imageMean: [0, 0, 0], imageStd: [1, 1, 1] } as const;

function made(n: number): { readonly dataSet: DataSet; readonly sizes: Map<string, { h: number; w: number }> } {
  const sizes = new Map(Array.from({ length: n }, (_, i) => [`${i}`, { h: 40, w: 40 + (i % 4) * 8 }]));
  const samples = [...sizes].map(([id, size]): Sample => {
    const object = { className: 'a', boxXyxyPx: [2, 4, 12, 24], difficult: false, truncated: false } as const;
    return { id, imagePath: `${id}.png`, size, objects: [object], labelled: true };
  });
  const splits = { train: samples.map(({ id }) => id) };
  const imageBytes = async (id: string) => new TextEncoder().encode(id);
  return { dataSet: { name: 'made', classes: ['a'], samples, splits, problems: [], hash: '', imageBytes }, sizes };
}

function loaderOf(n: number, views: number, keptKeys: ReadonlySet<string> = new Set(), broken = '') {
  const { dataSet, sizes } = made(n);
  const decoded: string[] = [];
  const problems: string[] = [];
  const loader = createViewLoader({
    dataSet,
    preprocessor,
    decode: async (bytes) => {
      const id = new TextDecoder().decode(bytes);
      decoded.push(id);
      return noisePicture(id === broken ? { h: 1, w: 1 } : (sizes.get(id) ?? { h: 1, w: 1 }));
    },
    onProblem: ({ file }) => problems.push(file),
    split: 'train',
    batch: 4,
    seed: 3,
    views,
    kept: async (key) => (keptKeys.has(key) ? key : null),
  });
  return { loader, decoded, problems, dataSet };
}

test('each draw takes one of the views, whose mirror image has its boxes mirrored', async () => {
  const { loader } = loaderOf(8, 2);
  const drawn = (await Promise.all(Array.from({ length: 20 }, () => loader.next()))).flatMap(({ views }) => views);
  loader.close();
  const centres = new Map(drawn.map(({ key, target }) => [key, target.boxesCxcywhNorm[0] ?? Number.NaN]));
  expect([...centres.keys()].sort()).toEqual(
    [0, 1].flatMap((view) => [...Array(8).keys()].map((id) => `${view}/${id}`)),
  );
  for (const [key, x] of centres) {
    if (key.startsWith('0/')) expect(x + (centres.get(`1/${key.slice(2)}`) ?? 0)).toBeCloseTo(1, 6);
  }
});

test('what is kept of a view is handed out in place of pixels, with the same target and sizes, and is not decoded', async () => {
  const plain = loaderOf(8, 4);
  const batches = [await plain.loader.next(), await plain.loader.next(), await plain.loader.next()];
  plain.loader.close();
  const keys = [...Array(8).keys()].flatMap((id) => [0, 1, 2, 3].map((view) => `${view}/${id}`));
  const warm = loaderOf(8, 4, new Set(keys));
  for (const batch of batches) {
    const again = await warm.loader.next();
    expect(again.size).toEqual(batch.size);
    for (const [i, { shown, ...view }] of again.views.entries()) {
      const { shown: _, ...before } = batch.views[i] as (typeof batch.views)[number];
      expect(view).toEqual(before);
      expect(shown).toEqual({ kept: view.key });
    }
  }
  warm.loader.close();
  expect(plain.decoded.length).toBeGreaterThanOrEqual(12);
  expect(warm.decoded).toEqual([]);
});

test('a picture that is not what its header said is told once and left out', async () => {
  const { loader, problems } = loaderOf(8, 4, new Set(), '3');
  const drawn = (await Promise.all(Array.from({ length: 12 }, () => loader.next()))).flatMap(({ views }) => views);
  loader.close();
  expect(problems).toEqual(['3.png']);
  expect(drawn.filter(({ key }) => key.endsWith('/3'))).toEqual([]);
});

test('the padded size of a picture by itself is the least that holds it', () => {
  expect(ownBuckets({ dataSet: made(4).dataSet, preprocessor }, 'train')).toEqual([
    { h: 32, w: 32 },
    { h: 32, w: 64 },
    { h: 32, w: 64 },
    { h: 32, w: 64 },
  ]);
});
