import { architectureConfig } from '../src/detr/architectures.ts';
import { randomParameters } from '../src/detr/init.ts';
import { type GpuSession, releasePool } from '../src/tf/index.ts';
import { keptBatch } from './kept-batch.ts';
import { type BenchRow, ours, spreadRow } from './report.ts';
import { spreadOf } from './spread.ts';
import { openTrainer, paintedBatch, type TrainedModel } from './training-step.ts';

/** Steps of one size, by picture's side and pictures; `frozen` starts from the backbone's kept features. */
interface StepSize {
  readonly side: number;
  readonly pictures: number;
  readonly frozen?: boolean;
}

/** A processor takes the better part of a minute for what a card does in one second. */
const SIZES: Readonly<Record<'software' | 'card', readonly StepSize[]>> = {
  software: [
    { side: 256, pictures: 1 },
    { side: 512, pictures: 1 },
    { side: 512, pictures: 1, frozen: true },
  ],
  card: [
    { side: 256, pictures: 1 },
    { side: 512, pictures: 1 },
    { side: 512, pictures: 1, frozen: true },
    { side: 800, pictures: 1 },
    { side: 800, pictures: 2 },
    { side: 800, pictures: 4 },
    { side: 800, pictures: 4, frozen: true },
  ],
};
const ROUNDS = { software: 2, card: 10 };
/** The first is recorded, the second adapts the length of submissions. */
const WARM_UP = 2;

/**
 * Training steps of DETR-R50 with random weights, one size after the other: time, dispatches, submissions, readbacks and bytes of all GPU
 * buffers. Throws `signal`'s reason between two steps once it is aborted.
 */
export async function benchResnet50(
  session: GpuSession,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  const config = architectureConfig('resnet-50', ['object']);
  const model = { config, values: randomParameters(config, 1) };
  const kind = session.adapter.software ? 'software' : 'card';
  const rows: BenchRow[] = [];
  for (const size of SIZES[kind]) {
    const measured = await measure(session, model, size, ROUNDS[kind], signal);
    rows.push(...measured);
    say(measured.map(({ name, ours: value, unit }) => `${name}: ${value?.toFixed(1)} ${unit}`).join('; '));
  }
  return rows;
}

async function measure(
  session: GpuSession,
  model: TrainedModel,
  { side, pictures, frozen = false }: StepSize,
  rounds: number,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  const name = `${side} px, batch ${pictures}${frozen ? ', kept features' : ''}`;
  const pixels = paintedBatch({ h: side, w: side }, pictures);
  const batch = frozen ? await keptBatch(model, 'projected', pixels) : pixels;
  // What other sizes left behind is none of this one's bytes.
  releasePool();
  const trainer = openTrainer(session, model, { freezeBackbone: frozen, freezeEncoder: false }, signal);
  const first = await trainer.take(batch);
  for (let i = 1; i < WARM_UP; i++) await trainer.take(batch);
  const times: number[] = [];
  let last = first;
  for (let round = 0; round < rounds; round++) {
    last = await trainer.take(batch);
    session.throwIfFailed();
    times.push(last.ms);
  }
  trainer.dispose();
  const { dispatches, submits, readbacks, allocatedBytes } = last.counts;
  return [
    spreadRow(`step, ${name}`, { ours: spreadOf(times) }, 'ms'),
    ours(`first step, ${name}`, first.ms, 'ms'),
    ours(`dispatches, ${name}`, dispatches, 'a step'),
    ours(`submits, ${name}`, submits, 'a step'),
    ours(`readbacks, ${name}`, readbacks, 'a step: its log'),
    ours(`GPU buffers, ${name}`, allocatedBytes / 2 ** 20, 'MiB'),
  ];
}
