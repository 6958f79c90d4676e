import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sharedPromise } from '../base/shared-promise.ts';
import { decodeWith } from '../data/decode.ts';
import { readTarTree } from '../data/tar-tree.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import { readCheckpointFiles } from '../interop/checkpoint-files.ts';
import { bundledFiles } from '../interop/test-bundled.ts';
import { decodePixels } from '../platform/node/decode.ts';
import { tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { Detector } from './detector.ts';
import { createProposeService } from './propose-service.ts';

const session = sharedGpu();
const SAMPLE = join(import.meta.dirname, '../../public/sample/emoji-scenes.tar');
const checkpoint = readCheckpointFiles(bundledFiles(), 'bundled');
const decode = decodeWith(decodePixels);
const pictures = sharedPromise(async () => {
  const { files } = await readTarTree(new Uint8Array(await readFile(SAMPLE)), 'emoji-scenes.tar');
  return [...files].filter(([path]) => path.endsWith('.jpg')).map(([, file]) => file);
});
const service = createProposeService({
  session: sharedPromise(async () => session()),
  decode,
  openWeights: async () => ({ checkpoint, name: 'bundled' }),
  storedPicture: async (_, path) => (await (await pictures.get())[Number(path)]?.read()) ?? null,
  now: () => 0,
});
afterAll(() => service.closeProposer());

test('a kept picture is looked at as it is predicted, and weights that are closed give everything back', async () => {
  const before = tf.memory().numTensors;
  const bytesBefore = session().allocatedBytes();
  await expect(service.lookAt('set', '0', 0.05)).rejects.toMatchObject({ code: 'not-found' });
  expect(await service.openProposer({ kind: 'bundled' })).toEqual({ classes: checkpoint.config.labels });
  const { detections } = await service.lookAt('set', '0', 0.05);
  const model = new DetrForObjectDetection(checkpoint.config, checkpoint.weights.values);
  const detector = new Detector(model, checkpoint.preprocessor.config, () => 0);
  const image = await decode((await (await pictures.get())[0]?.read()) ?? new Uint8Array());
  expect(detections).toEqual((await detector.predict(image, 0.05)).detections);
  expect(detections.length).toBeGreaterThan(0);
  model.dispose();
  await expect(service.lookAt('set', 'gone', 0.05)).rejects.toMatchObject({
    code: 'not-found',
    details: { imagePath: 'gone' },
  });
  await service.closeProposer();
  expect(tf.memory().numTensors).toBe(before);
  expect(session().allocatedBytes()).toBeLessThanOrEqual(bytesBefore);
});

test('a picture is nearer to its own brighter copy than to any other picture', async () => {
  const model = new DetrForObjectDetection(checkpoint.config, checkpoint.weights.values);
  const detector = new Detector(model, checkpoint.preprocessor.config, () => 0);
  const files = (await pictures.get()).slice(0, 6);
  const images = await Promise.all(files.map(async (file) => decode(await file.read())));
  const descriptors: Float32Array[] = [];
  for (const image of images) descriptors.push((await detector.describe(image, 1)).descriptor);
  const [first] = images;
  if (first === undefined) throw new Error('The sample has no picture.');
  const brighter = { ...first, data: first.data.map((level) => Math.min(level * 1.1, 255)) };
  const { descriptor } = await detector.describe(brighter, 1);
  model.dispose();

  expect(Math.hypot(...descriptor)).toBeCloseTo(1, 5);
  const product = (a: Float32Array): number => a.reduce((sum, x, i) => sum + x * (descriptor[i] ?? 0), 0);
  const [own = 0, ...others] = descriptors.map(product);
  expect(own).toBeGreaterThan(Math.max(...others));
  expect(own).toBeGreaterThan(0.98);
});
