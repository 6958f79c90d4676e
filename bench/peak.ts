import { StudioError } from '../src/base/errors.ts';
import { dispatch, emptyTensor, type GpuSession, tf } from '../src/tf/index.ts';
import { submit } from './kernels/tfjs.ts';

const WORKGROUP = 64;
const GROUPS = 1024;
/** Independent sums of an invocation, in vec4: what hides an instruction's latency and still fits the registers differs. */
const CHAINS = [4, 8, 16];
/** Steps of each sum between two looks at the loop's counter. */
const UNROLLED = 4;
const SAMPLES = 5;
const SAMPLE_MS = 200;

/**
 * GFLOP/s that the device reaches in f32 when it does nothing but multiply and add in registers: the best of several
 * numbers of independent sums. Nothing that also reads memory can be faster.
 */
export async function measurePeak(session: GpuSession, signal: AbortSignal): Promise<number> {
  let best = 0;
  for (const chains of CHAINS) {
    const rate = async (rounds: number) => {
      signal.throwIfAborted();
      const ms = await timeChains(session, chains, rounds);
      return { ms, gflops: (2 * 4 * chains * UNROLLED * rounds * WORKGROUP * GROUPS) / ms / 1e6 };
    };
    let rounds = 16;
    await rate(rounds);
    for (let { ms } = await rate(rounds); ms < SAMPLE_MS / 4 && rounds < 2 ** 24; { ms } = await rate(rounds))
      rounds *= 2;
    for (let i = 0; i < SAMPLES; i++) best = Math.max(best, (await rate(rounds)).gflops);
  }
  return best;
}

async function timeChains({ device }: GpuSession, chains: number, rounds: number): Promise<number> {
  const each = (text: (i: number) => string) => Array.from({ length: chains }, (_, i) => text(i)).join('\n');
  const y = emptyTensor([WORKGROUP * GROUPS]);
  submit();
  await device.queue.onSubmittedWorkDone();
  const start = performance.now();
  dispatch({
    key: `peak-${chains}`,
    buffers: [{ name: 'y', tensor: y, written: true }],
    // Known at run time alone, so that no compiler does the sum beforehand; it settles at 1.
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
    ${Array.from({ length: UNROLLED }, () => each((i) => `sum_${i} = fma(sum_${i}, factor, added);`)).join('\n')}
  }
  let all = ${Array.from({ length: chains }, (_, i) => `sum_${i}`).join(' + ')};
  y[id.x] = all.x + all.y + all.z + all.w;
}`,
    workgroups: [GROUPS],
  });
  submit();
  await device.queue.onSubmittedWorkDone();
  const ms = performance.now() - start;
  const [first] = await tf.tidy(() => y.slice(0, 1)).data();
  y.dispose();
  if (Math.abs((first ?? Number.NaN) - 4 * chains) > 1e-3 * chains) {
    throw new StudioError('internal', `The peak's program gave ${first}, not ${4 * chains}.`);
  }
  return ms;
}
