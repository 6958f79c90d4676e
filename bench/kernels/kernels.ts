import { type GpuSession, tf } from '../../src/tf/index.ts';
import { type Contender, interleave } from '../interleave.ts';
import { openPeak, type PeakWork } from '../peak.ts';
import { type BenchRow, benchLines, spreadRow } from '../report.ts';
import { refuseOtherResults } from '../same-results.ts';
import { mapSpread, type Spread, spreadOf } from '../spread.ts';
import { attentionCases } from './attention.ts';
import { convolutionCases } from './convolution.ts';
import { JAX, jaxContender, jaxResults, openJax } from './jax.ts';
import type { OpenKernel } from './kernel-case.ts';
import { layerNormCases } from './layer-norm.ts';
import { matmulCases } from './matmul.ts';
import { maxPoolCases } from './max-pool.ts';
import { gpuClockContender, tfjsContender, tfjsResults } from './tfjs.ts';

/** Side of the picture whose convolutions are measured: a graphics card has nothing to do at the size that a CPU can wait for. */
const PICTURE_PX = { software: 256, card: 800 };
const ROUNDS = 5;
const SAMPLE_MS = 60;
/** Of the length of a result: f32 sums of up to 25,600 terms, in another order. */
const TOLERANCE = 1e-4;

const PEAK = 'peak';
/** The kernels that are looked at beside the device's peak: what most of a step is made of. */
const ROOFLINE = /^(matmul 1024|conv 3x3, .* 256 to 256)/;

/**
 * Our kernels against stock operations and jax-js, in turn, at the sizes of DETR-R50; then, by the device's own clock, what share of its
 * peak the large ones reach, and on a graphics card every product and convolution. All three have to give the same results before they are
 * measured: throws `internal` where they do not. Throws `signal`'s reason between two samples once it is aborted.
 */
export async function benchKernels(
  session: GpuSession,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  await openJax();
  const { software } = session.adapter;
  const cases = [
    ...matmulCases(),
    ...attentionCases(),
    ...layerNormCases(),
    ...maxPoolCases(software ? PICTURE_PX.software : PICTURE_PX.card),
    ...convolutionCases(software ? PICTURE_PX.software : PICTURE_PX.card),
  ];
  const peak = await openPeak(signal);
  const times: BenchRow[] = [];
  const shares: BenchRow[] = [];
  for (const [i, { name, flop, open }] of cases.entries()) {
    const kernel = await open();
    await refuseOthers(name, kernel);
    const taken = await measure(
      {
        ours: tfjsContender(session, kernel.ours),
        stock: tfjsContender(session, kernel.stock),
        [JAX]: jaxContender(kernel.jax),
      },
      signal,
    );
    times.push(spreadRow(name, taken, 'ms'));
    say(`${i + 1} of ${cases.length}: ${name}, ${inWords(taken)}`);
    if (flop && (!software || ROOFLINE.test(name))) {
      const rows = await sharesOfPeak(name, flop, kernel, peak, signal);
      shares.push(...rows);
      say(benchLines({ adapter: '', suite: '', rows }).slice(2).join('; '));
    }
    session.throwIfFailed();
    for (const { tensor, array } of kernel.operands) {
      tf.dispose(tensor);
      array.dispose();
    }
  }
  return [...times, ...shares];
}

async function refuseOthers(name: string, { ours, stock, jax, jaxAxes }: OpenKernel): Promise<void> {
  const expected = await tfjsResults(stock);
  refuseOtherResults(name, 'ours', await tfjsResults(ours), expected, TOLERANCE);
  refuseOtherResults(name, JAX, await jaxResults(jax, jaxAxes), expected, TOLERANCE);
}

/** What the kernel takes and not what calling it does, its rate, and the share of the peak meanwhile. */
async function sharesOfPeak(
  name: string,
  flop: number,
  kernel: OpenKernel,
  peak: PeakWork,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  const clocked = { ours: gpuClockContender(kernel.ours), stock: gpuClockContender(kernel.stock), [PEAK]: peak };
  const { [PEAK]: ofPeak, ...taken } = await measure(clocked, signal);
  const most = peak.flop / (ofPeak?.median ?? Number.NaN) / 1e6;
  const reached = eachOf(taken, (ms) => flop / ms / 1e6);
  return [
    spreadRow(`${name}, by the device's clock`, taken, 'ms'),
    spreadRow(name, reached, 'GFLOP/s'),
    spreadRow(
      name,
      eachOf(reached, (rate) => (100 * rate) / most),
      `% of ${Math.round(most)} GFLOP/s`,
    ),
  ];
}

async function measure(
  contenders: Readonly<Record<string, Contender>>,
  signal: AbortSignal,
): Promise<Record<string, Spread>> {
  const taken = await interleave(Object.values(contenders), { rounds: ROUNDS, sampleMs: SAMPLE_MS, signal });
  return Object.fromEntries(Object.keys(contenders).map((name, i) => [name, spreadOf(taken[i] ?? [])]));
}

function eachOf(figures: Record<string, Spread>, f: (value: number) => number): Record<string, Spread> {
  return Object.fromEntries(Object.entries(figures).map(([name, spread]) => [name, mapSpread(spread, f)]));
}

function inWords(times: Record<string, Spread>): string {
  return Object.entries(times)
    .map(([name, { median }]) => `${name} ${median.toFixed(2)} ms`)
    .join(', ');
}
