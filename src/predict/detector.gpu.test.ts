import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { describeWithFixture, readBytes, readJson } from '../base/test-fixtures.ts';
import { decodeWith } from '../data/decode.ts';
import { preprocessPicture } from '../data/preprocess.ts';
import { readTarTree } from '../data/tar-tree.ts';
import type { RgbImage } from '../data/types.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import { readCheckpointFiles } from '../interop/checkpoint-files.ts';
import { bundledFiles } from '../interop/test-bundled.ts';
import { decodePixels } from '../platform/node/decode.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { Detector } from './detector.ts';

interface ParityFile {
  readonly labels: readonly string[];
  readonly images: readonly {
    readonly name: string;
    readonly original_size_hw: readonly [number, number];
    readonly size_hw: readonly [number, number];
    readonly pixel_values: { readonly mean: number; readonly std: number; readonly first5: readonly number[] };
    readonly top5: readonly {
      readonly query: number;
      readonly label_id: number;
      readonly label: string;
      readonly score: number;
      readonly cxcywh: readonly [number, number, number, number];
    }[];
    readonly first5_queries: {
      readonly logits: readonly (readonly number[])[];
      readonly pred_boxes: readonly (readonly number[])[];
    };
  }[];
}

const SAMPLE = join(import.meta.dirname, '../../public/sample/emoji-scenes.tar');

describeWithFixture('emoji-scenes/parity.json', 'the bundled model on two of its pictures', (file) => {
  sharedGpu();
  const { labels, images } = readJson<ParityFile>(file);
  const { config, preprocessor, weights } = readCheckpointFiles(bundledFiles(), 'bundled');
  const pictures = new Map<string, RgbImage>();
  const withDetector = async (body: (detector: Detector) => Promise<void>): Promise<void> => {
    const model = new DetrForObjectDetection(config, weights.values);
    try {
      await body(new Detector(model, preprocessor.config, () => performance.now()));
    } finally {
      model.dispose();
    }
  };
  const picture = (name: string): RgbImage => {
    const image = pictures.get(name);
    if (!image) throw new Error(`${name} is not in the sample data set.`);
    return image;
  };

  beforeAll(async () => {
    const { files } = await readTarTree(readBytes(SAMPLE), 'emoji-scenes.tar');
    for (const { name } of images) {
      const entry = files.get(`VOCdevkit/EmojiScenes/JPEGImages/${name}.jpg`);
      if (entry) pictures.set(name, await decodeWith(decodePixels)(await entry.read()));
    }
  });

  test.each(images)('$name becomes the pixels that PyTorch was given', ({ name, ...expected }) => {
    const { pixelsNhwc, size } = preprocessPicture(picture(name), preprocessor.config);
    expect(picture(name).size).toEqual({ h: expected.original_size_hw[0], w: expected.original_size_hw[1] });
    expect(size).toEqual({ h: expected.size_hw[0], w: expected.size_hw[1] });
    const mean = pixelsNhwc.reduce((sum, x) => sum + x, 0) / pixelsNhwc.length;
    const deviation = Math.sqrt(pixelsNhwc.reduce((sum, x) => sum + (x - mean) ** 2, 0) / pixelsNhwc.length);
    // JPEG decoders differ by a level (0.017) here and there, which the sums hardly feel.
    expect(mean).toBeCloseTo(expected.pixel_values.mean, 4);
    expect(deviation).toBeCloseTo(expected.pixel_values.std, 4);
    const red = Array.from({ length: 5 }, (_, x) => pixelsNhwc[3 * x] ?? Number.NaN);
    expectClose(red, expected.pixel_values.first5, 1e-5);
  });

  test.each(images)('$name gives the logits and boxes of PyTorch', ({ name, first5_queries }) =>
    withDetector(async (detector) => {
      const { pixelsNhwc, size } = preprocessPicture(picture(name), preprocessor.config);
      const outputs = await detector.queryOutputs(pixelsNhwc, size, [size]);
      expect(outputs).toHaveLength(1);
      expect(outputs[0]?.logits).toHaveLength(25 * 37);
      expectClose([...(outputs[0]?.logits.subarray(0, 5 * 37) ?? [])], first5_queries.logits.flat(), 1e-3);
      expectClose([...(outputs[0]?.boxes.subarray(0, 5 * 4) ?? [])], first5_queries.pred_boxes.flat(), 1e-3);
    }),
  );

  test.each(images)('$name shows the five best boxes, best first, in its own pixels', ({ name, top5 }) =>
    withDetector(async (detector) => {
      expect(config.labels).toEqual(labels);
      const image = picture(name);
      const { size, detections } = await detector.predict(image, 0);
      expect(size).toEqual(image.size);
      expect(detections).toHaveLength(25);
      const best = detections.slice(0, 5);
      expect(best.map(({ label, labelId }) => [label, labelId])).toEqual(
        top5.map((each) => [each.label, each.label_id]),
      );
      expectClose(
        best.map(({ score }) => score),
        top5.map(({ score }) => score),
        1e-3,
      );
      const { h, w } = image.size;
      const corners = top5.flatMap(({ cxcywh: [cx, cy, bw, bh] }) => [
        (cx - bw / 2) * w,
        (cy - bh / 2) * h,
        (cx + bw / 2) * w,
        (cy + bh / 2) * h,
      ]);
      // 1e-3 of a side, for centre and half a width together.
      const found = best.flatMap(({ boxXyxyPx }) => [...boxXyxyPx]);
      expectClose(found, corners, 1.5e-3 * Math.max(h, w));
    }),
  );

  test('only boxes above the threshold are shown', () =>
    withDetector(async (detector) => {
      const image = picture(images[0]?.name ?? '');
      const all = await detector.predict(image, 0);
      const limit = ((all.detections[1]?.score ?? 0) + (all.detections[2]?.score ?? 0)) / 2;
      expect((await detector.predict(image, limit)).detections).toHaveLength(2);
    }));

  test('pictures padded into one batch find what each finds alone', () =>
    withDetector(async (detector) => {
      const pictures = images.map(({ name }) => preprocessPicture(picture(name), preprocessor.config));
      const size = { h: 224, w: 224 };
      const pixelsNhwc = new Float32Array(pictures.length * size.h * size.w * 3);
      for (const [b, { pixelsNhwc: own, size: valid }] of pictures.entries()) {
        for (let y = 0; y < valid.h; y++) {
          const line = own.subarray(y * valid.w * 3, (y + 1) * valid.w * 3);
          pixelsNhwc.set(line, (b * size.h + y) * size.w * 3);
        }
      }
      const validSizes = pictures.map((each) => each.size);
      const batch = { sampleIds: [], size, pixelsNhwc, validSizes, targets: [] };
      const found = await detector.detectBatch(batch, validSizes);
      for (const [b, { top5 }] of images.entries()) {
        for (const { query, label_id, cxcywh } of top5.slice(0, 2)) {
          const { labelId, boxXyxyPx: box } = found[b]?.find((each) => each.query === query) ?? { boxXyxyPx: [] };
          expect(labelId).toBe(label_id);
          const { h = 0, w = 0 } = validSizes[b] ?? {};
          const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = box;
          const centre = [(x0 + x1) / 2 / w, (y0 + y1) / 2 / h, (x1 - x0) / w, (y1 - y0) / h];
          // Features at the edges see padding instead of the edge: near, not equal.
          expectClose(centre, cxcywh, 0.03);
        }
      }
    }));
});

function expectClose(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  const worst = expected.reduce((most, x, i) => Math.max(most, Math.abs(x - (found[i] ?? Number.NaN))), 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}
