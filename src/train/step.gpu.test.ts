import { expect, test } from 'vitest';
import { randomParameters } from '../detr/init.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import type { ParameterValues } from '../detr/parameters.ts';
import type { DetrConfig } from '../detr/types.ts';
import { countGpuWork, tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { AdamW } from './adamw.ts';
import { type StepOptions, trainStep } from './step.ts';
import type { StepBatch } from './step-inputs.ts';
import { paintedBatch, tinyCheckpoint } from './test-run.ts';

const session = sharedGpu();
const SIZES = [
  { h: 64, w: 64 },
  { h: 64, w: 96 },
  { h: 128, w: 64 },
];

const { config: tinyConfig, weights } = tinyCheckpoint();
const tiny: { readonly config: DetrConfig; readonly values: ParameterValues } = {
  config: tinyConfig,
  values: weights.values,
};

function trainer({ config, values } = tiny) {
  const model = new DetrForObjectDetection(config, values);
  const parameters = model.parameters.trainable({ freezeBackbone: false, freezeEncoder: false });
  const optimizer = new AdamW(parameters);
  let step = 0;
  const take = (batches: readonly StepBatch[], options: Partial<StepOptions> = {}) =>
    trainStep(model, optimizer, parameters, batches, {
      lr: 1e-3,
      lrBackbone: 1e-4,
      weightDecay: 0,
      clip: 0,
      step: ++step,
      ...options,
    });
  const dispose = () => {
    optimizer.dispose();
    model.dispose();
  };
  return { model, take, dispose };
}

test('steps of mixed sizes read back once each and leave nothing behind', async () => {
  const { take, dispose } = trainer();
  // Twice each size: how many uniform buffers are pooled also hangs on where the submissions fall.
  for (const [i, size] of [...SIZES, ...SIZES].entries()) await take([paintedBatch(i, size)]);
  const tensors = tf.memory().numTensors;
  const bytes = session().allocatedBytes();
  for (let i = 0; i < 9; i++) {
    const { counts } = await countGpuWork(() => take([paintedBatch(i, SIZES[i % SIZES.length])]));
    expect(counts.readbacks).toBe(1);
    expect(tf.memory().numTensors).toBe(tensors);
  }
  expect(session().allocatedBytes()).toBe(bytes);
  dispose();
});

test('mini-batches of the same pictures give the step of one of them', async () => {
  const once = trainer();
  const twice = trainer();
  const a = await once.take([paintedBatch(1)]);
  const b = await twice.take([paintedBatch(1), paintedBatch(1)]);
  expect(b.terms.total).toBeCloseTo(a.terms.total, 5);
  expect(b.gradientNorm / a.gradientNorm).toBeCloseTo(1, 5);
  const [after, expected] = [await twice.model.parameters.values(), await once.model.parameters.values()];
  for (const [name, values] of expected) {
    // Adam's first step is lr times the gradient's sign, so a gradient near zero may differ by a share of it.
    const far = values.filter((value, i) => Math.abs(value - (after.get(name)?.[i] ?? Number.NaN)) > 1e-4);
    expect(far.length / values.length, name).toBeLessThan(0.01);
  }
  once.dispose();
  twice.dispose();
});

test('the stem, the first stage and the batch norms stay as they were to the bit, and the rest moves', async () => {
  const { model, take, dispose } = trainer();
  const before = await model.parameters.values();
  await take([paintedBatch(2)]);
  const after = await model.parameters.values();
  const moved = (name: string) => after.get(name)?.some((value, i) => value !== before.get(name)?.[i]) ?? false;
  const names = [...before.keys()].filter(moved);
  const inBackbone = names.filter((name) => name.startsWith('model.backbone.'));
  expect(names).toContain('class_labels_classifier.weight');
  expect(inBackbone.filter((name) => /model\.conv1|layer1\.|bn\d|downsample\.1/.test(name))).toEqual([]);
  expect(inBackbone.length).toBeGreaterThan(0);
  dispose();
});

test('NaN stops the step with the name of the first bad tensor, and updates nothing', async () => {
  const { model, take, dispose } = trainer();
  const before = await model.parameters.values();
  const batch = paintedBatch(3);
  batch.pixelsNhwc[100] = Number.NaN;
  const failure = await take([batch]).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'non-finite', details: { tensor: expect.stringContaining('layer2.0.conv1') } });
  expect(String(failure)).toMatch(/Stopped at step 1: the loss became NaN/);
  const after = await model.parameters.values();
  const changed = [...before].filter(([name, values]) => values.some((value, i) => value !== after.get(name)?.[i]));
  expect(changed.map(([name]) => name)).toEqual([]);
  dispose();
});

test('a step that keeps nothing inside its layers is the same step to the bit, dropouts too', async () => {
  const dropout = { residual: 0.1, attention: 0.1, activation: 0.1, seed: 7 };
  const batch = paintedBatch(3, { h: 128, w: 128 });
  const step = async (recompute: boolean) => {
    const { model, take, dispose } = trainer();
    const { terms, gradientNorm } = await take([batch], { dropout, recompute });
    const values = await model.parameters.values();
    dispose();
    return { terms, gradientNorm, values };
  };
  const kept = await step(false);
  const recomputed = await step(true);
  expect(recomputed).toEqual(kept);
});

test('a dilated model (DC5) learns a batch, its dilated filters too', async () => {
  // The second block of the last stage is the first that is dilated.
  const backbone = { ...tinyConfig.backbone, depths: [1, 1, 1, 2] };
  const config = { ...tinyConfig, backbone, dilation: true };
  const { model, take, dispose } = trainer({ config, values: randomParameters(config, 5) });
  const dilated = async () =>
    [...(await model.parameters.values())].find(([name]) =>
      /(layer4\.1\.conv2|stages\.3\.layers\.1\.layer\.1\.convolution)\.weight$/.test(name),
    )?.[1];
  const before = await dilated();
  const losses: number[] = [];
  for (let i = 0; i < 6; i++) losses.push((await take([paintedBatch(4)])).terms.total);
  expect(losses.at(-1)).toBeLessThan(0.9 * (losses[0] ?? 0));
  expect(before).toBeDefined();
  expect(await dilated()).not.toEqual(before);
  dispose();
});
