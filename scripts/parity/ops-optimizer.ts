import { adamwRates, adamwUpdate } from '../../src/kernels/adamw.ts';
import { guardStep, openGuard } from '../../src/kernels/step-guard.ts';
import { sumsOfSquares } from '../../src/kernels/sum-of-squares.ts';
import { tf, UniformInput } from '../../src/tf/index.ts';
import { learningRates } from '../../src/train/schedule.ts';
import { type Check, compare, compareNumber } from './check.ts';
import { goldenJson } from './golden-files.ts';

/** A tensor of any rank as nested lists. */
type Nested = number | readonly Nested[];

interface GoldenOptimizer {
  readonly adamw: {
    /** `lr` is that of the first tensor, `lr2` that of the others. */
    readonly hyper: { lr: number; lr2: number; wd: number; betas: [number, number]; eps: number };
    readonly params0: readonly Nested[];
    readonly history: readonly Readonly<Record<'grads' | 'params' | 'exp_avg' | 'exp_avg_sq', readonly Nested[]>>[];
  };
  readonly clip_grad_norm: readonly {
    readonly max_norm: number;
    readonly grads: readonly Nested[];
    readonly total_norm: number;
    readonly clipped: readonly Nested[];
  }[];
  readonly step_lr: { readonly step_size: number; readonly lr_per_epoch: readonly (readonly [number, number])[] };
}

/** AdamW's kernel over several steps, clipping by the global norm, and the fall of the learning rate. */
export async function* checkOptimizer(folder: string): AsyncGenerator<Check> {
  const golden = await goldenJson<GoldenOptimizer>(folder, 'optim.json');
  for (const i of golden.adamw.params0.keys()) yield* checkAdamw(golden.adamw, i);
  for (const [i, example] of golden.clip_grad_norm.entries()) yield* checkClipping(`clipping ${i}`, example);
  yield* checkSchedule(golden.step_lr);
}

async function* checkAdamw({ hyper, params0, history }: GoldenOptimizer['adamw'], i: number): AsyncGenerator<Check> {
  const [beta1, beta2] = hyper.betas;
  const constants = { beta1, beta2, epsilon: hyper.eps };
  const guard = tf.tensor1d([1, 0, 0, 0]);
  const rates = new UniformInput(new Float32Array(4));
  const lr = i === 0 ? hyper.lr : hyper.lr2;
  const parameter = tensorOf(params0[i]);
  const first = tf.zerosLike(parameter);
  const second = tf.zerosLike(parameter);
  for (const [t, golden] of history.entries()) {
    const gradient = tensorOf(golden.grads[i]);
    rates.write(adamwRates({ lr, weightDecay: hyper.wd, step: t + 1 }, constants));
    adamwUpdate([{ parameter, gradient, first, second }], guard, rates, constants);
    gradient.dispose();
    const name = `AdamW tensor ${i} step ${t + 1}`;
    // A step moves an element by about its rate, and rounds it to 32 bits: a thousandth of the one, and all of the other.
    const expected = flat(golden.params[i]);
    const rounding = (t + 1) * 2 ** -24 * Math.max(...expected.map(Math.abs));
    yield compare(`${name}: parameters`, await parameter.data(), expected, { abs: 1e-3 * lr + rounding });
    yield compare(`${name}: first moment`, await first.data(), flat(golden.exp_avg[i]), { rel: 1e-6 });
    yield compare(`${name}: second moment`, await second.data(), flat(golden.exp_avg_sq[i]), { rel: 1e-6 });
  }
  tf.dispose([parameter, first, second, guard]);
  rates.dispose();
}

async function* checkClipping(
  name: string,
  { max_norm, grads, total_norm, clipped }: GoldenOptimizer['clip_grad_norm'][number],
): AsyncGenerator<Check> {
  const gradients = grads.map(tensorOf);
  const squares = sumsOfSquares(gradients);
  const losses = tf.tensor1d([1]);
  const guard = openGuard();
  guardStep(guard, { squares, losses, batches: 1, clip: max_norm });
  const [factor = Number.NaN, norm = Number.NaN] = await guard.data<'float32'>();
  yield compareNumber(`${name}: norm`, norm, total_norm, { rel: 1e-6 });
  const scaled = grads.flatMap(flat).map((g) => g * factor);
  yield compare(`${name}: gradients`, scaled, clipped.flatMap(flat), { rel: 1e-6 });
  tf.dispose([...gradients, squares, losses, guard]);
}

/** Training drops its rates once: epochs up to the second drop are compared. */
function* checkSchedule({ step_size, lr_per_epoch }: GoldenOptimizer['step_lr']): Generator<Check> {
  const [lr, lrBackbone] = lr_per_epoch[0] ?? [Number.NaN, Number.NaN];
  const compared = lr_per_epoch.slice(0, 2 * step_size);
  const drop = { schedule: 'step', warmupSteps: 0, lrDrop: step_size, steps: compared.length } as const;
  const ours = compared.map((_, epoch) => learningRates(epoch + 1, { lr, lrBackbone, ...drop }));
  yield compare(
    'StepLR, up to the second drop',
    ours.map((r) => r.lr),
    compared.map(([main]) => main),
    { rel: 1e-12 },
  );
  const backbone = compared.map(([, rate]) => rate);
  yield compare(
    'StepLR of the backbone, up to the second drop',
    ours.map((r) => r.lrBackbone),
    backbone,
    { rel: 1e-12 },
  );
}

function flat(nested: Nested | undefined): number[] {
  if (nested === undefined) return [];
  return typeof nested === 'number' ? [nested] : nested.flatMap(flat);
}

function tensorOf(nested: Nested | undefined) {
  return tf.tensor1d(Float32Array.from(flat(nested)));
}
