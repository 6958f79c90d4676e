import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { AUGMENTS } from '../base/augment.ts';
import { StudioError } from '../base/errors.ts';
import { evaluationBatches } from './evaluation-batches.ts';
import { createTrainLoader, type TrainLoaderOptions } from './loader.ts';
import { createPictureCache } from './picture-cache.ts';
import { createPixelBuffers } from './pixel-buffers.ts';
import { whiteBoxes } from './test-pictures.ts';
import type { Batch, DataSet, DecodeImage, Problem, Sample } from './types.ts';

const preprocessor = {
  shortestEdge: 32,
  longestEdge: 53,
  imageMean: [0, 0, 0],
  imageStd: [1, 1, 1],
} as const;

/** Picture i is filled with level i; every third is upright; its left half's box is of class a. */
function made(n: number): { dataSet: DataSet; decode: DecodeImage; decoded: number[] } {
  const decoded: number[] = [];
  const samples: Sample[] = Array.from({ length: n }, (_, i) => {
    const size = i % 3 === 0 ? { h: 60, w: 40 } : { h: 40, w: 40 + (i % 4) * 8 };
    const box = [0, 0, size.w / 2, size.h] as const;
    const object = { className: 'a', boxXyxyPx: box, difficult: false, truncated: false };
    return { id: `${i}`, imagePath: `${i}.png`, size, objects: [object], labelled: true };
  });
  const decode: DecodeImage = async ([level = 0]) => {
    const { size } = samples[level] ?? { size: { h: 1, w: 1 } };
    decoded.push(level);
    // Later pictures take less time than earlier ones.
    await new Promise((resolve) => setTimeout(resolve, (n - level) % 5));
    return { size, data: new Uint8Array(size.h * size.w * 3).fill(level) };
  };
  const dataSet: DataSet = {
    name: 'made',
    classes: ['a'],
    samples,
    splits: { train: samples.map(({ id }) => id) },
    problems: [],
    hash: '',
    imageBytes: async (id) => new Uint8Array([Number(id)]),
  };
  return { dataSet, decode, decoded };
}

function options(n: number, change: Partial<TrainLoaderOptions> = {}): TrainLoaderOptions {
  const { dataSet, decode } = made(n);
  const onProblem = () => undefined;
  const cache = createPictureCache(1 << 20);
  return {
    dataSet,
    decode,
    preprocessor,
    cache,
    onProblem,
    split: 'train',
    batch: 4,
    seed: 5,
    augment: 'flip',
    ...change,
  };
}

/** The batch with its pixels as a digest: comparing arrays of them one by one takes seconds. */
function summary({ pixelsNhwc, ...rest }: Batch) {
  const bytes = new Uint8Array(pixelsNhwc.buffer, pixelsNhwc.byteOffset, pixelsNhwc.byteLength);
  return { ...rest, pixels: createHash('sha256').update(bytes).digest('hex') };
}

test('pixels, padding and boxes of a batch belong together', async () => {
  const loader = createTrainLoader(options(20));
  let flipped = 0;
  for (let n = 0; n < 12; n += 1) {
    const { sampleIds, size, pixelsNhwc, validSizes, targets } = await loader.next();
    expect(sampleIds).toHaveLength(4);
    expect([32, 64]).toContain(size.w);
    expect(new Set(validSizes.map(({ h, w }) => h > w)).size).toBe(1);
    sampleIds.forEach((id, b) => {
      const valid = validSizes[b] ?? { h: 0, w: 0 };
      const at = (y: number, x: number) => pixelsNhwc[((b * size.h + y) * size.w + x) * 3] ?? Number.NaN;
      expect(at(0, 0)).toBeCloseTo(Number(id) / 255, 6);
      expect(at(valid.h - 1, valid.w - 1)).toBeCloseTo(Number(id) / 255, 6);
      if (valid.w < size.w) expect(at(0, valid.w)).toBe(0);
      if (valid.h < size.h) expect(at(valid.h, 0)).toBe(0);
      const centre = targets[b]?.boxesCxcywhNorm[0];
      expect([0.25, 0.75]).toContain(centre);
      if (centre === 0.75) flipped += 1;
    });
  }
  expect(flipped).toBeGreaterThan(10);
  expect(flipped).toBeLessThan(38);
  loader.close();
});

