import { type GpuSession, tf } from '../../src/tf/index.ts';
import { type Contender, interleave } from '../interleave.ts';
import { openPeak } from '../peak.ts';
import { type BenchRow, ours, spreadRow } from '../report.ts';
import { refuseOtherResults } from '../same-results.ts';
import { mapSpread, type Spread, spreadOf } from '../spread.ts';
import { attentionCases } from './attention.ts';
import { convolutionCases } from './convolution.ts';
import { JAX, jaxContender, jaxResults, openJax } from './jax.ts';
import type { KernelCase } from './kernel-case.ts';
import { layerNormCases } from './layer-norm.ts';
import { matmulCases } from './matmul.ts';
import { tfjsContender, tfjsResults } from './tfjs.ts';

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
 * Our kernels against stock operations and jax-js, in turn, at the sizes of DETR-R50; then what share of the device's
 * peak the large ones reach. All three have to give the same results before they are measured: throws `internal` where they
 * do not. Throws `signal`'s reason between two samples once it is aborted.
 */
export async function benchKernels(
  session: GpuSession,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  await openJax();
  const cases = [
    ...matmulCases(),
    ...attentionCases(),
    ...layerNormCases(),
    ...convolutionCases(session.adapter.software ? PICTURE_PX.software : PICTURE_PX.card),
  ];
  const peak = await openPeak(session, signal);
  const times: BenchRow[] = [];
  const rates: BenchRow[] = [];
  const shares: BenchRow[] = [];
  for (const [i, one] of cases.entries()) {
    const isLarge = one.flop !== undefined && ROOFLINE.test(one.name);
    const { [PEAK]: ofPeak, ...taken } = await measure(session, one, isLarge ? { [PEAK]: peak } : {}, signal);
    times.push(spreadRow(one.name, taken, 'ms'));
    say(`${i + 1} of ${cases.length}: ${one.name}, ${inWords(taken)}`);
    if (!ofPeak) continue;
    const reached = eachOf(taken, (ms) => (one.flop ?? 0) / ms / 1e6);
    const most = peak.flop / ofPeak.median / 1e6;
    rates.push(spreadRow(one.name, reached, 'GFLOP/s'), ours('f32 peak meanwhile, as measured', most, 'GFLOP/s'));
    shares.push(
      spreadRow(
        one.name,
        eachOf(reached, (rate) => (100 * rate) / most),
        '% of that peak',
      ),
    );
  }
  return [...times, ...rates, ...shares];
}

async function measure(
  session: GpuSession,
  one: KernelCase,
  beside: Readonly<Record<string, Contender>>,
  signal: AbortSignal,
): Promise<Record<string, Spread>> {
  const kernel = await one.open();
  const expected = await tfjsResults(kernel.stock);
  refuseOtherResults(one.name, 'ours', await tfjsResults(kernel.ours), expected, TOLERANCE);
  refuseOtherResults(one.name, JAX, await jaxResults(kernel.jax, kernel.jaxAxes), expected, TOLERANCE);
  const contenders = {
    ours: tfjsContender(session, kernel.ours),
    stock: tfjsContender(session, kernel.stock),
    [JAX]: jaxContender(kernel.jax),
    ...beside,
  };
  const taken = await interleave(Object.values(contenders), { rounds: ROUNDS, sampleMs: SAMPLE_MS, signal });
  session.throwIfFailed();
  for (const { tensor, array } of kernel.operands) {
    tf.dispose(tensor);
    array.dispose();
  }
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
