import { convolveBy } from '../../src/kernels/convolution.ts';
import { convolutionFilterGradientBy, convolutionInputGradientBy } from '../../src/kernels/convolution-gradients.ts';
import { matmulBy } from '../../src/kernels/matmul.ts';
import { splitOf } from '../../src/kernels/split-sum.ts';
import { admittedVariants, partsOf, VARIANTS, type Variant } from '../../src/kernels/variants.ts';
import { currentDevice, type GpuSession, type Tensor, type Tensor4D, tf } from '../../src/tf/index.ts';
import { interleave } from '../interleave.ts';
import { type BenchRow, spreadRow } from '../report.ts';
import { type Spread, spreadOf } from '../spread.ts';
import { gpuClockContender, tfjsContender } from './tfjs.ts';

const ROUNDS = 5;
const SAMPLE_MS = 30;

/** One product at one size. */
interface VariantCase {
  readonly name: string;
  readonly variants: readonly Variant[];
  readonly operands: readonly Tensor[];
  run(variant: Variant): Tensor;
}

/**
 * Each variant of products and convolutions, in turn, at sizes of DETR-R50 with a picture of 256 px: `registers` stands as ours, the
 * others as its peers. A graphics card's own clock tells the time. Throws `signal`'s reason between two samples once it is aborted.
 */
export async function benchVariants(
  session: GpuSession,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const open of [...products(), ...convolutions()]) {
    const { name, variants, operands, run } = open();
    const admitted = admittedVariants({ variants }, currentDevice());
    const contenders = admitted.map((variant) => {
      const compute = () => [run(variant)];
      return session.adapter.software ? tfjsContender(session, compute) : gpuClockContender(compute);
    });
    const taken = await interleave(contenders, { rounds: ROUNDS, sampleMs: SAMPLE_MS, signal });
    session.throwIfFailed();
    tf.dispose([...operands]);
    const spreads = admitted.map((variant, i): [string, Spread] => [
      variant === 'registers' ? 'ours' : variant,
      spreadOf(taken[i] ?? []),
    ]);
    rows.push(spreadRow(name, Object.fromEntries(spreads), 'ms'));
    say(`${name}: ${spreads.map(([variant, { median }]) => `${variant} ${median.toFixed(2)} ms`).join(', ')}`);
  }
  return rows;
}

const operand = (shape: number[]): Tensor => tf.randomUniform(shape, -1, 1);

function variantsOf(results: number, inner: number): Variant[] {
  return VARIANTS.filter((variant) => !partsOf(variant).split || splitOf(results, inner) !== null);
}

/** Square products, and the long and narrow ones of a weight's gradient. */
function products(): (() => VariantCase)[] {
  const square = [256, 512, 1024].map((n) => [n, n, n, false] as const);
  const narrow = [
    [256, 256, 2500, true],
    [96, 96, 1600, true],
    [256, 2048, 256, true],
  ] as const;
  return [...square, ...narrow].map(([M, N, K, transposeA]) => () => {
    const [a, b] = [operand(transposeA ? [K, M] : [M, K]), operand([K, N])];
    return {
      name: `${transposeA ? 'left transposed, ' : ''}${M} x ${N} over ${K}`,
      variants: variantsOf(M * N, K),
      operands: [a, b],
      run: (variant) => matmulBy(variant, a, b, { transposeA }),
    };
  });
}

/** Kernel, stride, side of the input, channels in and out. */
const CONVOLUTIONS = [
  [3, 1, 64, 64, 64],
  [1, 1, 64, 256, 64],
  [1, 1, 64, 64, 256],
  [3, 2, 64, 128, 128],
  [3, 1, 32, 128, 128],
  [3, 1, 16, 256, 256],
  [1, 1, 16, 1024, 256],
  [3, 1, 8, 512, 512],
] as const;

function convolutions(): (() => VariantCase)[] {
  const tiles = VARIANTS.filter((variant) => !partsOf(variant).split);
  return CONVOLUTIONS.flatMap(([kernel, stride, side, Cin, Cout]) => {
    const shape = { kernel, stride, dilation: 1 };
    const out = Math.ceil(side / stride);
    const name = `conv ${kernel}x${kernel}${stride > 1 ? ` stride ${stride}` : ''}, ${side}x${side}, ${Cin} to ${Cout}`;
    const x = () => operand([1, side, side, Cin]) as Tensor4D;
    const filter = () => operand([kernel, kernel, Cin, Cout]) as Tensor4D;
    const dy = () => operand([1, out, out, Cout]) as Tensor4D;
    const forward = (): VariantCase => {
      const [pixels, weights, scale, shift] = [x(), filter(), tf.ones([Cout]), tf.zeros([Cout])];
      return {
        name: `${name}, forward`,
        variants: tiles,
        operands: [pixels, weights, scale, shift],
        run: (variant) => convolveBy(variant, pixels, weights, shape, { scale, shift, relu: true }),
      };
    };
    const inputGradient = (): VariantCase => {
      const [gradient, weights] = [dy(), filter()];
      return {
        name: `${name}, dX`,
        variants: tiles,
        operands: [gradient, weights],
        run: (variant) => convolutionInputGradientBy(variant, gradient, weights, shape, [1, side, side, Cin]),
      };
    };
    const filterGradient = (): VariantCase => {
      const [pixels, gradient] = [x(), dy()];
      return {
        name: `${name}, dW`,
        variants: variantsOf(kernel ** 2 * Cin * Cout, out ** 2),
        operands: [pixels, gradient],
        run: (variant) => convolutionFilterGradientBy(variant, pixels, gradient, shape),
      };
    };
    return stride === 1 ? [forward, inputGradient, filterGradient] : [forward, filterGradient];
  });
}
