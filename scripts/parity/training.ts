import { DetrForObjectDetection } from '../../src/detr/model.ts';
import { parameterSpecs } from '../../src/detr/parameter-specs.ts';
import type { ParameterValues } from '../../src/detr/parameters.ts';
import type { DetrConfig } from '../../src/detr/types.ts';
import { toCheckpointLayout } from '../../src/interop/key-map.ts';
import { tf } from '../../src/tf/index.ts';
import { AdamW } from '../../src/train/adamw.ts';
import { batchGradients } from '../../src/train/gradients.ts';
import { trainStep } from '../../src/train/step.ts';
import { StepInputs } from '../../src/train/step-inputs.ts';
import { type Check, compare, compareExact, compareNumber, compareToLimit } from './check.ts';
import type { GoldenBatch } from './golden-batch.ts';
import { GoldenTensors, goldenJson, hasGolden } from './golden-files.ts';

interface GoldenTraining {
  readonly optimizer: {
    readonly lr: number;
    readonly lr_backbone: number;
    readonly weight_decay: number;
    readonly clip_max_norm: number;
  };
  readonly steps: readonly { readonly loss_before_step: number; readonly grad_norm_before_clip: number }[];
  readonly loss_after_step3: number;
  readonly gradient_is_mathematically_zero: readonly string[];
}

/** Gradients of every tensor, then AdamW on one batch, step by step. */
export async function* checkTraining(
  folder: string,
  config: DetrConfig,
  values: ParameterValues,
  batch: GoldenBatch,
): AsyncGenerator<Check> {
  const golden = await goldenJson<GoldenTraining>(folder, 'train.json');
  const model = new DetrForObjectDetection(config, values);
  yield* checkGradients(folder, model, batch, golden);
  yield* checkSteps(folder, model, values, batch, golden);
  model.dispose();
}

async function* checkGradients(
  folder: string,
  model: DetrForObjectDetection,
  batch: GoldenBatch,
  golden: GoldenTraining,
): AsyncGenerator<Check> {
  const tensors = await GoldenTensors.open(folder, 'grads.safetensors');
  const parameters = model.parameters.trainable({ freezeBackbone: false, freezeEncoder: false });
  yield compareExact('trained tensors', parameters.map(({ name }) => name).sort(), tensors.names().sort());
  const inputs = new StepInputs(model.config, batch, 0);
  const { gradients, packedLoss } = batchGradients(model, inputs, parameters);
  inputs.dispose();
  const norm = golden.steps[0]?.grad_norm_before_clip ?? 0;
  const layouts = checkpointLayouts(model.config);
  for (const [i, { name }] of parameters.entries()) {
    const actual = layouts(name, (await gradients[i]?.data<'float32'>()) ?? new Float32Array());
    const expected = tensors.floats(name);
    const largest = expected.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
    const isZero = golden.gradient_is_mathematically_zero.includes(name);
    const tolerance = isZero ? 1e-5 * norm : 1e-3 * largest;
    yield compare(`gradient ${name}`, actual, isZero ? new Float32Array(expected.length) : expected, {
      abs: tolerance,
    });
  }
  tf.dispose([...gradients, packedLoss]);
}

async function* checkSteps(
  folder: string,
  model: DetrForObjectDetection,
  start: ParameterValues,
  batch: GoldenBatch,
  golden: GoldenTraining,
): AsyncGenerator<Check> {
  const { lr, lr_backbone: lrBackbone, weight_decay: weightDecay, clip_max_norm: clip } = golden.optimizer;
  const parameters = model.parameters.trainable({ freezeBackbone: false, freezeEncoder: false });
  const optimizer = new AdamW(parameters);
  const options = { lr, lrBackbone, weightDecay, clip };
  const fullBatch = { ...batch, sampleIds: batch.validSizes.map((_, b) => String(b)) };
  for (const [i, expected] of golden.steps.entries()) {
    const step = i + 1;
    const { terms, gradientNorm } = await trainStep(model, optimizer, parameters, [fullBatch], { ...options, step });
    yield compareNumber(`step ${step} loss before`, terms.total, expected.loss_before_step, { rel: 1e-4 });
    yield compareNumber(`step ${step} gradient norm`, gradientNorm, expected.grad_norm_before_clip, { rel: 1e-4 });
    const file = `params_after_step${step}.safetensors`;
    if (hasGolden(folder, file)) yield* checkUpdates(folder, file, model, start, golden, step);
  }
  const { terms } = await trainStep(model, optimizer, parameters, [fullBatch], {
    ...options,
    lr: 0,
    lrBackbone: 0,
    step: golden.steps.length + 1,
  });
  yield compareNumber('loss after the last step', terms.total, golden.loss_after_step3, { rel: 1e-4 });
  optimizer.dispose();
}

/** (after - before) / lr: raw parameters agree to a whole step whatever the optimiser does. */
async function* checkUpdates(
  folder: string,
  file: string,
  model: DetrForObjectDetection,
  start: ParameterValues,
  golden: GoldenTraining,
  step: number,
): AsyncGenerator<Check> {
  const tensors = await GoldenTensors.open(folder, file);
  const layouts = checkpointLayouts(model.config);
  const after = await model.parameters.values();
  let elements = 0;
  let off = 0;
  let worst = 0;
  for (const name of tensors.names()) {
    if (golden.gradient_is_mathematically_zero.includes(name)) continue;
    const { lr, lr_backbone } = golden.optimizer;
    const rate = name.includes('backbone') ? lr_backbone : lr;
    const before = layouts(name, start.get(name) ?? new Float32Array());
    const actual = layouts(name, after.get(name) ?? new Float32Array());
    tensors.floats(name).forEach((expected, i) => {
      const difference = Math.abs(((actual[i] ?? 0) - (before[i] ?? 0) - (expected - (before[i] ?? 0))) / rate);
      elements++;
      if (!(difference <= 0.05)) off++;
      worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
    });
  }
  const share = off / elements;
  yield compareToLimit(`AdamW step ${step}: elements off by more than 0.05 lr`, share, 0.001, 'of all');
  // The table bounds the worst element after the first step alone; later ones are reported under the same bound times the step.
  yield compareToLimit(`AdamW step ${step}: worst element`, worst, 0.5 * step, 'lr');
}

/** Turns a tensor's data from the GPU's layout to the checkpoint's, by name. */
function checkpointLayouts(config: DetrConfig): (name: string, data: Float32Array) => Float32Array {
  const specs = new Map(parameterSpecs(config).map((spec) => [spec.name, spec]));
  return (name, data) => {
    const spec = specs.get(name);
    return spec ? toCheckpointLayout(spec, data) : data;
  };
}