test('batches in memory that was used before are as those in new memory', async () => {
  const buffers = createPixelBuffers();
  const again = createTrainLoader(options(23, { augment: 'detr', buffers, readAhead: 1 }));
  const anew = createTrainLoader(options(23, { augment: 'detr' }));
  const places = new Set<ArrayBufferLike>();
  for (let n = 0; n < 20; n += 1) {
    const batch = await again.next();
    expect(summary(batch)).toEqual(summary(await anew.next()));
    places.add(batch.pixelsNhwc.buffer);
    buffers.giveBack(batch.pixelsNhwc.fill(9));
  }
  expect(places.size).toBeLessThan(10);
  again.close();
  anew.close();
});

test('mirrored pixels go with mirrored boxes', async () => {
  const { dataSet } = made(4);
  const decode: DecodeImage = async ([level = 0]) => {
    const size = dataSet.samples[level]?.size ?? { h: 1, w: 1 };
    // White in the left half, where the box is.
    const data = Uint8Array.from({ length: size.h * size.w * 3 }, (_, i) =>
      Math.floor(i / 3) % size.w < size.w / 2 ? 255 : 0,
    );
    return { size, data };
  };
  const loader = createTrainLoader(options(4, { dataSet, decode, batch: 2 }));
  const seen = new Set<number>();
  for (let n = 0; n < 10; n += 1) {
    const { size, pixelsNhwc, validSizes, targets } = await loader.next();
    targets.forEach(({ boxesCxcywhNorm }, b) => {
      const right = (validSizes[b]?.w ?? 0) - 1;
      const row = b * size.h * size.w;
      const white = [pixelsNhwc[row * 3], pixelsNhwc[(row + right) * 3]];
      expect(white).toEqual(boxesCxcywhNorm[0] === 0.25 ? [1, 0] : [0, 1]);
      seen.add(boxesCxcywhNorm[0] ?? 0);
    });
  }
  expect([...seen].sort()).toEqual([0.25, 0.75]);
  loader.close();
});

/** White where the box is, black elsewhere; the box is at another place in each picture. */
function marked(n: number, scale: number): { dataSet: DataSet; decode: DecodeImage } {
  const { dataSet } = made(n);
  const samples = dataSet.samples.map(({ size, ...sample }, i): Sample => {
    const [h, w] = [size.h * scale, size.w * scale];
    const box = [w * 0.1 * (i % 4), h * 0.1 * (i % 5), w * (0.1 * (i % 4) + 0.5), h * (0.1 * (i % 5) + 0.4)] as const;
    return {
      ...sample,
      size: { h, w },
      objects: [{ className: 'a', boxXyxyPx: box, difficult: false, truncated: false }],
    };
  });
  const decode: DecodeImage = async ([level = 0]) => {
    const { size, objects } = samples[level] as Sample;
    const [x0, y0, x1, y1] = objects[0]?.boxXyxyPx ?? [0, 0, 0, 0];
    return whiteBoxes(size, [[Math.round(x0), Math.round(y0), Math.round(x1), Math.round(y1)]]);
  };
  return { dataSet: { ...dataSet, samples }, decode };
}

test.each([0.5, 1, 8])(
  "DETR's views: boxes stay with their pixels, and batches have few sizes, at %f of the size",
  async (scale) => {
    const loader = createTrainLoader(options(12, { ...marked(12, scale), augment: 'detr' }));
    const sizes = new Set<string>();
    const valid = new Set<string>();
    for (let n = 0; n < 40; n += 1) {
      const { size, pixelsNhwc, validSizes, targets } = await loader.next();
      sizes.add(`${size.h} x ${size.w}`);
      targets.forEach(({ boxesCxcywhNorm: [cx = 0, cy = 0, w = 0, h = 0] }, b) => {
        const { h: high, w: wide } = validSizes[b] ?? { h: 0, w: 0 };
        valid.add(`${high} x ${wide}`);
        let light = 0;
        const at = (y: number, x: number) => pixelsNhwc[((b * size.h + y) * size.w + x) * 3] ?? Number.NaN;
        for (let y = 0; y < high; y += 1) for (let x = 0; x < wide; x += 1) light += at(y, x);
        expect(at(Math.floor(cy * high), Math.floor(cx * wide))).toBeGreaterThan(0.9);
        // Whole pixels of a small picture, and one resized twice, leave a soft border of a pixel.
        expect(Math.abs(light - w * wide * h * high)).toBeLessThan(2.5 * (w * wide + h * high));
      });
    }
    expect([...sizes].every((size) => ['32 x 32', '32 x 64', '64 x 32'].includes(size))).toBe(true);
    expect(valid.size).toBeGreaterThan(30);
    loader.close();
  },
);

