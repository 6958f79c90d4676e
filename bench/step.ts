import { StudioError } from '../src/base/errors.ts';
import type { Batch } from '../src/data/types.ts';
import { DetrForObjectDetection } from '../src/detr/model.ts';
import type { Checkpoint } from '../src/interop/checkpoint-files.ts';
import { countGpuWork, type GpuCounts, type GpuSession, tf } from '../src/tf/index.ts';
import { AdamW } from '../src/train/adamw.ts';
import { trainStep } from '../src/train/step.ts';
import { median } from './median.ts';
import type { BenchRow } from './report.ts';
import { StockTrainer } from './stock/step.ts';

const BATCH = 4;
const SIZE = { h: 160, w: 160 };
/** The sizes that the soak mixes: the buckets of 160 px. */
const MIXED = [SIZE, { h: 160, w: 224 }, { h: 224, w: 160 }];
const ROUNDS = 5;
const SOAK_STEPS = 50;
const OPTIONS = { freezeBackbone: false, lr: 1e-4, lrBackbone: 1e-5, weightDecay: 1e-4, clip: 0.1 };

/**
 * A training step of the bundled tiny model, batch 4 at 160 px: ours and the stock peer in turn, one after the other in
 * every round, so that what else the machine does falls on both. Then 50 steps of mixed sizes, for what they leave behind.
 * Throws `signal`'s reason between two steps once it is aborted.
 */
export async function benchStep(
  session: GpuSession,
  from: Checkpoint,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  const batch = paintedBatch(SIZE);
  const ours = oursOf(from, signal);
  const stock = stockOf(from, signal);
  const first = { ours: await ours.take(batch), stock: await stock.take(batch) };
  if (Math.abs(first.ours.loss - first.stock.loss) > 1e-3 * first.stock.loss) {
    throw new StudioError(
      'internal',
      `Ours loses ${first.ours.loss} and the peer ${first.stock.loss} on the same batch.`,
    );
  }
  const times: { ours: number[]; stock: number[] } = { ours: [], stock: [] };
  let counts: { ours?: GpuCounts; stock?: GpuCounts } = {};
  for (let round = 0; round < ROUNDS; round++) {
    const mine = await ours.take(batch);
    const peer = await stock.take(batch);
    session.throwIfFailed();
    times.ours.push(mine.ms);
    times.stock.push(peer.ms);
    counts = { ours: mine.counts, stock: peer.counts };
    say(`round ${round + 1} of ${ROUNDS}: ours ${mine.ms.toFixed(0)} ms, stock ${peer.ms.toFixed(0)} ms`);
  }
  stock.dispose();
  const rows: BenchRow[] = [
    row('step, tiny, batch 4, 160 px', median(times.ours), median(times.stock), 'ms'),
    row('first step, programs compiled', first.ours.ms, first.stock.ms, 'ms'),
    row('dispatches', counts.ours?.dispatches, counts.stock?.dispatches, 'a step'),
    row('submits', counts.ours?.submits, counts.stock?.submits, 'a step'),
    row('readbacks', counts.ours?.readbacks, counts.stock?.readbacks, 'a step'),
  ];
  rows.push(...(await soak(session, ours, say)));
  ours.dispose();
  return rows;
}

async function soak(
  session: GpuSession,
  ours: ReturnType<typeof oursOf>,
  say: (line: string) => void,
): Promise<BenchRow[]> {
  const batches = MIXED.map(paintedBatch);
  for (let i = 0; i < 2 * MIXED.length; i++) await ours.take(batches[i % MIXED.length] ?? paintedBatch(SIZE));
  const before = { tensors: tf.memory().numTensors, bytes: session.allocatedBytes() };
  for (let i = 0; i < SOAK_STEPS; i++) {
    await ours.take(batches[i % MIXED.length] ?? paintedBatch(SIZE));
    if (i % 10 === 9) say(`mixed sizes: ${i + 1} of ${SOAK_STEPS} steps`);
  }
  return [
    row('GPU buffers allocated', session.allocatedBytes() / 2 ** 20, undefined, 'MiB'),
    row(`growth over ${SOAK_STEPS} steps of mixed sizes`, session.allocatedBytes() - before.bytes, undefined, 'bytes'),
    row(
      `tensors left by ${SOAK_STEPS} steps of mixed sizes`,
      tf.memory().numTensors - before.tensors,
      undefined,
      'tensors',
    ),
  ];
}

function oursOf({ config, weights }: Checkpoint, signal: AbortSignal) {
  const model = new DetrForObjectDetection(config, weights.values);
  const parameters = model.parameters.trainable(OPTIONS);
  const optimizer = new AdamW(parameters);
  let step = 0;
  return {
    take: (batch: Batch) =>
      timed(signal, async () => {
        const { terms } = await trainStep(model, optimizer, parameters, [batch], { ...OPTIONS, step: ++step });
        return terms.total;
      }),
    dispose: () => {
      optimizer.dispose();
      model.dispose();
    },
  };
}

function stockOf({ config, weights }: Checkpoint, signal: AbortSignal) {
  const model = new DetrForObjectDetection(config, weights.values);
  const trainer = new StockTrainer(model, model.parameters.trainable(OPTIONS));
  return {
    take: (batch: Batch) => timed(signal, () => trainer.take(batch)),
    dispose: () => {
      trainer.dispose();
      model.dispose();
    },
  };
}

async function timed(
  signal: AbortSignal,
  step: () => Promise<number>,
): Promise<{ loss: number; ms: number; counts: GpuCounts }> {
  signal.throwIfAborted();
  const start = performance.now();
  const { result: loss, counts } = await countGpuWork(step);
  return { loss, ms: performance.now() - start, counts };
}

function paintedBatch(size: { h: number; w: number }): Batch {
  return {
    sampleIds: Array.from({ length: BATCH }, (_, i) => String(i)),
    size,
    pixelsNhwc: Float32Array.from({ length: BATCH * size.h * size.w * 3 }, (_, i) => 2 * Math.sin(i * 0.37)),
    validSizes: Array.from({ length: BATCH }, (_, i) => ({ h: size.h - 8 * i, w: size.w })),
    targets: Array.from({ length: BATCH }, () => ({
      classIds: Int32Array.from([1, 5, 9]),
      boxesCxcywhNorm: Float32Array.from([0.2, 0.3, 0.2, 0.2, 0.5, 0.6, 0.3, 0.2, 0.7, 0.4, 0.2, 0.4]),
    })),
  };
}

function row(name: string, ours: number | undefined, stock: number | undefined, unit: string): BenchRow {
  return { name, ours: ours ?? null, stock: stock ?? null, peers: {}, unit };
}
