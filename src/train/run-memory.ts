import type { Size } from '../base/boxes.ts';
import { StudioError } from '../base/errors.ts';
import { bucketFor, shapeOf } from '../data/buckets.ts';
import { samplesOfSplit } from '../data/picture-source.ts';
import { resizedSize } from '../data/resized-size.ts';
import type { DataSet, Sample } from '../data/types.ts';
import { DetrForObjectDetection, featureGrid } from '../detr/model.ts';
import type { DetrConfig } from '../detr/types.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import { Detector } from '../predict/detector.ts';
import { dryRun } from '../tf/index.ts';
import { AdamW } from './adamw.ts';
import { halfTokens } from './compute-features.ts';
import { EVAL_SPLIT, TRAIN_SPLIT } from './splits.ts';
import { startingPoint } from './start.ts';
import type { FeatureBatch, FrozenStage, PixelBatch } from './step-inputs.ts';
import { Stepper } from './stepper.ts';
import { stepperOptions } from './stepper-options.ts';
import type { MemorySaving, TrainSettings } from './types.ts';

/** What a run is planned from. */
export interface PlannedRun {
  readonly from: Checkpoint;
  readonly dataSet: DataSet;
  readonly settings: TrainSettings;
}

/** The GPU memory of a run before it starts. */
export interface MemoryPlan {
  /** The most bytes of GPU buffers that exist at once, in steps or an evaluation. */
  readonly gpuBytes: number;
  /** What lowers it, the most first. */
  readonly savings: readonly MemorySaving[];
}

/** Images are resized to multiples of the backbone's stride. */
const SIZE_STEP = 32;

/**
 * Plans a run's GPU memory by going through its first steps and its evaluation on a device that allocates nothing: a second or
 * two of the processor's time for each setting that is looked at. Throws `gpu-limit` where it does not fit this device, with
 * the largest size that does.
 */
export async function planMemory(run: PlannedRun): Promise<MemoryPlan> {
  const gpuBytes = await plannedBytes(run).catch(async (error: unknown) => {
    throw await withLargestSize(error, run);
  });
  const savings: MemorySaving[] = [];
  for (const [change, to, settings] of cheaper(run.settings)) {
    const bytes = await plannedBytes({ ...run, settings });
    if (bytes < gpuBytes) savings.push({ change, to, gpuBytes: bytes });
  }
  return { gpuBytes, savings: savings.sort((a, b) => a.gpuBytes - b.gpuBytes) };
}

/** Bytes at the highest. Throws `gpu-limit`. */
async function plannedBytes({ from, dataSet, settings }: PlannedRun): Promise<number> {
  const { checkpoint } = startingPoint(from, dataSet, settings);
  return dryRun(async () => {
    const model = new DetrForObjectDetection(checkpoint.config, checkpoint.weights.values);
    const parameters = model.parameters.trainable(settings);
    const optimizer = new AdamW(parameters);
    const options = stepperOptions({ settings, checkpoint, dataSet, submissionMs: Number.POSITIVE_INFINITY });
    const stepper = new Stepper(model, optimizer, parameters, options, {});
    try {
      await goThrough(stepper, model, { checkpoint, dataSet, settings });
    } finally {
      stepper.dispose();
      optimizer.dispose();
      model.dispose();
    }
  });
}

/** A step of each padded size, and a batch of the evaluation. */
async function goThrough(
  stepper: Stepper,
  model: DetrForObjectDetection,
  {
    checkpoint: { preprocessor },
    dataSet,
    settings: { batch, accumulate, evalEvery, evalImages, freezeBackbone, freezeEncoder },
  }: { checkpoint: Checkpoint; dataSet: DataSet; settings: TrainSettings },
): Promise<void> {
  const rates = { lr: 0, lrBackbone: 0, weightDecay: 0 };
  const stage: FrozenStage = freezeEncoder ? 'memory' : 'projected';
  const samples = samplesOfSplit(dataSet, TRAIN_SPLIT);
  const sizes = paddedSizes(samples, preprocessor.config);
  for (const [i, { size }] of sizes.entries()) {
    const pixels = emptyBatch(size, batch);
    const shown = freezeBackbone ? emptyFeatures(pixels, stage, model.config) : pixels;
    const batches = Array.from({ length: accumulate }, () => shown);
    // Nothing is computed, so that nothing is a number to go by.
    await stepper.take(batches, rates, i + 1).catch(refusedStep);
  }
  if (freezeBackbone) {
    for (const { size } of sizes) {
      // As many pictures at once as may have nothing kept, in the middle of a run.
      for (let group = 1; group <= batch; group *= 2) await halfTokens(model, stage, emptyBatch(size, group));
    }
  }
  await stepper.settle().catch(refusedStep);
  if (evalEvery === 0) return;
  const evaluated = samplesOfSplit(dataSet, EVAL_SPLIT).slice(0, evalImages ?? undefined);
  const detector = new Detector(model, preprocessor.config, () => 0);
  await stepper.aside(async () => {
    // All of them: what one size leaves pooled does not serve another.
    for (const { size, pictures } of paddedSizes(evaluated, preprocessor.config)) {
      const { pixelsNhwc, validSizes } = emptyBatch(size, Math.min(pictures, batch));
      await detector.queryOutputs(pixelsNhwc, size, validSizes);
    }
  });
}

