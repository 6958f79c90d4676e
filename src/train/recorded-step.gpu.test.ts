import { expect, test } from 'vitest';
import { DetrForObjectDetection } from '../detr/model.ts';
import type { Freezing } from '../detr/parameters.ts';
import { countGpuWork, releasePool, tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { AdamW } from './adamw.ts';
import type { GradientOptions } from './gradients.ts';
import { RecordedStep } from './recorded-step.ts';
import { trainStep } from './step.ts';
import type { FeatureBatch, StepBatch } from './step-inputs.ts';
import type { StepResult } from './step-log.ts';
import { paintedBatch, tinyCheckpoint } from './test-run.ts';

const session = sharedGpu();
const SIZES = [
  { h: 64, w: 64 },
  { h: 64, w: 96 },
  { h: 128, w: 64 },
];
const RATES = { lr: 1e-3, lrBackbone: 1e-4, weightDecay: 1e-4 };
const DROPOUT = { residual: 0.1, attention: 0.1, activation: 0.1, seed: 5 };
const SLOTS = 4;

/** Both ways to take steps, over models of the same weights. */
function trainers(accumulate: number, freezing: Freezing = { freezeBackbone: false, freezeEncoder: false }) {
  const gradients: GradientOptions = { dropout: DROPOUT };
  const { config, weights } = tinyCheckpoint();
  const [eager, replayed] = [0, 1].map(() => {
    const model = new DetrForObjectDetection(config, weights.values);
    const parameters = model.parameters.trainable(freezing);
    return { model, parameters, optimizer: new AdamW(parameters) };
  }) as [ReturnType<typeof part>, ReturnType<typeof part>];
  const options = { ...gradients, clip: 0.1, accumulate, slots: SLOTS, submissionMs: 50 };
  const recorded = new RecordedStep(replayed.model, replayed.optimizer, replayed.parameters, options);
  return {
    eager: (batches: readonly StepBatch[], step: number): Promise<StepResult> =>
      trainStep(eager.model, eager.optimizer, eager.parameters, batches, { ...options, ...RATES, step }),
    replay: async (batches: readonly StepBatch[], step: number): Promise<StepResult> =>
      (await recorded.submit(batches, RATES, step)).outcome,
    recorded,
    values: () => Promise.all([eager.model.parameters.values(), replayed.model.parameters.values()]),
    dispose() {
      recorded.dispose();
      for (const { model, optimizer } of [eager, replayed]) {
        optimizer.dispose();
        model.dispose();
      }
    },
  };
}

declare function part(): {
  model: DetrForObjectDetection;
  parameters: ReturnType<DetrForObjectDetection['parameters']['trainable']>;
  optimizer: AdamW;
};

test.each([1, 2])('steps over %i mini-batches of mixed sizes are replayed to the bit', async (accumulate) => {
  const { eager, replay, values, dispose } = trainers(accumulate);
  for (let step = 1; step <= 8; step++) {
    const batches = Array.from({ length: accumulate }, (_, i) => paintedBatch(10 * step + i, SIZES[(step + i) % 3]));
    const [expected, found] = [await eager(batches, step), await replay(batches, step)];
    expect(found, `step ${step}`).toEqual(expected);
  }
  const [expected, found] = await values();
  for (const [name, tensor] of expected) expect(found.get(name), name).toEqual(tensor);
  dispose();
});

/** Features of two pictures: f16 between 1 and 2. */
function keptBatch(seed: number, stage: FeatureBatch['stage'], size: FeatureBatch['size']): FeatureBatch {
  const { validSizes, targets } = paintedBatch(seed, size);
  const words = (2 * (size.h / 32) * (size.w / 32) * 16) / 2;
  const tokensHalf = Int32Array.from(
    { length: words },
    (_, i) => 0x3c003c00 + ((i * 7919 + seed * 104_729) & 0x03ff03ff),
  );
  return { stage, size, validSizes, targets, tokensHalf };
}

test.each(['projected', 'memory'] as const)('steps on kept features, %s, are replayed to the bit', async (stage) => {
  const { eager, replay, values, dispose } = trainers(1, { freezeBackbone: true, freezeEncoder: stage === 'memory' });
  for (let step = 1; step <= 6; step++) {
    const batches = [keptBatch(step, stage, SIZES[step % 3] ?? { h: 64, w: 64 })];
    const [expected, found] = [await eager(batches, step), await replay(batches, step)];
    expect(found, `step ${step}`).toEqual(expected);
  }
  const [expected, found] = await values();
  for (const [name, tensor] of expected) expect(found.get(name), name).toEqual(tensor);
  dispose();
});

test('in the steady state a step makes no program, buffer, bind group or tensor', async () => {
  const { replay, recorded, dispose } = trainers(1);
  const batches = SIZES.map((size, i) => [paintedBatch(i, size)]);
  for (const [i, batch] of [...batches, ...batches].entries()) await replay(batch, i + 1);
  const { device } = session();
  const before = { bytes: session().allocatedBytes(), tensors: tf.memory().numTensors };
  const made: string[] = [];
  const undo = (['createBuffer', 'createBindGroup', 'createComputePipeline'] as const).map((name) => {
    const method = device[name] as (...args: unknown[]) => unknown;
    Object.assign(device, {
      [name]: (...args: unknown[]) => {
        made.push(name);
        return method.apply(device, args);
      },
    });
    return () => Reflect.deleteProperty(device, name);
  });
  for (let i = 0; i < 9; i++) {
    const batch = batches[i % 3] ?? [];
    const { counts } = await countGpuWork(() => replay(batch, 7 + i));
    expect(counts.dispatches).toBe(recorded.dispatches(paintedBatch(0, SIZES[i % 3])));
    expect(counts.readbacks).toBe(1);
  }
  for (const put of undo) put();
  expect(made).toEqual([]);
  expect({ bytes: session().allocatedBytes(), tensors: tf.memory().numTensors }).toEqual(before);
  dispose();
});

test('every dispatch of a replay leaves what it leaves when tfjs runs it', async () => {
  const { replay, recorded, dispose } = trainers(1);
  await replay([paintedBatch(1)], 1);
  expect(await recorded.firstDifference(paintedBatch(2), 2)).toBeNull();
  dispose();
});

test('a step that is no number changes nothing, nor do those that were submitted after it', async () => {
  const { replay, recorded, values, dispose } = trainers(1);
  await replay([paintedBatch(1)], 1);
  const [, before] = await values();
  const broken = paintedBatch(2);
  broken.pixelsNhwc[100] = Number.NaN;
  const bad = await recorded.submit([broken], RATES, 2);
  const later = await recorded.submit([paintedBatch(3)], RATES, 3);
  await expect(bad.outcome).rejects.toMatchObject({ code: 'non-finite', details: { step: 2 } });
  await later.outcome;
  const [, after] = await values();
  for (const [name, tensor] of before) expect(after.get(name), name).toEqual(tensor);
  dispose();
});

test('memory that is given back between steps is taken again', async () => {
  const { eager, replay, recorded, dispose } = trainers(1);
  const batch = [paintedBatch(1)];
  for (const step of [1, 2]) expect(await replay(batch, step)).toEqual(await eager(batch, step));
  const full = session().allocatedBytes();
  recorded.release();
  releasePool();
  expect(session().allocatedBytes()).toBeLessThan(full);
  expect(await replay(batch, 3)).toEqual(await eager(batch, 3));
  dispose();
});
