import { beforeAll, expect, test } from 'vitest';
import type { DecodeImage } from '../data/types.ts';
import { DetrForObjectDetection, type Features, type PreparedInput } from '../detr/model.ts';
import { type Checkpoint, readCheckpointFiles } from '../interop/checkpoint-files.ts';
import { packHalf } from '../kernels/half.ts';
import { readLossTerms } from '../loss/criterion.ts';
import { countGpuWork, tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { createFrozenBatches } from './frozen-batches.ts';
import { batchGradients } from './gradients.ts';
import { KeptFeatures } from './kept-features.ts';
import { runTraining, type TrainingRun } from './loop.ts';
import { startingPoint } from './start.ts';
import { type FrozenStage, StepInputs } from './step-inputs.ts';
import { TestFeatureStore } from './test-feature-store.ts';
import { paintedDataSet, QUICK_SETTINGS, TestRunStore, testRun, tinyCheckpoint } from './test-run.ts';
import { readTrainerState } from './trainer-state.ts';
import type { FeatureIdentity, TrainEvent, TrainSettings } from './types.ts';

const session = sharedGpu();
const painted = paintedDataSet();
const { dataSet, decode } = painted;

type Extra = Partial<Pick<TrainingRun, 'resumeFrom' | 'checkpoint' | 'onEvent' | 'features' | 'decode'>>;

function train(store: TestRunStore, settings: Partial<TrainSettings> = {}, extra: Extra = {}) {
  const all = { ...QUICK_SETTINGS, freezeBackbone: true, views: 3, ...settings };
  return runTraining({ ...testRun(session(), painted, all, store), ...extra });
}

/** Counts what is decoded. */
function counting(): { readonly decode: DecodeImage; readonly count: () => number } {
  let decoded = 0;
  return {
    decode: (bytes) => {
      decoded += 1;
      return decode(bytes);
    },
    count: () => decoded,
  };
}

const IDENTITY: FeatureIdentity = {
  ...{ weights: 'w', dataSet: 'd', pixels: 'p', views: 'v' },
  ...{ stage: 'projected', format: 'f16' },
};

const SIZE = { h: 64, w: 96 };
const VALID = [SIZE, { h: 50, w: 90 }];
const TARGETS = [
  { classIds: Int32Array.from([0, 1]), boxesCxcywhNorm: Float32Array.from([0.3, 0.4, 0.2, 0.3, 0.6, 0.6, 0.3, 0.2]) },
  { classIds: Int32Array.from([1]), boxesCxcywhNorm: Float32Array.from([0.5, 0.5, 0.4, 0.3]) },
];

async function lossAndGradients(
  model: DetrForObjectDetection,
  inputs: Parameters<typeof batchGradients>[1],
  freezeEncoder: boolean,
): Promise<{ readonly loss: number; readonly gradients: Map<string, Float32Array>; readonly dispatches: number }> {
  const parameters = model.parameters.trainable({ freezeBackbone: true, freezeEncoder });
  const { result, counts } = await countGpuWork(async () => batchGradients(model, inputs, parameters));
  const numbers = await result.packedLoss.data<'float32'>();
  const loss = readLossTerms(Float32Array.from(numbers), model.config.decoderLayers).total;
  const read = await Promise.all(result.gradients.map((gradient) => gradient.data<'float32'>()));
  tf.dispose([result.packedLoss, ...result.gradients]);
  const gradients = new Map(parameters.map(({ name }, i) => [name, Float32Array.from(read[i] ?? [])]));
  return { loss, gradients, dispatches: counts.dispatches };
}

function norm(values: Iterable<number>): number {
  return Math.hypot(...values);
}

test.each(['projected', 'memory'] as const)(
  'features that end %s: kept as f16 they give the loss and the gradients of f32',
  async (stage: FrozenStage) => {
    const { config, weights } = tinyCheckpoint();
    const model = new DetrForObjectDetection(config, weights.values);
    const before = tf.memory().numTensors;
    const pixels = tf.tensor4d(
      Float32Array.from({ length: 2 * SIZE.h * SIZE.w * 3 }, (_, i) => Math.sin(i * 0.7)),
      [2, SIZE.h, SIZE.w, 3],
    );
    const input: PreparedInput = model.prepare(pixels, VALID, { stage });
    const packed = packHalf(input.features);
    const tokensHalf = Int32Array.from(await packed.data<'int32'>());
    const kept = new StepInputs(config, { stage, size: SIZE, validSizes: VALID, tokensHalf, targets: TARGETS }, 0);
    const fromHalf = await lossAndGradients(model, kept, stage === 'memory');
    const { places, targets, dropoutStep } = kept;
    const features = () => ({ stage, features: input.features.clone() }) as Features;
    const fromFloat = await lossAndGradients(model, { places, targets, dropoutStep, features }, stage === 'memory');
    tf.dispose([pixels, packed]);
    input.dispose();
    kept.dispose();
    expect(tf.memory().numTensors).toBe(before);
    // f16 has 11 bits: tokens are off by 2^-11 of themselves, and the loss by no more.
    expect(Math.abs(fromHalf.loss / fromFloat.loss - 1)).toBeLessThan(2 ** -11);
    for (const [name, gradient] of fromFloat.gradients) {
      const half = fromHalf.gradients.get(name) ?? new Float32Array();
      const difference = norm(gradient.map((value, i) => value - (half[i] ?? Number.NaN)));
      expect(difference, name).toBeLessThan(0.02 * norm(gradient) + 1e-6);
    }
    expect([...fromHalf.gradients.keys()].filter((name) => /backbone|input_projection/.test(name))).toEqual([]);
    expect([...fromHalf.gradients.keys()].some((name) => name.startsWith('model.encoder.'))).toBe(
      stage === 'projected',
    );
    model.dispose();
  },
);

test('a model that starts in the middle says the same as from pixels', async () => {
  const { config, weights } = tinyCheckpoint();
  const model = new DetrForObjectDetection(config, weights.values);
  const pixels = tf.fill([2, SIZE.h, SIZE.w, 3], 0.3) as tf.Tensor4D;
  const read = async (stage: 'stage1' | FrozenStage) => {
    const input = model.prepare(pixels, VALID, { stage });
    const said = tf.tidy(() => {
      const { logits, boxes } = model.forward(input);
      return tf.concat([logits.flatten(), boxes.flatten()]);
    });
    const values = Array.from(await said.data());
    said.dispose();
    input.dispose();
    return values;
  };
  const whole = await read('stage1');
  for (const stage of ['projected', 'memory'] as const) {
    const part = await read(stage);
    expect(Math.max(...part.map((value, i) => Math.abs(value - (whole[i] ?? Number.NaN))))).toBeLessThan(1e-5);
  }
  pixels.dispose();
  model.dispose();
});

test.each(['projected', 'memory'] as const)(
  'a picture beside a longer one says the same as alone (%s)',
  async (stage) => {
    const { config, weights, preprocessor } = tinyCheckpoint();
    const model = new DetrForObjectDetection(config, weights.values);
    // 64 x 64 and 64 x 90 pixels: by themselves they are padded to 64 x 64 and 64 x 96.
    const pair = { ...dataSet, splits: { train: ['p0', 'p1'] } };
    const boxesByWidth = async (batch: number): Promise<Map<number, number[]>> => {
      const features = KeptFeatures.open({ identity: IDENTITY, neededBytes: 0, onNotice: () => {} });
      const batches = createFrozenBatches({
        ...{ dataSet: pair, decode, preprocessor: preprocessor.config, onProblem: () => {}, split: 'train' },
        ...{ batch, seed: 1, views: 1, model, stage, kept: features, onComputed: () => {} },
      });
      const found = new Map<number, number[]>();
      for (let n = 0; n < 2 / batch; n++) {
        const drawn = await batches.next();
        const inputs = new StepInputs(config, drawn, 0);
        const boxes = tf.tidy(() => model.forward({ ...inputs.features(model), ...inputs.places }).boxes.slice([1]));
        const numbers = Array.from(await boxes.data());
        for (const [i, { w }] of drawn.validSizes.entries()) {
          found.set(w, numbers.slice((i * numbers.length) / batch, ((i + 1) * numbers.length) / batch));
        }
        boxes.dispose();
        inputs.dispose();
      }
      batches.close();
      return found;
    };
    const alone = await boxesByWidth(1);
    const together = await boxesByWidth(2);
    expect([...alone.keys()].sort()).toEqual([64, 90]);
    for (const [w, boxes] of alone) {
      const beside = together.get(w) ?? [];
      expect(Math.max(...boxes.map((value, i) => Math.abs(value - (beside[i] ?? Number.NaN)))), `${w}`).toBeLessThan(
        1e-5,
      );
    }
    model.dispose();
  },
);

const kept = new TestFeatureStore();
const whole = new TestRunStore();
const first = counting();
beforeAll(async () => {
  await train(whole, { steps: 30, evalEvery: 15 }, { features: kept, decode: first.decode });
});

function weightsOf(files: ReadonlyMap<string, Uint8Array> | undefined): Checkpoint['weights']['values'] {
  return readCheckpointFiles(files ?? new Map(), 'test').weights.values;
}

test.each([false, true])(
  'what is frozen stays as it was to the bit, and the rest moves (encoder frozen: %s)',
  async (freezeEncoder) => {
    const store = new TestRunStore();
    await train(store, { steps: 2, freezeEncoder });
    const all = { ...QUICK_SETTINGS, freezeBackbone: true, freezeEncoder };
    const before = startingPoint(tinyCheckpoint(), dataSet, all).checkpoint.weights.values;
    const after = weightsOf(store.checkpoints.get('last'));
    const still = [...before].filter(([name, values]) => !values.some((value, i) => value !== after.get(name)?.[i]));
    const frozen = freezeEncoder
      ? /^model\.(backbone|input_projection|encoder)\./
      : /^model\.(backbone|input_projection)\./;
    expect(still.map(([name]) => name).sort()).toEqual([...before.keys()].filter((name) => frozen.test(name)).sort());
  },
);

test('the model learns on kept features, and a view is decoded once', async () => {
  const losses = whole.losses();
  const mean = (list: number[]) => list.reduce((sum, loss) => sum + loss, 0) / list.length;
  expect(mean(losses.slice(-8))).toBeLessThan(0.9 * mean(losses.slice(0, 8)));
  expect(kept.features.size).toBeGreaterThan(8);
  expect(kept.features.size).toBeLessThanOrEqual(8 * 3);
});

test('with everything kept, a run of the same seed decodes nothing to train on, and has the same losses', async () => {
  const again = new TestRunStore();
  const { decode: counted, count } = counting();
  await train(again, { steps: 12 }, { features: kept, decode: counted });
  expect(count()).toBe(0);
  expectClose(again.losses(), whole.losses().slice(0, 12), 1e-5);
});

test('features of other weights are refused with the reason, and made anew', async () => {
  const { config, preprocessor, weights } = tinyCheckpoint(2);
  const notices: string[] = [];
  const onEvent = (event: TrainEvent) => {
    if (event.type === 'notice') notices.push(event.message);
  };
  const { decode: counted, count } = counting();
  const store = new TestFeatureStore();
  await train(new TestRunStore(), { steps: 1 }, { features: store });
  const before = JSON.stringify(store.identity);
  const checkpoint = { config, preprocessor, weights };
  await train(new TestRunStore(), { steps: 1 }, { features: store, checkpoint, decode: counted, onEvent });
  expect(notices[0]).toMatch(/were made with other weights; they are made anew/);
  expect(JSON.stringify(store.identity)).not.toBe(before);
  expect(count()).toBeGreaterThan(0);
});

test('a frozen run that is killed and resumed has the losses of one that was not', async () => {
  class Killed extends Error {}
  const store = new TestRunStore();
  const onEvent = (event: TrainEvent) => {
    if (event.type === 'step' && event.record.step === 5) throw new Killed();
  };
  await expect(train(store, {}, { onEvent })).rejects.toThrow(Killed);
  const files = store.checkpoints.get('last');
  if (!files) throw new Error('no checkpoint');
  const resumeFrom = readTrainerState(files);
  await store.truncateMetrics(resumeFrom.step);
  await train(store, {}, { resumeFrom, checkpoint: readCheckpointFiles(files, 'test'), features: kept });
  expectClose(store.losses(), whole.losses().slice(0, 10), 1e-4);
});

function expectClose(actual: readonly number[], expected: readonly number[], relative: number): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of actual.entries()) {
    const wanted = expected[i] ?? Number.NaN;
    expect(Math.abs(value - wanted), `step ${i + 1}: ${value} and ${wanted}`).toBeLessThanOrEqual(relative * wanted);
  }
}