/** Every step of a dry run comes to nothing: only that is let pass. */
function refusedStep(error: unknown): void {
  if (error instanceof StudioError && error.code === 'gpu-error') return;
  throw error;
}

/** The padded sizes of these pictures' batches, the largest first, with how many pictures have each. */
function paddedSizes(
  samples: readonly Sample[],
  edges: { readonly shortestEdge: number; readonly longestEdge: number },
): { readonly size: Size; readonly pictures: number }[] {
  const sizes = new Map<string, { size: Size; pictures: number }>();
  for (const sample of samples) {
    const resized = resizedSize(sample.size, edges);
    const size = bucketFor([resized], shapeOf(resized), edges);
    const key = `${size.h} x ${size.w}`;
    sizes.set(key, { size, pictures: 1 + (sizes.get(key)?.pictures ?? 0) });
  }
  return [...sizes.values()].sort((a, b) => b.size.h * b.size.w - a.size.h * a.size.w);
}

function emptyFeatures(
  { size, validSizes, targets }: PixelBatch,
  stage: FrozenStage,
  { dilation, dModel }: DetrConfig,
): FeatureBatch {
  const { h, w } = featureGrid(size, dilation);
  return { stage, size, validSizes, targets, tokensHalf: new Int32Array((validSizes.length * h * w * dModel) / 2) };
}

function emptyBatch(size: Size, pictures: number): PixelBatch {
  return {
    size,
    pixelsNhwc: new Float32Array(pictures * size.h * size.w * 3),
    validSizes: Array.from({ length: pictures }, () => size),
    targets: Array.from({ length: pictures }, () => ({
      classIds: new Int32Array(),
      boxesCxcywhNorm: new Float32Array(),
    })),
  };
}

/** Settings that take less, one change each. */
function* cheaper(settings: TrainSettings): Generator<[MemorySaving['change'], number, TrainSettings]> {
  const { batch, accumulate, size } = settings;
  // The same steps to the bit.
  if (!settings.recompute) yield ['recompute', 1, { ...settings, recompute: true }];
  // The same pictures a step, in smaller parts.
  if (batch > 1) {
    const half = Math.floor(batch / 2);
    yield ['batch', half, { ...settings, batch: half, accumulate: Math.round((batch * accumulate) / half) }];
  }
  const smaller = Math.max(SIZE_STEP, Math.round((size * 0.75) / SIZE_STEP) * SIZE_STEP);
  if (smaller < size) yield ['size', smaller, { ...settings, size: smaller }];
  if (!settings.freezeBackbone) yield ['freezeBackbone', 1, { ...settings, freezeBackbone: true }];
}

/** The error with the largest size that fits, where it says that the run does not; any other as it is. */
export async function withLargestSize(error: unknown, run: PlannedRun): Promise<unknown> {
  if (!(error instanceof StudioError) || error.code !== 'gpu-limit' || 'largestSize' in error.details) return error;
  let fits = 0;
  let tooLarge = Math.ceil(run.settings.size / SIZE_STEP);
  while (tooLarge - fits > 1) {
    const middle = Math.floor((fits + tooLarge) / 2);
    if (await isFitting({ ...run, settings: { ...run.settings, size: middle * SIZE_STEP } })) fits = middle;
    else tooLarge = middle;
  }
  const { size, batch } = run.settings;
  const advice =
    fits === 0
      ? 'No size fits at this batch: lower the batch.'
      : `The largest size that fits at batch ${batch} is ${fits * SIZE_STEP} px: choose that, or a smaller batch.`;
  return new StudioError(
    'gpu-limit',
    `Pictures of ${size} px at batch ${batch} do not fit this graphics card. ${error.message} ${advice}`,
    { ...error.details, largestSize: fits * SIZE_STEP },
    { cause: error },
  );
}

async function isFitting(run: PlannedRun): Promise<boolean> {
  try {
    await plannedBytes(run);
    return true;
  } catch (error) {
    if (error instanceof StudioError && error.code === 'gpu-limit') return false;
    throw error;
  }
}