test.each(AUGMENTS)('with %s, a loader made from a state hands out what the first would have', async (augment) => {
  const whole = createTrainLoader(options(23, { readAhead: 4, augment }));
  for (let n = 0; n < 7; n += 1) await whole.next();
  const state = JSON.parse(JSON.stringify(whole.state()));
  const rest = createTrainLoader(options(23, { readAhead: 1, state, augment }));
  for (let n = 0; n < 15; n += 1) expect(summary(await rest.next())).toEqual(summary(await whole.next()));
  whole.close();
  rest.close();
});

test('a picture that cannot be decoded is reported once and replaced, also after going on', async () => {
  const bad = new Set([2, 3, 11]);
  const { dataSet, decode } = made(16);
  const failing: DecodeImage = async (bytes) => {
    if (bad.has(bytes[0] ?? 0)) throw new StudioError('bad-image', 'broken');
    return decode(bytes);
  };
  const problems: Problem[] = [];
  const change = { dataSet, decode: failing, onProblem: (problem: Problem) => problems.push(problem) };
  const whole = createTrainLoader(options(16, change));
  for (let n = 0; n < 3; n += 1) await whole.next();
  const rest = createTrainLoader(options(16, { dataSet, decode: failing, state: whole.state() }));
  for (let n = 0; n < 20; n += 1) {
    const batch = await whole.next();
    expect(batch.sampleIds).toHaveLength(4);
    expect(batch.sampleIds.some((id) => bad.has(Number(id)))).toBe(false);
    expect(summary(await rest.next())).toEqual(summary(batch));
  }
  expect(problems.map(({ file }) => file).sort()).toEqual(['11.png', '2.png', '3.png']);
  whole.close();
  rest.close();
});

test('where no picture can be decoded, next says so; a closed loader is cancelled', async () => {
  const broken: DecodeImage = async () => {
    throw new StudioError('bad-image', 'broken');
  };
  await expect(createTrainLoader(options(6, { decode: broken })).next()).rejects.toMatchObject({
    code: 'bad-data-set',
  });
  const loader = createTrainLoader(options(6));
  loader.close();
  await expect(loader.next()).rejects.toMatchObject({ code: 'cancelled' });
  expect(() => createTrainLoader(options(6, { split: '__proto__' }))).toThrow(/no split "__proto__"; it has train/);
});

test('a set that fits the cache is decoded once', async () => {
  const { dataSet, decode, decoded } = made(12);
  const loader = createTrainLoader(options(12, { dataSet, decode }));
  for (let n = 0; n < 20; n += 1) await loader.next();
  expect(decoded).toHaveLength(12);
  loader.close();
});

test('evaluation gives every usable picture once, unmirrored, in few sizes', async () => {
  const { dataSet, decode } = made(17);
  const failing: DecodeImage = async (bytes) => {
    if (bytes[0] === 4) throw new StudioError('bad-image', 'broken');
    return decode(bytes);
  };
  const problems: Problem[] = [];
  const seen: string[] = [];
  const read = { ...options(17), dataSet, decode: failing, onProblem: (problem: Problem) => problems.push(problem) };
  for await (const { batch, samples } of evaluationBatches(read)) {
    expect(batch.sampleIds).toEqual(samples.map(({ id }) => id));
    expect(batch.targets.every(({ boxesCxcywhNorm }) => boxesCxcywhNorm[0] === 0.25)).toBe(true);
    expect(batch.validSizes.every(({ h, w }) => h <= batch.size.h && w <= batch.size.w)).toBe(true);
    seen.push(...batch.sampleIds);
  }
  expect(seen.map(Number).sort((a, b) => a - b)).toEqual([...Array(17).keys()].filter((i) => i !== 4));
  expect(problems).toHaveLength(1);
  const limited: string[] = [];
  for await (const { batch } of evaluationBatches({ ...read, limit: 3 })) limited.push(...batch.sampleIds);
  expect(limited.sort()).toEqual(['0', '1', '2']);
});

test('the cache keeps what was used last, within its bytes', () => {
  const image = (bytes: number) => ({ size: { h: 1, w: bytes / 3 }, data: new Uint8Array(bytes) });
  const cache = createPictureCache(90);
  cache.set('a', image(30));
  cache.set('b', image(30));
  cache.set('c', image(30));
  cache.get('a');
  cache.set('d', image(30));
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== undefined)).toEqual(['a', 'c', 'd']);
  cache.set('huge', image(300));
  expect([cache.get('huge'), cache.bytes()]).toEqual([undefined, 90]);
});
