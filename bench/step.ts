import { StudioError } from '../src/base/errors.ts';
import type { Batch } from '../src/data/types.ts';
import { DetrForObjectDetection } from '../src/detr/model.ts';
import type { Checkpoint } from '../src/interop/checkpoint-files.ts';
import { targetSlots } from '../src/loss/targets.ts';
import { countGpuWork, type GpuCounts, type GpuSession, tf } from '../src/tf/index.ts';
import { AdamW } from '../src/train/adamw.ts';
import { RecordedStep } from '../src/train/recorded-step.ts';
import { median } from './median.ts';
import type { BenchRow } from './report.ts';
import { StockTrainer } from './stock/step.ts';

const BATCH = 4;
const SIZE = { h: 160, w: 160 };
/** The sizes that the soak mixes, one picture each: small, for what is left behind does not hang on how large they are. */
const MIXED = [
  { h: 64, w: 64 },
  { h: 64, w: 96 },
  { h: 96, w: 64 },
];
const ROUNDS = 5;
const SOAK_STEPS = 1000;
const OPTIONS = { freezeBackbone: false, freezeEncoder: false, clip: 0.1 };
const RATES = { lr: 1e-4, lrBackbone: 1e-5, weightDecay: 1e-4 };
const TARGETS = 3;

/**
 * A training step of the bundled tiny model, batch 4 at 160 px: ours and the stock peer in turn, one after the other in
 * every round, so that what else the machine does falls on both. Then many steps of mixed sizes, for what they leave behind.
 * Throws `signal`'s reason between two steps once it is aborted.
 */
export async function benchStep(
  session: GpuSession,
  from: Checkpoint,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  const batch = paintedBatch(SIZE);
  const ours = oursOf(session, from, signal);
  const stock = stockOf(from, signal);
  const first = { ours: await ours.take(batch), stock: await stock.take(batch) };
  // What is replayed is replayed from the second step on.
  await ours.take(batch);
  if (Math.abs(first.ours.loss - first.stock.loss) > 1e-3 * first.stock.loss) {
    throw new StudioError(
      'internal',
      `Ours loses ${first.ours.loss} and the peer ${first.stock.loss} on the same batch.`,
    );
  }
  const times: { ours: number[]; stock: number[] } = { ours: [], stock: [] };
  const hosts: number[] = [];
  const peerHosts: number[] = [];
  let counts: { ours?: GpuCounts; stock?: GpuCounts } = {};
  for (let round = 0; round < ROUNDS; round++) {
    const mine = await ours.take(batch);
    const peer = await stock.take(batch);
    session.throwIfFailed();
    times.ours.push(mine.ms);
    times.stock.push(peer.ms);
    hosts.push(mine.hostMs);
    peerHosts.push(peer.hostMs);
    counts = { ours: mine.counts, stock: peer.counts };
    say(`round ${round + 1} of ${ROUNDS}: ours ${mine.ms.toFixed(0)} ms, stock ${peer.ms.toFixed(0)} ms`);
  }
  stock.dispose();
  const rows: BenchRow[] = [
    row('step, tiny, batch 4, 160 px', median(times.ours), median(times.stock), 'ms'),
    row('first step, programs compiled', first.ours.ms, first.stock.ms, 'ms'),
    row('host, until a step is submitted', median(hosts), median(peerHosts), 'ms'),
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
  const batches = MIXED.map((size) => paintedBatch(size, 1));
  for (let i = 0; i < 2 * MIXED.length; i++) await ours.take(batches[i % MIXED.length] ?? paintedBatch(SIZE));
  const before = { tensors: tf.memory().numTensors, bytes: session.allocatedBytes() };
  for (let i = 0; i < SOAK_STEPS; i++) {
    await ours.take(batches[i % MIXED.length] ?? paintedBatch(SIZE));
    if (i % 100 === 99) say(`mixed sizes: ${i + 1} of ${SOAK_STEPS} steps`);
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

function oursOf({ submissionMs }: GpuSession, { config, weights }: Checkpoint, signal: AbortSignal) {
  const model = new DetrForObjectDetection(config, weights.values);
  const parameters = model.parameters.trainable(OPTIONS);
  const optimizer = new AdamW(parameters);
  const options = { ...OPTIONS, accumulate: 1, slots: targetSlots(TARGETS), submissionMs };
  const recorded = new RecordedStep(model, optimizer, parameters, options);
  let step = 0;
  return {
    take: (batch: Batch) =>
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

function stockOf({ config, weights }: Checkpoint, signal: AbortSignal) {
  const model = new DetrForObjectDetection(config, weights.values);
  const trainer = new StockTrainer(model, model.parameters.trainable(OPTIONS));
  return {
    take: (batch: Batch) =>
      timed(signal, (submitted) => {
        // Its last operations are submitted as the result is asked for, before anything is awaited.
        const loss = trainer.take(batch);
        submitted();
        return loss;
      }),
    dispose: () => {
      trainer.dispose();
      model.dispose();
    },
  };
}

async function timed(
  signal: AbortSignal,
  step: (submitted: () => void) => Promise<number>,
): Promise<{ loss: number; ms: number; hostMs: number; counts: GpuCounts }> {
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

function paintedBatch(size: { h: number; w: number }, pictures = BATCH): Batch {
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

function row(name: string, ours: number | undefined, stock: number | undefined, unit: string): BenchRow {
  return { name, ours: ours ?? null, stock: stock ?? null, peers: {}, unit };
}
