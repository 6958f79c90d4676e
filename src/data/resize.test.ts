import { expect, test } from 'vitest';
import { describeWithFixture, readBytes, readJson } from '../base/test-fixtures.ts';
import { readSafetensors } from '../interop/safetensors.ts';
import { decodePixels } from '../platform/node/decode.ts';
import { decodeWith } from './decode.ts';
import { preprocessPicture } from './preprocess.ts';
import { resizeBilinear } from './resize.ts';
import { resizedSize } from './resized-size.ts';

interface Golden {
  readonly image_mean: [number, number, number];
  readonly image_std: [number, number, number];
  readonly resize_cases: readonly { shortest: number; longest: number; out_h: number; out_w: number }[];
  readonly sizes: readonly { h: number; w: number; shortest: number; longest: number; oh: number; ow: number }[];
}

describeWithFixture('golden/ops', 'resize against PIL', (folder) => {
  const golden = readJson<Golden>(`${folder}/preprocess.json`);
  const { tensors } = readSafetensors(readBytes(`${folder}/preprocess.safetensors`));
  const picture = decodeWith(decodePixels)(readBytes(`${folder}/image.png`));

  test('sizes are those of the original DETR', () => {
    for (const { h, w, shortest, longest, oh, ow } of golden.sizes) {
      expect(resizedSize({ h, w }, { shortestEdge: shortest, longestEdge: longest }), `${h} x ${w}`).toEqual({
        h: oh,
        w: ow,
      });
    }
  });

  test("the decoded picture is PIL's", async () => {
    const { data } = await picture;
    expect(Buffer.compare(data, tensors.get('image_u8_hwc')?.data ?? new Uint8Array(0))).toBe(0);
  });

  test.each(golden.resize_cases.map((c, i) => ({ ...c, i })))('case $i is byte-exact', async (c) => {
    const image = await picture;
    const size = resizedSize(image.size, { shortestEdge: c.shortest, longestEdge: c.longest });
    expect(size).toEqual({ h: c.out_h, w: c.out_w });
    const expected = tensors.get(`case${c.i}.resized_u8_hwc`);
    expect(expected?.shape).toEqual([c.out_h, c.out_w, 3]);
    expect(Buffer.compare(resizeBilinear(image, size).data, expected?.data ?? new Uint8Array(0))).toBe(0);
  });

  test('normalised values are the golden ones', async () => {
    let compared = 0;
    for (const [i, { shortest, longest, out_h: h, out_w: w }] of golden.resize_cases.entries()) {
      const expected = tensors.get(`case${i}.pixel_values`);
      if (expected === undefined) continue;
      const config = {
        shortestEdge: shortest,
        longestEdge: longest,
        imageMean: golden.image_mean,
        imageStd: golden.image_std,
      };
      const { size, pixelsNhwc } = preprocessPicture(await picture, config);
      expect(size).toEqual({ h, w });
      const chw = new Float32Array(expected.data.slice().buffer);
      // f32 on both sides: values up to 2.7, two roundings.
      for (let at = 0; at < h * w; at += 1) {
        for (let c = 0; c < 3; c += 1) {
          expect(Math.abs((pixelsNhwc[at * 3 + c] ?? 9) - (chw[c * h * w + at] ?? 0))).toBeLessThan(1e-6);
        }
      }
      compared += 1;
    }
    expect(compared).toBe(2);
  });
});

test('white stays white and black black at every scale, and one pixel fills any size', () => {
  for (const value of [0, 255]) {
    const image = { size: { h: 37, w: 53 }, data: new Uint8Array(37 * 53 * 3).fill(value) };
    for (const size of [
      { h: 5, w: 7 },
      { h: 80, w: 31 },
      { h: 1, w: 1 },
    ]) {
      expect(resizeBilinear(image, size).data).toEqual(new Uint8Array(size.h * size.w * 3).fill(value));
    }
  }
  const dot = { size: { h: 1, w: 1 }, data: new Uint8Array([1, 2, 3]) };
  expect([...resizeBilinear(dot, { h: 1, w: 2 }).data]).toEqual([1, 2, 3, 1, 2, 3]);
});

test('a strip no side of which would be left keeps one pixel', () => {
  expect(resizedSize({ h: 1, w: 5000 }, { shortestEdge: 800, longestEdge: 1333 })).toEqual({ h: 1, w: 5000 });
});
