import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { expect, test } from 'vitest';
import { nhwcToNchw } from '../../../scripts/parity/layout.ts';
import { bytesOfFile } from '../../base/chunked-file.ts';
import { describeWithFixture, readBytes, readFixture, readJson } from '../../base/test-fixtures.ts';
import { decodeWith } from '../../data/decode.ts';
import { preprocessPicture } from '../../data/preprocess.ts';
import { readTarTree } from '../../data/tar-tree.ts';
import { parseDetrConfig } from '../../detr/config.ts';
import { featurePadMask } from '../../detr/padding.ts';
import { sinePositions } from '../../detr/position.ts';
import { decodePixels } from '../../platform/node/decode.ts';
import { readModelWeights } from '../checkpoint.ts';
import { readCheckpointFiles } from '../checkpoint-files.ts';
import {
  readSafetensors,
  type SafetensorsFile,
  type SafetensorsTensor,
  tensorToFloat32,
  tensorToNumbers,
} from '../safetensors.ts';
import { bundledFiles } from '../test-bundled.ts';
import { exportOnnx } from './export-onnx.ts';
import { OnnxGraph } from './graph.ts';
import { onnxFile } from './onnx-file.ts';
import { addTokenPlaces } from './token-places.ts';

interface Outputs {
  readonly logits: Float32Array;
  readonly boxes: Float32Array;
}

/** What a file of ours says of pictures; masks are 1 on real pixels. */
async function run(
  session: InferenceSession,
  pixels: { readonly data: Float32Array; readonly shape: readonly number[] },
  mask: { readonly data: ArrayLike<number>; readonly shape: readonly number[] },
): Promise<Outputs> {
  const results = await session.run({
    pixel_values: new Tensor('float32', pixels.data, pixels.shape),
    pixel_mask: new Tensor('int64', BigInt64Array.from(Array.from(mask.data, BigInt)), mask.shape),
  });
  return {
    logits: results.logits?.data as Float32Array,
    boxes: results.pred_boxes?.data as Float32Array,
  };
}

describeWithFixture('golden/tiny', 'a small DETR as ONNX', (folder) => {
  const tensors = (file: string) => readSafetensors(readBytes(`${folder}/${file}`));
  const tensor = (file: SafetensorsFile, name: string): SafetensorsTensor => {
    const found = file.tensors.get(name);
    if (!found) throw new Error(`There is no tensor ${name}.`);
    return found;
  };
  const floats = (file: SafetensorsFile, name: string) => {
    const found = tensor(file, name);
    return { data: tensorToFloat32(found), shape: found.shape };
  };
  const batch = tensors('batch.safetensors');
  const pixels = floats(batch, 'pixel_values');
  const pixelMask = tensor(batch, 'pixel_mask');
  const mask = { data: tensorToNumbers(pixelMask), shape: pixelMask.shape };

  const sessionOf = async (dilation: boolean): Promise<InferenceSession> => {
    const raw = readFixture<Record<string, unknown>>('golden/tiny/config.json');
    const config = parseDetrConfig(JSON.stringify({ ...raw, dilation }));
    const weights = readModelWeights(readBytes(`${folder}/model.safetensors`), config, 'model.safetensors');
    return InferenceSession.create(bytesOfFile(exportOnnx(config, weights.values)));
  };

  test.each([
    ['of a padded batch', false, 'forward.safetensors'],
    ['with DC5', true, 'dc5_forward.safetensors'],
  ])('logits and boxes are those of the reference, %s', async (_, dilation, file) => {
    const found = await run(await sessionOf(dilation), pixels, mask);
    const golden = tensors(file);
    // The golden files have every decoder layer; the graph gives the last.
    for (const [name, values] of [
      ['logits', found.logits],
      ['pred_boxes', found.boxes],
    ] as const) {
      expect(worst(values, floats(golden, name).data.slice(-values.length)), name).toBeLessThan(1e-4);
    }
  });

  test('without its mask a padded batch is another one', async () => {
    const open = { data: mask.data.map(() => 1), shape: mask.shape };
    const found = await run(await sessionOf(false), pixels, open);
    const golden = floats(tensors('forward.safetensors'), 'logits');
    expect(worst(found.logits, golden.data.slice(-found.logits.length))).toBeGreaterThan(0.1);
  });
});

