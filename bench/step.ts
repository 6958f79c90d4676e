import { StudioError } from '../src/base/errors.ts';
import type { Batch } from '../src/data/types.ts';
import { DetrForObjectDetection } from '../src/detr/model.ts';
import type { Freezing } from '../src/detr/parameters.ts';
import type { Checkpoint } from '../src/interop/checkpoint-files.ts';
import { type GpuCounts, type GpuSession, tf } from '../src/tf/index.ts';
import type { FrozenStage } from '../src/train/step-inputs.ts';
import { keptBatch } from './kept-batch.ts';
import { median } from './median.ts';
import type { BenchRow } from './report.ts';
import { StockTrainer } from './stock/step.ts';
import { openTrainer, paintedBatch, type Trainer, timed } from './training-step.ts';

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
const NOTHING_FROZEN = { freezeBackbone: false, freezeEncoder: false };
/** What is frozen, and where the kept features then end. */
const KEPT_STAGES = [
  ['projected', 'backbone frozen'],
  ['memory', 'encoder frozen too'],
] as const;

type Timed = 'ours' | 'stock' | FrozenStage;

/**
 * A training step of the bundled tiny model, batch 4 at 160 px: ours, ours on kept features, and the stock peer in turn, one after the other in
 * every round, so that what else the machine does falls on both. Then many steps of mixed sizes, for what they leave behind.
 * Throws `signal`'s reason between two steps once it is aborted.
 */
export async function benchStep(
  session: GpuSession,
  from: Checkpoint,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  const batch = paintedBatch(SIZE, BATCH);
  const model = { config: from.config, values: from.weights.values };
  const open = (freezing: Freezing) => openTrainer(session, model, freezing, signal);
  const ours = open(NOTHING_FROZEN);
  const kept = {
    projected: {
      batch: await keptBatch(model, 'projected', batch),
      ours: open({ freezeBackbone: true, freezeEncoder: false }),
    },
    memory: {
      batch: await keptBatch(model, 'memory', batch),
      ours: open({ freezeBackbone: true, freezeEncoder: true }),
    },
  };
  const takeKept = (stage: FrozenStage) => kept[stage].ours.take(kept[stage].batch);
  const stock = stockOf(from, signal);
  const first = { ours: await ours.take(batch), stock: await stock.take(batch) };
  // What is replayed is replayed from the second step on.
  await ours.take(batch);
  for (const [stage] of [...KEPT_STAGES, ...KEPT_STAGES]) await takeKept(stage);
  if (Math.abs(first.ours.loss - first.stock.loss) > 1e-3 * first.stock.loss) {
    throw new StudioError(
      'internal',
      `Ours loses ${first.ours.loss} and the peer ${first.stock.loss} on the same batch.`,
    );
  }
  const times: Record<Timed, number[]> = { ours: [], stock: [], projected: [], memory: [] };
  const hosts: number[] = [];
  const peerHosts: number[] = [];
  let counts: Partial<Record<Timed, GpuCounts>> = {};
  for (let round = 0; round < ROUNDS; round++) {
    const mine = await ours.take(batch);
    const peer = await stock.take(batch);
    const [projected, memory] = [await takeKept('projected'), await takeKept('memory')];
    session.throwIfFailed();
    times.ours.push(mine.ms);
    times.stock.push(peer.ms);
    times.projected.push(projected.ms);
    times.memory.push(memory.ms);
    hosts.push(mine.hostMs);
    peerHosts.push(peer.hostMs);
    counts = { ours: mine.counts, stock: peer.counts, projected: projected.counts, memory: memory.counts };
    const figures = { ours: mine, 'on kept features': projected, stock: peer };
    const words = Object.entries(figures).map(([name, { ms }]) => `${name} ${ms.toFixed(0)} ms`);
    say(`round ${round + 1} of ${ROUNDS}: ${words.join(', ')}`);
  }
  for (const { dispose } of [stock, kept.projected.ours, kept.memory.ours]) dispose();
  const rows: BenchRow[] = [
    row('step, tiny, batch 4, 160 px', median(times.ours), median(times.stock), 'ms'),
    row('first step, programs compiled', first.ours.ms, first.stock.ms, 'ms'),
    row('host, until a step is submitted', median(hosts), median(peerHosts), 'ms'),
    row('dispatches', counts.ours?.dispatches, counts.stock?.dispatches, 'a step'),
    row('submits', counts.ours?.submits, counts.stock?.submits, 'a step'),
    row('readbacks', counts.ours?.readbacks, counts.stock?.readbacks, 'a step'),
  ];
  for (const [stage, name] of KEPT_STAGES) {
    rows.push(
      row(`step on kept features, ${name}`, median(times[stage]), undefined, 'ms'),
      row(`full step : step on kept features, ${name}`, median(times.ours) / median(times[stage]), undefined, 'times'),
      row(`dispatches on kept features, ${name}`, counts[stage]?.dispatches, undefined, 'a step'),
    );
  }
  rows.push(...(await soak(session, ours, say)));
  ours.dispose();
  return rows;
}

async function soak(session: GpuSession, ours: Trainer, say: (line: string) => void): Promise<BenchRow[]> {
  const batches = MIXED.map((size) => paintedBatch(size, 1));
  for (let i = 0; i < 2 * MIXED.length; i++) await ours.take(batches[i % MIXED.length] ?? paintedBatch(SIZE, 1));
  const before = { tensors: tf.memory().numTensors, bytes: session.allocatedBytes() };
  for (let i = 0; i < SOAK_STEPS; i++) {
    await ours.take(batches[i % MIXED.length] ?? paintedBatch(SIZE, 1));
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

function stockOf({ config, weights }: Checkpoint, signal: AbortSignal) {
  const model = new DetrForObjectDetection(config, weights.values);
  const trainer = new StockTrainer(model, model.parameters.trainable(NOTHING_FROZEN));
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

function row(name: string, ours: number | undefined, stock: number | undefined, unit: string): BenchRow {
  return { name, ours: ours ?? null, stock: stock ?? null, peers: {}, unit };
}
