import sharp, { type Sharp } from 'sharp';
import type { Augment } from '../src/base/augment.ts';
import { collatePixels } from '../src/data/collate.ts';
import { decodeWith } from '../src/data/decode.ts';
import { createTrainLoader } from '../src/data/loader.ts';
import { normaliseTable, writeNormalised } from '../src/data/normalise.ts';
import { createPictureCache } from '../src/data/picture-cache.ts';
import { createPixelBuffers } from '../src/data/pixel-buffers.ts';
import { resizeBilinear } from '../src/data/resize.ts';
import { longestEdgeFor } from '../src/data/resized-size.ts';
import type { DataSet, PreprocessorConfig, RgbImage, Sample } from '../src/data/types.ts';
import { wholeView } from '../src/data/view-plan.ts';
import { DetrForObjectDetection } from '../src/detr/model.ts';
import type { Checkpoint } from '../src/interop/checkpoint-files.ts';
import { decodePixels } from '../src/platform/node/decode.ts';
import { AdamW } from '../src/train/adamw.ts';
import { trainStep } from '../src/train/step.ts';
import { median } from './median.ts';
import { type BenchRow, ours } from './report.ts';

/** A photograph of Pascal VOC, and what DETR makes of it. */
const FROM = { h: 375, w: 500 };
const TO = { h: 800, w: 1066 };
const PADDED = { h: 800, w: 1088 };
const BATCH = 4;
const PICTURES = 16;
const ROUNDS = 5;

/** The set behind which the model waits: each picture of it is read anew. */
const SET_PICTURES = 2000;
const STEP_BATCH = 8;
const STEP_SIZE = 160;
const STEPS = 12;
const OPTIONS = {
  freezeBackbone: false,
  freezeEncoder: false,
  lr: 1e-4,
  lrBackbone: 1e-5,
  weightDecay: 1e-4,
  clip: 0.1,
};

const decode = decodeWith(decodePixels);

/**
 * What it takes to make batches of JPEGs: each stage in pictures per second of processor time, on all threads together, so
 * that what else the machine does falls out of it; and the share of a training step in which the model waits for its batch,
 * where no picture is kept. Throws `signal`'s reason between two stages once it is aborted.
 */
export async function benchData(
  checkpoint: Checkpoint,
  source: DataSet,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  // One thread a picture, as the processor's time is counted.
  sharp.concurrency(1);
  const jpegs = await photographs(source);
  const stages = await stageRows(jpegs, checkpoint.preprocessor.config, say, signal);
  const rows: BenchRow[] = [];
  for (const augment of ['flip', 'detr'] as const) {
    signal.throwIfAborted();
    const share = await waitingShare(checkpoint, photographSet(source, jpegs), augment);
    say(`${augment}: waited ${share.toFixed(2)} % of ${STEPS} steps`);
    rows.push(ours(`waiting for the batch, tiny, ${STEP_BATCH} at ${STEP_SIZE} px, ${augment}`, share, '% of a step'));
  }
  return [...stages, ...rows];
}

async function stageRows(
  jpegs: readonly Uint8Array<ArrayBuffer>[],
  { imageMean, imageStd }: PreprocessorConfig,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  const pictures = await Promise.all(jpegs.map((bytes) => decode(bytes)));
  const enlarged = pictures.map((picture) => resizeBilinear(picture, TO));
  const table = normaliseTable({ shortestEdge: TO.h, longestEdge: longestEdgeFor(TO.h), imageMean, imageStd });
  const stride = PADDED.h * PADDED.w * 3;
  const write = (image: RgbImage, pixels: Float32Array, i: number) =>
    writeNormalised(image, table, pixels, i * stride, PADDED, i % 2 === 1);
  const kept = new Float32Array(BATCH * stride);
  const plan = wholeView(TO);
  const stages: Readonly<Record<string, (batch: number) => Promise<unknown> | unknown>> = {
    decoded: (batch) => each(jpegs, batch, (bytes) => decode(bytes)),
    resized: (batch) => each(pictures, batch, (picture) => resizeBilinear(picture, TO)),
    'resized, sharp': (batch) =>
      each(pictures, batch, ({ data }) =>
        enlargedBySharp(sharp(data, { raw: { width: FROM.w, height: FROM.h, channels: 3 } })),
      ),
    normalised: (batch) => each(enlarged, batch, (image, i) => write(image, kept, i)),
    collated: (batch) =>
      collatePixels(
        chosen(pictures, batch).map((image, i) => ({ image, plan: { ...plan, flip: i % 2 === 1 } })),
        PADDED,
        table,
        kept,
      ),
    whole: async (batch) => {
      const images = await Promise.all(chosen(jpegs, batch).map((bytes) => decode(bytes)));
      return collatePixels(
        images.map((image, i) => ({ image, plan: { ...plan, flip: i % 2 === 1 } })),
        PADDED,
        table,
        kept,
      );
    },
    'whole, sharp': async (batch) => {
      await each(jpegs, batch, async (bytes, i) => {
        write({ size: TO, data: await enlargedBySharp(sharp(bytes)) }, kept, i);
      });
    },
  };
  const rates: Record<string, number[]> = Object.fromEntries(Object.keys(stages).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, stage] of Object.entries(stages)) {
      signal.throwIfAborted();
      rates[name]?.push(await picturesASecond(stage));
    }
    say(`round ${round + 1} of ${ROUNDS}: ${rates.whole?.at(-1)?.toFixed(0)} pictures a second a core`);
  }
  const row = (name: string, stage: string, peer?: string): BenchRow => ({
    ...ours(name, median(rates[stage] ?? []), 'images/s a core'),
    peers: peer === undefined ? {} : { sharp: median(rates[peer] ?? []) },
  });
  return [
    row(`JPEG ${FROM.w} x ${FROM.h} decoded`, 'decoded'),
    row(`resized to ${TO.w} x ${TO.h}`, 'resized', 'resized, sharp'),
    row('normalised into its batch', 'normalised'),
    row(`resized and normalised into a batch of ${BATCH}`, 'collated'),
    row(`JPEG to batch of ${BATCH}, all of it`, 'whole', 'whole, sharp'),
  ];
}

