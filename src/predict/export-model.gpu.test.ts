import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { bytesOfFile } from '../base/chunked-file.ts';
import { describeWithFixture, readBytes } from '../base/test-fixtures.ts';
import { decodeWith } from '../data/decode.ts';
import { preprocessPicture } from '../data/preprocess.ts';
import { readTarTree } from '../data/tar-tree.ts';
import type { RgbImage } from '../data/types.ts';
import { randomParameters } from '../detr/init.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import { type Checkpoint, readCheckpoint, readCheckpointFiles } from '../interop/checkpoint-files.ts';
import { bundledFiles } from '../interop/test-bundled.ts';
import { decodePixels } from '../platform/node/decode.ts';
import { loadOnnxRuntime } from '../platform/node/onnx-runtime.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { weightsFacts } from '../train/model-facts.ts';
import { compareInOrder } from './compare-detections.ts';
import { Detector } from './detector.ts';
import { type ExportedModel, type ExportPorts, exportModel } from './export-model.ts';
import { TransformersDetector } from './transformers-detector.ts';
import type { ExportKind } from './types.ts';

const SAMPLE = fileURLToPath(new URL('../../public/sample/emoji-scenes.tar', import.meta.url));
const session = sharedGpu();
const checkpoint = readCheckpointFiles(bundledFiles(), 'bundled');
const decode = decodeWith(decodePixels);
let pictures: RgbImage[] = [];

beforeAll(async () => {
  pictures = await picturesOf(SAMPLE, 2);
});

async function picturesOf(tar: string, count: number): Promise<RgbImage[]> {
  const { files } = await readTarTree(readBytes(tar), tar);
  const named = [...files].filter(([path]) => path.endsWith('.jpg')).slice(0, count);
  return Promise.all(named.map(async ([, entry]) => decode(await entry.read())));
}

/** Exports the bundled model, compared with what a model of `trained` says on the device. */
async function exported(kind: ExportKind, trained: Checkpoint = checkpoint): Promise<ExportedModel> {
  const model = new DetrForObjectDetection(trained.config, trained.weights.values);
  try {
    const ports: ExportPorts = {
      onnxRuntime: loadOnnxRuntime,
      detector: new Detector(model, checkpoint.preprocessor.config, () => performance.now()),
      reference: session().adapter.name,
      pictures,
      draw: async () => ({ ending: 'png', bytes: Uint8Array.of(1) }),
      now: () => performance.now(),
    };
    return await exportModel(checkpoint, weightsFacts('emoji'), kind, 'emoji', ports);
  } finally {
    model.dispose();
  }
}

test('everything is written, read by other programs, and measured', async () => {
  const { files, receipts } = await exported('all');
  expect(files.map(({ path }) => path)).toEqual([
    'model.safetensors',
    'config.json',
    'preprocessor_config.json',
    'onnx/model.onnx',
    'model.fp16.safetensors',
    'images/found.png',
    'README.md',
  ]);
  const bytes = (path: string) => {
    const file = files.find((other) => other.path === path);
    if (!file) throw new Error(`There is no ${path}.`);
    return bytesOfFile(file.file);
  };
  const original = bundledFiles().get('model.safetensors') ?? new Uint8Array();
  const weights = readCheckpoint({ weights: bytes('model.safetensors') }, 'out');
  const before = readCheckpoint({ weights: original, config: JSON.stringify(checkpoint.config.raw) }, 'in');
  expect(weights.weights).toEqual(before.weights);
  expect(weights.config).toEqual(checkpoint.config);
  expect(bytes('model.fp16.safetensors').length).toBeLessThan(0.55 * bytes('model.safetensors').length);

  const [full, half] = receipts;
  expect(full).toMatchObject({ precision: 'f32', pictures: 2, detections: { different: 0 } });
  expect(full?.detections.count).toBeGreaterThan(4);
  expect(full?.logits).toBeLessThan(1e-3);
  expect(full?.detections.score).toBeLessThan(1e-3);
  expect(full?.detections.boxPx).toBeLessThan(0.5);
  expect(half).toMatchObject({ precision: 'f16', detections: { different: 0 } });
  expect(half?.detections.score).toBeLessThan(0.02);
  expect(half?.logits).toBeGreaterThan(full?.logits ?? 1);
  const card = new TextDecoder().decode(bytes('README.md'));
  expect(card).toContain(`| class logits | ${full?.logits.toPrecision(2)} | 0.005 |`);
  expect(card).toContain('Left to its own resize, transformers.js');
});

test.each([
  ['safetensors', ['model.safetensors']],
  ['safetensors-f16', ['model.fp16.safetensors']],
  ['onnx', ['config.json', 'preprocessor_config.json', 'onnx/model.onnx']],
] as const)('%s is what was asked for and no more, and checked as well', async (kind, paths) => {
  const { files, receipts } = await exported(kind);
  expect(files.map(({ path }) => path)).toEqual(paths);
  expect(receipts).toHaveLength(1);
});

test('an export that says something else than what was trained is refused', async () => {
  const { config } = checkpoint;
  const other = { ...checkpoint, weights: { ...checkpoint.weights, values: randomParameters(config, 3) } };
  await expect(exported('folder', other)).rejects.toMatchObject({
    code: 'bad-weights',
    message: expect.stringMatching(/^The export was refused: .*class logits: [\d.]+, at most 0.005/),
  });
});

describeWithFixture('voc/bccd/BCCD_trainval.tar', 'photographs of blood cells', (tar) => {
  test('transformers.js finds in ten of them what we find', async () => {
    const photographs = await picturesOf(tar, 10);
    const { files } = await exported('onnx');
    const [config, preprocessor, onnx] = files.map(({ file }) => bytesOfFile(file));
    const text = new TextDecoder();
    const pipeline = await TransformersDetector.open(
      await loadOnnxRuntime(),
      {
        onnx: onnx ?? new Uint8Array(),
        config: text.decode(config),
        preprocessor: text.decode(preprocessor),
        labels: checkpoint.config.labels,
        preprocessing: checkpoint.preprocessor.config,
      },
      () => performance.now(),
    );
    const model = new DetrForObjectDetection(checkpoint.config, checkpoint.weights.values);
    const detector = new Detector(model, checkpoint.preprocessor.config, () => performance.now());
    try {
      for (const picture of photographs) {
        const { pixelsNhwc, size } = preprocessPicture(picture, checkpoint.preprocessor.config);
        const [ours] = await detector.queryOutputs(pixelsNhwc, size, [size]);
        if (!ours) throw new Error('Nothing was said of a picture.');
        const found = compareInOrder(ours, await pipeline.detectInOrder(picture, 0), picture.size, 1e-3);
        expect(found).toMatchObject({ different: 0 });
        expect(found.score).toBeLessThan(1e-3);
        expect(found.boxPx).toBeLessThan(0.5);
      }
    } finally {
      model.dispose();
      await pipeline.dispose();
    }
  });
});
