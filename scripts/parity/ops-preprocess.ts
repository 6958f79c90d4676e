import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeWith } from '../../src/data/decode.ts';
import { preprocessPicture, resizePicture } from '../../src/data/preprocess.ts';
import { resizedSize } from '../../src/data/resized-size.ts';
import { resizeBoxes, toTarget } from '../../src/data/transforms.ts';
import type { PreprocessorConfig, RgbImage } from '../../src/data/types.ts';
import { decodePixels } from '../../src/platform/node/decode.ts';
import { type Check, compare, compareExact } from './check.ts';
import { GoldenTensors, goldenJson } from './golden-files.ts';
import { nhwcToNchw } from './layout.ts';
import { transformersSize } from './transformers-size.ts';

interface GoldenPreprocess {
  readonly image_mean: [number, number, number];
  readonly image_std: [number, number, number];
  readonly resize_cases: readonly { shortest: number; longest: number; out_h: number; out_w: number }[];
  readonly sizes: readonly {
    readonly h: number;
    readonly w: number;
    readonly shortest: number;
    readonly longest: number;
    readonly oh: number;
    readonly ow: number;
    readonly hf_oh?: number;
    readonly hf_ow?: number;
  }[];
}

/** Sizes, the decoded picture, its resized bytes and normalised values, and its boxes. */
export async function* checkPreprocess(folder: string): AsyncGenerator<Check> {
  const golden = await goldenJson<GoldenPreprocess>(folder, 'preprocess.json');
  yield* checkSizes(golden.sizes);
  const tensors = await GoldenTensors.open(folder, 'preprocess.safetensors');
  const image = await decodeWith(decodePixels)(await readFile(join(folder, 'image.png')));
  yield compare('decoded picture', image.data, tensors.numbers('image_u8_hwc'), { abs: 0 });
  for (const [i, { shortest, longest, out_h: h, out_w: w }] of golden.resize_cases.entries()) {
    const config = {
      shortestEdge: shortest,
      longestEdge: longest,
      imageMean: golden.image_mean,
      imageStd: golden.image_std,
    };
    yield* checkCase(`case${i}`, image, config, tensors, { h, w });
  }
}

function* checkSizes(sizes: GoldenPreprocess['sizes']): Generator<Check> {
  for (const { h, w, shortest, longest, oh, ow, hf_oh, hf_ow } of sizes) {
    const name = `size of ${h} x ${w} at ${shortest}, at most ${longest}`;
    const ours = resizedSize({ h, w }, { shortestEdge: shortest, longestEdge: longest });
    yield compareExact(name, ours, { h: oh, w: ow });
    if (hf_oh === undefined || hf_ow === undefined) continue;
    const theirs = transformersSize({ h, w }, shortest, longest);
    yield compareExact(`${name}, in transformers`, theirs, { h: hf_oh, w: hf_ow });
  }
}

function* checkCase(
  name: string,
  image: RgbImage,
  config: PreprocessorConfig,
  golden: GoldenTensors,
  size: { h: number; w: number },
): Generator<Check> {
  const resized = resizePicture(image, config);
  yield compareExact(`${name}: size`, resized.size, size);
  yield compare(`${name}: resized picture`, resized.data, golden.numbers(`${name}.resized_u8_hwc`), { abs: 0 });
  if (golden.has(`${name}.pixel_values`)) {
    const { pixelsNhwc, size: ours } = preprocessPicture(image, config);
    const pixels = nhwcToNchw(pixelsNhwc, [1, ours.h, ours.w, 3]);
    yield compare(`${name}: normalised picture`, pixels, golden.floats(`${name}.pixel_values`), { abs: 1e-6 });
  }
  if (!golden.has(`${name}.boxes_cxcywh`)) return;
  const boxesXyxyPx = golden.floats('boxes_xyxy_abs_before');
  const count = boxesXyxyPx.length / 4;
  const labels = { size: image.size, boxesXyxyPx, classIds: new Int32Array(count), areas: new Float32Array(count) };
  const { boxesCxcywhNorm } = toTarget(resizeBoxes(labels, resized.size));
  yield compare(`${name}: boxes`, boxesCxcywhNorm, golden.floats(`${name}.boxes_cxcywh`), { abs: 1e-6 });
}
