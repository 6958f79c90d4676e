import { hash32, unitFloat } from '../base/hash.ts';
import { defaultPreprocessorFile } from '../data/preprocessor-config.ts';
import type { DataSet, DecodeImage, RgbImage, Sample } from '../data/types.ts';
import { parseDetrConfig } from '../detr/config.ts';
import { randomParameters } from '../detr/init.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import type { GpuSession } from '../tf/index.ts';
import type { AdapterStore } from '../tf/types.ts';
import type { TrainingRun } from './loop.ts';
import { startingPoint } from './start.ts';
import type { PixelBatch } from './step-inputs.ts';
import type { CheckpointKind, EvalRecord, RunStore, StepRecord, TrainSettings } from './types.ts';

/** The smallest DETR that has every part, with random weights: steps of it are fast on a driver in software. */
export function tinyCheckpoint(seed = 1): Checkpoint {
  const config = parseDetrConfig(
    JSON.stringify({
      model_type: 'detr',
      backbone_config: { embedding_size: 8, hidden_sizes: [16, 16, 32, 32], depths: [1, 1, 1, 1] },
      d_model: 16,
      encoder_layers: 1,
      decoder_layers: 2,
      encoder_attention_heads: 2,
      decoder_attention_heads: 2,
      encoder_ffn_dim: 32,
      decoder_ffn_dim: 32,
      num_queries: 6,
      id2label: { 0: 'disc', 1: 'square' },
    }),
  );
  return {
    config,
    preprocessor: defaultPreprocessorFile(64),
    weights: { values: randomParameters(config, seed), form: 'native' },
  };
}

/** A cache that is always empty. */
export const FORGETS: AdapterStore = { read: async () => null, write: async () => {} };

const SIZES = [
  { h: 64, w: 64 },
  { h: 64, w: 90 },
  { h: 100, w: 64 },
  { h: 64, w: 72 },
];

/** A set of noisy pictures with bright squares, landscape and portrait, made in memory. */
export function paintedDataSet(pictures = 8): { readonly dataSet: DataSet; readonly decode: DecodeImage } {
  const samples = Array.from({ length: pictures }, (_, i): Sample => {
    const size = SIZES[i % SIZES.length] ?? { h: 64, w: 64 };
    const at = 8 + ((i * 5) % 20);
    const objects = [
      {
        className: i % 2 ? 'disc' : 'square',
        boxXyxyPx: [at, at, at + 24, at + 20],
        difficult: false,
        truncated: false,
      },
    ] as const;
    return { id: `p${i}`, imagePath: `p${i}.raw`, size, objects, labelled: true };
  });
  const ids = samples.map(({ id }) => id);
  const byId = new Map(samples.map((sample) => [sample.id, sample]));
  const dataSet: DataSet = {
    name: 'painted',
    classes: ['disc', 'square'],
    samples,
    splits: { train: ids, val: ids.slice(0, 3) },
    problems: [],
    hash: 'painted',
    imageBytes: async (id) => new TextEncoder().encode(id),
  };
  return { dataSet, decode: async (bytes) => paint(byId.get(new TextDecoder().decode(bytes))) };
}

function paint(sample: Sample | undefined): RgbImage {
  if (!sample) throw new Error('The test asked for a picture that is not in the set.');
  const { h, w } = sample.size;
  const data = Uint8Array.from({ length: h * w * 3 }, (_, i) => 120 * unitFloat(hash32(3, i)));
  for (const {
    boxXyxyPx: [x0, y0, x1, y1],
  } of sample.objects) {
    for (let y = y0; y < y1; y++) data.fill(230, (y * w + x0) * 3, (y * w + x1) * 3);
  }
  return { size: sample.size, data };
}

/** A batch of waves with a box in the first picture and two in the second, the second padded below. */
export function paintedBatch(seed: number, size = { h: 64, w: 64 }, images = 2): PixelBatch {
  const { h, w } = size;
  return {
    size,
    pixelsNhwc: Float32Array.from({ length: images * h * w * 3 }, (_, i) => Math.sin(seed + i * 0.7)),
    validSizes: Array.from({ length: images }, (_, i) => ({ h: h - 7 * i, w })),
    targets: Array.from({ length: images }, (_, i) => ({
      classIds: Int32Array.from([0, 1].slice(0, i + 1)),
      boxesCxcywhNorm: Float32Array.from([0.3, 0.4, 0.2, 0.3, 0.6, 0.6, 0.3, 0.2].slice(0, 4 * (i + 1))),
    })),
  };
}

export const QUICK_SETTINGS: TrainSettings = {
  recipe: null,
  steps: 10,
  batch: 2,
  accumulate: 1,
  size: 64,
  lr: 1e-3,
  lrBackbone: 1e-4,
  weightDecay: 1e-4,
  clip: 0.1,
  dropout: 0.1,
  schedule: 'constant',
  warmupSteps: 0,
  lrDrop: null,
  headSteps: 0,
  freezeBackbone: false,
  freezeEncoder: false,
  recompute: false,
  views: 4,
  augment: 'flip',
  seed: 11,
  evalEvery: 0,
  evalImages: null,
  checkpointEvery: 3,
  overfitPictures: null,
  maxSeconds: null,
};

/** A run of the tiny checkpoint over painted pictures, that nobody stops and nobody listens to. */
export function testRun(
  session: GpuSession,
  { dataSet, decode }: ReturnType<typeof paintedDataSet>,
  settings: TrainSettings,
  store: RunStore,
): TrainingRun {
  return {
    session,
    dataSet,
    decode,
    adapters: FORGETS,
    ...startingPoint(tinyCheckpoint(), dataSet, settings),
    settings,
    store,
    now: () => performance.now(),
    onEvent: () => {},
    signal: new AbortController().signal,
  };
}

/** A run store in memory whose contents a test can look at. */
export class TestRunStore implements RunStore {
  readonly out = 'test';
  metrics: (StepRecord | EvalRecord)[] = [];
  readonly checkpoints = new Map<CheckpointKind, ReadonlyMap<string, Uint8Array>>();

  async clear(): Promise<void> {}

  async writeRun(): Promise<void> {}

  async appendMetrics(record: StepRecord | EvalRecord): Promise<void> {
    this.metrics.push(record);
  }

  async truncateMetrics(lastStep: number): Promise<void> {
    this.metrics = this.metrics.filter(({ step }) => step <= lastStep);
  }

  async saveCheckpoint(kind: CheckpointKind, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    this.checkpoints.set(kind, files);
  }

  async loadCheckpoint(kind: CheckpointKind): Promise<ReadonlyMap<string, Uint8Array> | null> {
    return this.checkpoints.get(kind) ?? null;
  }

  losses(): number[] {
    return this.metrics.flatMap((record) => ('loss' in record ? [record.loss] : []));
  }
}
