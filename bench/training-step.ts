import type { Size } from '../src/base/boxes.ts';
import type { Batch } from '../src/data/types.ts';
import { DetrForObjectDetection } from '../src/detr/model.ts';
import type { Freezing, ParameterValues } from '../src/detr/parameters.ts';
import type { DetrConfig } from '../src/detr/types.ts';
import { targetSlots } from '../src/loss/targets.ts';
import { countGpuWork, type GpuCounts, type GpuSession } from '../src/tf/index.ts';
import type { AdapterStore } from '../src/tf/types.ts';
import { AdamW } from '../src/train/adamw.ts';
import { RecordedStep } from '../src/train/recorded-step.ts';
import type { StepBatch } from '../src/train/step-inputs.ts';

const OPTIONS = { clip: 0.1 };
const RATES = { lr: 1e-4, lrBackbone: 1e-5, weightDecay: 1e-4 };
const TARGETS = 3;

export interface TrainedModel {
  readonly config: DetrConfig;
  readonly values: ParameterValues;
}

export interface TimedStep {
  readonly loss: number;
  readonly ms: number;
  /** Until it is submitted. */
  readonly hostMs: number;
  readonly counts: GpuCounts;
}

export interface Trainer {
  take(batch: StepBatch): Promise<TimedStep>;
  dispose(): void;
}

/** A model, its optimiser and its recorded step. On a graphics card the first step of a shape also measures the kernels' variants. */
export function openTrainer(
  { submissionMs }: GpuSession,
  { config, values }: TrainedModel,
  freezing: Freezing,
  signal: AbortSignal,
): Trainer {
  const model = new DetrForObjectDetection(config, values);
  const parameters = model.parameters.trainable(freezing);
  const optimizer = new AdamW(parameters);
  const options = { ...OPTIONS, accumulate: 1, slots: targetSlots(TARGETS), submissionMs, adapters: keptInMemory() };
  const recorded = new RecordedStep(model, optimizer, parameters, options);
  let step = 0;
  return {
    take: (batch: StepBatch) =>
      timed(signal, async (submitted) => {
        const { outcome } = await recorded.submit([batch], RATES, ++step);
        submitted();
        return (await outcome).terms.total;
      }),
    dispose: () => {
      recorded.dispose();
      optimizer.dispose();
      model.dispose();
    },
  };
}

/** `step` calls `submitted` once it waits for the GPU alone. Throws `signal`'s reason before it begins. */
export async function timed(signal: AbortSignal, step: (submitted: () => void) => Promise<number>): Promise<TimedStep> {
  signal.throwIfAborted();
  const start = performance.now();
  let hostMs = Number.NaN;
  const { result: loss, counts } = await countGpuWork(() =>
    step(() => {
      hostMs = performance.now() - start;
    }),
  );
  return { loss, ms: performance.now() - start, hostMs, counts };
}

/** Waves, each picture eight rows lower than the one before, with three boxes each. */
export function paintedBatch(size: Size, pictures: number): Batch {
  return {
    sampleIds: Array.from({ length: pictures }, (_, i) => String(i)),
    size,
    pixelsNhwc: Float32Array.from({ length: pictures * size.h * size.w * 3 }, (_, i) => 2 * Math.sin(i * 0.37)),
    validSizes: Array.from({ length: pictures }, (_, i) => ({ h: size.h - 8 * i, w: size.w })),
    targets: Array.from({ length: pictures }, () => ({
      classIds: Int32Array.from([1, 5, 9]),
      boxesCxcywhNorm: Float32Array.from([0.2, 0.3, 0.2, 0.2, 0.5, 0.6, 0.3, 0.2, 0.7, 0.4, 0.2, 0.4]),
    })),
  };
}

function keptInMemory(): AdapterStore {
  const kept = new Map<string, Readonly<Record<string, string>>>();
  return {
    read: async (name) => kept.get(name) ?? null,
    write: async (name, table) => void kept.set(name, table),
  };
}
