import { StudioError } from '../base/errors.ts';
import { type DispatchInput, emptyTensor, type Tensor, tf } from '../tf/index.ts';
import { dispatchProduct } from './dispatch-product.ts';
import { formKey, type MatmulForm } from './matmul-form.ts';
import { MATMUL_TILE, matmulInRegisters } from './matmul-registers.ts';
import { matmulInWorkgroups } from './matmul-workgroup.ts';
import { splitOf, splitSum } from './split-sum.ts';
import { type Problem, partsOf, VARIANTS, type Variant, variantFor } from './variants.ts';

export interface MatmulOptions {
  /** The last two axes of the operand are taken the other way round. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** `[N]` f32, added to each row. */
  readonly bias?: Tensor;
  /** Negative results become 0. */
  readonly relu?: boolean;
  /** `[M]` f32, written: the sum of each row of the left operand. */
  readonly rowSums?: Tensor;
}

/**
 * relu(a b + bias): a product of matrices, or of a batch of them, by the variant that is chosen for its size.
 *
 * `a` `[M,K]` or `[B,M,K]`, `b` `[K,N]` or `[B,K,N]` f32, each with its last two axes swapped where it is transposed; an
 * operand without a batch serves every product of the other's. Returns `[M,N]` or `[B,M,N]`, the caller's; operands are
 * borrowed. No gradient. Sums are in f32, in order of K, or of its parts. Throws `internal` where the inner sizes differ.
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  return matmulBy(variantFor(problemOf(a, b, options)), a, b, options);
}

/** The same by that variant, which the device has to admit and the size to have. */
export function matmulBy(variant: Variant, a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, bias, relu = false, rowSums } = options;
  const { left, M, K, N, batch, right } = sizesOf(a, b, options);
  const split = partsOf(variant).split ? splitOf(M * N, K) : null;
  const form: MatmulForm = {
    transposeA,
    transposeB,
    vecA: (transposeA ? M : K) % 4 === 0,
    vecB: (transposeB ? K : N) % 4 === 0,
    vecY: N % 4 === 0,
    tail: K % 4 !== 0,
    bias: bias !== undefined && split === null,
    relu: relu && split === null,
    rowSums: rowSums !== undefined,
    split: split !== null,
  };
  const y = emptyTensor(a.rank > 2 || b.rank > 2 ? [batch, M, N] : [M, N]);
  const sums = split ? emptyTensor([split.parts, M, N]) : y;
  const sumsOfRows = split && rowSums ? emptyTensor([split.parts, M]) : rowSums;
  const buffers: DispatchInput[] = [
    { name: 'a', tensor: a, type: form.vecA ? 'vec4<f32>' : 'f32' },
    { name: 'b', tensor: b, type: form.vecB ? 'vec4<f32>' : 'f32' },
    { name: 'y', tensor: sums, type: form.vecY ? 'vec4<f32>' : 'f32', written: true },
  ];
  if (bias && form.bias) buffers.push({ name: 'bias', tensor: bias });
  if (sumsOfRows) buffers.push({ name: 'row_sums', tensor: sumsOfRows, written: true });
  dispatchProduct(variant, {
    key: `matmul-${formKey(form)}`,
    buffers,
    uniforms: [
      { name: 'M', type: 'u32', value: M },
      { name: 'N', type: 'u32', value: N },
      { name: 'K', type: 'u32', value: K },
      { name: 'batch_a', type: 'u32', value: left.batch > 1 ? M * K : 0 },
      { name: 'batch_b', type: 'u32', value: right.batch > 1 ? K * N : 0 },
      ...(split ? [{ name: 'part', type: 'u32' as const, value: split.part }] : []),
    ],
    results: [N, M, split?.parts ?? batch],
    inWorkgroups: (tile) => matmulInWorkgroups(form, tile),
    inRegisters: (lanes) => matmulInRegisters(form, lanes),
    registerTile: () => MATMUL_TILE,
  });
  if (split) {
    const beside = rowSums && sumsOfRows ? { parts: sumsOfRows, into: rowSums } : undefined;
    splitSum(sums, y, { ...(bias && { bias }), relu, ...(beside && { beside }) });
    tf.dispose([sums, ...(beside ? [beside.parts] : [])]);
  }
  return y;
}

function sizesOf(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions) {
  const left = matrixOf(a, transposeA);
  const right = matrixOf(b, transposeB);
  const batch = Math.max(left.batch, right.batch);
  if (left.columns !== right.rows || (left.batch !== right.batch && Math.min(left.batch, right.batch) !== 1)) {
    throw new StudioError('internal', `A product of [${a.shape}] and [${b.shape}] does not exist.`);
  }
  return { left, right, batch, M: left.rows, K: left.columns, N: right.columns };
}

function matrixOf({ shape }: Tensor, transposed: boolean) {
  const [columns = 1, rows = 1, batch = 1] = shape.toReversed();
  return transposed ? { batch, rows: columns, columns: rows } : { batch, rows, columns };
}

function problemOf(a: Tensor, b: Tensor, options: MatmulOptions): Problem {
  const { transposeA = false, transposeB = false, relu = false } = options;
  const { M, K, N, batch } = sizesOf(a, b, options);
  const canSplit = batch === 1 && splitOf(M * N, K) !== null;
  const shapes = { a: [...a.shape], b: [...b.shape] };
  const has = { bias: options.bias !== undefined, rowSums: options.rowSums !== undefined };
  return {
    operation: `matmul ${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'}${has.rowSums ? ' row sums' : ''}`,
    rows: M,
    columns: N,
    inner: K,
    products: batch,
    variants: VARIANTS.filter((variant) => canSplit || !partsOf(variant).split),
    open() {
      const x = tf.fill(shapes.a, 1);
      const w = tf.fill(shapes.b, 1);
      const bias = has.bias ? tf.fill([N], 1) : undefined;
      const rowSums = has.rowSums ? tf.fill([M], 0) : undefined;
      const all = { transposeA, transposeB, relu, ...(bias && { bias }), ...(rowSums && { rowSums }) };
      return {
        run: (variant) => matmulBy(variant, x, w, all).dispose(),
        dispose: () => tf.dispose([x, w, ...(bias ? [bias] : []), ...(rowSums ? [rowSums] : [])]),
      };
    },
  };
}

/** The same in stock operations, for tests. */
export function matmulComposed(a: Tensor, b: Tensor, options: Omit<MatmulOptions, 'rowSums'> = {}): Tensor {
  const { transposeA = false, transposeB = false, bias, relu = false } = options;
  return tf.tidy(() => {
    const product = tf.matMul(a, b, transposeA, transposeB);
    const sum = bias ? product.add(bias) : product;
    return relu ? tf.relu(sum) : sum;
  });
}