interface ParityFile {
  readonly images: readonly {
    readonly name: string;
    readonly size_hw: readonly [number, number];
    readonly first5_queries: {
      readonly logits: readonly (readonly number[])[];
      readonly pred_boxes: readonly (readonly number[])[];
    };
  }[];
}

describeWithFixture('emoji-scenes/parity.json', 'the bundled model as ONNX', (file) => {
  test('finds in pictures of two sizes what PyTorch finds', async () => {
    const { config, preprocessor, weights } = readCheckpointFiles(bundledFiles(), 'bundled');
    const session = await InferenceSession.create(bytesOfFile(exportOnnx(config, weights.values)));
    const tar = readBytes(fileURLToPath(new URL('../../../public/sample/emoji-scenes.tar', import.meta.url)));
    const { files } = await readTarTree(tar, 'emoji-scenes.tar');
    for (const { name, size_hw, first5_queries } of readJson<ParityFile>(file).images) {
      const picture = await files.get(`VOCdevkit/EmojiScenes/JPEGImages/${name}.jpg`)?.read();
      if (picture === undefined) throw new Error(`${name} is not in the sample set.`);
      const image = await decodeWith(decodePixels)(picture);
      const { pixelsNhwc, size } = preprocessPicture(image, preprocessor.config);
      expect([size.h, size.w]).toEqual(size_hw);
      const data = nhwcToNchw(pixelsNhwc, [1, size.h, size.w, 3]);
      // The mask that transformers.js gives.
      const ones = { data: new Uint8Array(64 * 64).fill(1), shape: [1, 64, 64] };
      const { logits, boxes } = await run(session, { data, shape: [1, 3, size.h, size.w] }, ones);
      expect(worst(logits.subarray(0, 5 * 37), first5_queries.logits.flat())).toBeLessThan(1e-3);
      expect(worst(boxes.subarray(0, 5 * 4), first5_queries.pred_boxes.flat())).toBeLessThan(1e-3);
    }
  });
});

test('a mask of any size falls on any grid as the reference puts it there, and positions follow', async () => {
  const graph = new OnnxGraph();
  const dModel = 8;
  graph.input('pixel_mask', 'i64', ['b', 'mh', 'mw']);
  graph.input('features', 'f32', ['b', 1, 'h', 'w']);
  const { keyMask, positions } = addTokenPlaces(graph, { dModel }, 'pixel_mask', 'features');
  graph.output('keys', keyMask, 'f32', ['b', 1, 1, 'm']);
  graph.output('places', positions, 'f32', ['b', 'm', dModel]);
  const session = await InferenceSession.create(bytesOfFile(onnxFile(graph, 'test')));
  for (const [padded, valid, grid] of [
    [
      { h: 64, w: 64 },
      { h: 64, w: 64 },
      { h: 5, w: 7 },
    ],
    [
      { h: 64, w: 64 },
      { h: 41, w: 23 },
      { h: 49, w: 25 },
    ],
    [
      { h: 800, w: 1333 },
      { h: 777, w: 1001 },
      { h: 25, w: 42 },
    ],
    [
      { h: 150, w: 190 },
      { h: 94, w: 190 },
      { h: 10, w: 12 },
    ],
    [
      { h: 7, w: 3 },
      { h: 5, w: 2 },
      { h: 49, w: 41 },
    ],
  ] as const) {
    const pixels = Array.from({ length: padded.h * padded.w }, (_, i) =>
      // Not only 1 counts as real.
      Math.floor(i / padded.w) < valid.h && i % padded.w < valid.w ? 255n : 0n,
    );
    const { keys, places } = await session.run({
      pixel_mask: new Tensor('int64', BigInt64Array.from(pixels), [1, padded.h, padded.w]),
      features: new Tensor('float32', new Float32Array(grid.h * grid.w), [1, 1, grid.h, grid.w]),
    });
    const mask = featurePadMask(valid, padded, grid);
    expect(Array.from(keys?.data as Float32Array, (score) => (score < 0 ? 1 : 0))).toEqual([...mask]);
    const expected = sinePositions(mask, grid, dModel);
    expect(places?.dims).toEqual([1, grid.h * grid.w, dModel]);
    expect(worst(places?.data as Float32Array, expected)).toBeLessThan(1e-5);
  }
});

function worst(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found).toHaveLength(expected.length);
  return Array.from(expected).reduce((most, x, i) => Math.max(most, Math.abs(x - (found[i] ?? Number.NaN))), 0);
}
