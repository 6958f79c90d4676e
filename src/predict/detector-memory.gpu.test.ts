import { expect, test } from 'vitest';
import { DetrForObjectDetection } from '../detr/model.ts';
import { readCheckpointFiles } from '../interop/checkpoint-files.ts';
import { bundledFiles } from '../interop/test-bundled.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { Detector } from './detector.ts';

const session = sharedGpu();

test('pictures of many sizes leave no more GPU memory behind than one of them', async () => {
  const { config, preprocessor, weights } = readCheckpointFiles(bundledFiles(), 'bundled');
  const model = new DetrForObjectDetection(config, weights.values);
  const detector = new Detector(model, preprocessor.config, () => 0);
  const bytesAfter = async (w: number) => {
    const size = { h: 64, w };
    await detector.queryOutputs(new Float32Array(size.h * size.w * 3), size, [size]);
    return session().allocatedBytes();
  };
  await bytesAfter(64);
  await bytesAfter(96);
  const before = await bytesAfter(64);
  for (const w of [72, 80, 88, 96, 104]) await bytesAfter(w);
  expect(await bytesAfter(64)).toBe(before);
  model.dispose();
});