/** Pictures a second of the processor's time, over a few batches. */
async function picturesASecond(stage: (batch: number) => Promise<unknown> | unknown): Promise<number> {
  await stage(0);
  const before = process.cpuUsage();
  for (let batch = 0; batch < PICTURES / BATCH; batch += 1) await stage(batch);
  const { user, system } = process.cpuUsage(before);
  return (PICTURES * 1e6) / (user + system);
}

function chosen<Item>(items: readonly Item[], batch: number): Item[] {
  return items.slice(batch * BATCH, (batch + 1) * BATCH);
}

function each<Item>(items: readonly Item[], batch: number, work: (item: Item, i: number) => unknown): Promise<unknown> {
  return Promise.all(chosen(items, batch).map(work));
}

function enlargedBySharp(picture: Sharp): Promise<Buffer> {
  return picture.resize(TO.w, TO.h, { fit: 'fill', kernel: 'linear' }).raw().toBuffer();
}

/** JPEGs of the size of photographs, from a set's own pictures. */
function photographs({ samples, imageBytes }: DataSet): Promise<Uint8Array<ArrayBuffer>[]> {
  return Promise.all(
    samples.slice(0, PICTURES).map(async ({ id }) => {
      const jpeg = await sharp(await imageBytes(id))
        .resize(FROM.w, FROM.h, { fit: 'fill' })
        .jpeg({ quality: 90 })
        .toBuffer();
      return new Uint8Array(jpeg);
    }),
  );
}

function photographSet(source: DataSet, jpegs: readonly Uint8Array<ArrayBuffer>[]): DataSet {
  const className = source.classes[0] ?? '';
  const samples = Array.from(
    { length: SET_PICTURES },
    (_, i): Sample => ({
      id: String(i),
      imagePath: `${i}.jpg`,
      size: FROM,
      objects: [{ className, boxXyxyPx: [50, 60, 250, 300], difficult: false, truncated: false }],
      labelled: true,
    }),
  );
  return {
    ...source,
    samples,
    splits: { train: samples.map(({ id }) => id) },
    imageBytes: async (id) => jpegs[Number(id) % jpegs.length] ?? new Uint8Array(),
  };
}

/** Per cent of the time of a step, reading its batch and training on it, that the first takes. */
async function waitingShare({ config, weights, preprocessor }: Checkpoint, dataSet: DataSet, augment: Augment) {
  const model = new DetrForObjectDetection(config, weights.values);
  const parameters = model.parameters.trainable(OPTIONS);
  const optimizer = new AdamW(parameters);
  const buffers = createPixelBuffers();
  const loader = createTrainLoader({
    buffers,
    ...{ dataSet, decode, augment, split: 'train', batch: STEP_BATCH, seed: 1, onProblem: () => undefined },
    preprocessor: { ...preprocessor.config, shortestEdge: STEP_SIZE, longestEdge: longestEdgeFor(STEP_SIZE) },
    cache: createPictureCache(0),
  });
  let waitedMs = 0;
  let wholeMs = 0;
  try {
    for (let step = 1; step <= STEPS + 2; step += 1) {
      const start = performance.now();
      const batch = await loader.next();
      const had = performance.now();
      await trainStep(model, optimizer, parameters, [batch], { ...OPTIONS, step });
      buffers.giveBack(batch.pixelsNhwc);
      // The first steps compile.
      if (step <= 2) continue;
      waitedMs += had - start;
      wholeMs += performance.now() - start;
    }
  } finally {
    loader.close();
    optimizer.dispose();
    model.dispose();
  }
  return (100 * waitedMs) / wholeMs;
}
