import { StudioError } from '../src/base/errors.ts';
import { dispatch, emptyTensor, type Tensor, tf } from '../src/tf/index.ts';
import type { Contender } from './interleave.ts';
import { gpuClockContender } from './kernels/tfjs.ts';

const WORKGROUP = 64;
const GROUPS = 1024;
/** Independent sums of an invocation, in vec4: what hides an instruction's latency and still fits the registers differs. */
const CHAINS = [4, 8, 16];
/** Steps of each sum between two looks at the loop's counter. */
const UNROLLED = 4;
const PIECE_MS = 20;

/** Work that does nothing but multiply and add in registers: nothing that also reads memory can be faster. */
export interface PeakWork extends Contender {
  /** Of one piece of it. */
  readonly flop: number;
}

/**
 * The form of such a program that is fastest on this device, in f32, in pieces long enough that a submission does not show.
 * Throws `internal` where it computes something else than it should, and `signal`'s reason once that is aborted.
 */
export async function openPeak(signal: AbortSignal): Promise<PeakWork> {
  let best = { rate: 0, work: peakWork(4, 16) };
  for (const chains of CHAINS) {
    await refuseWrongSum(chains);
    for (let rounds = 16, ms = 0; ms < PIECE_MS; rounds *= 2) {
      signal.throwIfAborted();
      const work = peakWork(chains, rounds);
      const start = performance.now();
      ms = (await work.run(1)) ?? performance.now() - start;
      if (work.flop / ms > best.rate) best = { rate: work.flop / ms, work };
    }
  }
  return best.work;
}

function peakWork(chains: number, rounds: number): PeakWork {
  return {
    flop: 2 * 4 * chains * UNROLLED * rounds * WORKGROUP * GROUPS,
    ...gpuClockContender(() => [sumInRegisters(chains, rounds)]),
  };
}

/** Each sum settles at 1, four to a vec4. */
async function refuseWrongSum(chains: number): Promise<void> {
  const y = sumInRegisters(chains, 16);
  const [first] = await tf.tidy(() => y.slice(0, 1)).data();
  y.dispose();
  if (first === 4 * chains) return;
  throw new StudioError('internal', `The program of the peak gave ${first}; expected ${4 * chains}.`);
}

function sumInRegisters(chains: number, rounds: number): Tensor {
  const each = (text: (i: number) => string, separator = '\n') =>
    Array.from({ length: chains }, (_, i) => text(i)).join(separator);
  const step = each((i) => `sum_${i} = fma(sum_${i}, factor, added);`);
  const y = emptyTensor([WORKGROUP * GROUPS]);
  dispatch({
    key: `peak-${chains}`,
    buffers: [{ name: 'y', tensor: y, written: true }],
    // Known at run time alone, so that no compiler sums up beforehand.
    uniforms: [
      { name: 'factor', type: 'f32', value: 0.5 },
      { name: 'added', type: 'f32', value: 0.5 },
      { name: 'rounds', type: 'u32', value: rounds },
    ],
    wgsl: /* wgsl */ `
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let factor = vec4<f32>(params.factor);
  let added = vec4<f32>(params.added);
  ${each((i) => `var sum_${i} = vec4<f32>(f32(id.x + ${i}u));`)}
  for (var round = 0u; round < params.rounds; round++) {
    ${Array.from({ length: UNROLLED }, () => step).join('\n')}
  }
  let all = ${each((i) => `sum_${i}`, ' + ')};
  y[id.x] = all.x + all.y + all.z + all.w;
}`,
    workgroups: [GROUPS],
  });
  return y;
}
