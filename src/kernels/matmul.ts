import { StudioError } from '../base/errors.ts';
import { type DispatchInput, dispatch, emptyTensor, type Tensor, tf } from '../tf/index.ts';
import { accumulate, declareTile, eachRow, type RegisterTile, reluOf } from './register-tile.ts';

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

const TILE: RegisterTile = { rows: 8, columns: 1 };
const GROUP = { columns: 8, rows: 4 };
const STEP = 4;

/** What of a product is written into its program's text. */
interface Form {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly vecA: boolean;
  readonly vecB: boolean;
  readonly vecY: boolean;
  /** K is no multiple of the step. */
  readonly tail: boolean;
  readonly bias: boolean;
  readonly relu: boolean;
  readonly rowSums: boolean;
}

/**
 * relu(a b + bias): a product of matrices, or of a batch of them, each invocation a tile of 8 x 4 results in registers.
 *
 * `a` `[M,K]` or `[B,M,K]`, `b` `[K,N]` or `[B,K,N]` f32, each with its last two axes swapped where it is transposed; an
 * operand without a batch serves every product of the other's. Returns `[M,N]` or `[B,M,N]`, the caller's; operands are
 * borrowed. No gradient. Sums are in f32, in order of K. Throws `internal` where the inner sizes differ.
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, bias, relu = false, rowSums } = options;
  const left = matrixOf(a, transposeA);
  const right = matrixOf(b, transposeB);
  const [M, K, N] = [left.rows, left.columns, right.columns];
  const batch = Math.max(left.batch, right.batch);
  if (K !== right.rows || (left.batch !== right.batch && Math.min(left.batch, right.batch) !== 1)) {
    throw new StudioError('internal', `A product of [${a.shape}] and [${b.shape}] does not exist.`);
  }
  const form: Form = {
    transposeA,
    transposeB,
    vecA: (transposeA ? M : K) % 4 === 0,
    vecB: (transposeB ? K : N) % 4 === 0,
    vecY: N % 4 === 0,
    tail: K % STEP !== 0,
    bias: bias !== undefined,
    relu,
    rowSums: rowSums !== undefined,
  };
  const y = emptyTensor(a.rank > 2 || b.rank > 2 ? [batch, M, N] : [M, N]);
  const buffers: DispatchInput[] = [
    { name: 'a', tensor: a, type: form.vecA ? 'vec4<f32>' : 'f32' },
    { name: 'b', tensor: b, type: form.vecB ? 'vec4<f32>' : 'f32' },
    { name: 'y', tensor: y, type: form.vecY ? 'vec4<f32>' : 'f32', written: true },
  ];
  if (bias) buffers.push({ name: 'bias', tensor: bias });
  if (rowSums) buffers.push({ name: 'row_sums', tensor: rowSums, written: true });
  dispatch({
    key: `matmul-${Object.values(form).map(Number).join('')}`,
    buffers,
    uniforms: [
      { name: 'M', type: 'u32', value: M },
      { name: 'N', type: 'u32', value: N },
      { name: 'K', type: 'u32', value: K },
      { name: 'batch_a', type: 'u32', value: left.batch > 1 ? M * K : 0 },
      { name: 'batch_b', type: 'u32', value: right.batch > 1 ? K * N : 0 },
    ],
    wgsl: wgsl(form),
    workgroups: [Math.ceil(N / (4 * TILE.columns * GROUP.columns)), Math.ceil(M / (TILE.rows * GROUP.rows)), batch],
  });
  return y;
}

function matrixOf({ shape }: Tensor, transposed: boolean) {
  const [columns = 1, rows = 1, batch = 1] = shape.toReversed();
  return transposed ? { batch, rows: columns, columns: rows } : { batch, rows, columns };
}

function wgsl(form: Form): string {
  const { transposeA, transposeB, vecA, vecB, vecY, tail, bias, relu, rowSums } = form;
  const steps = [0, 1, 2, 3];
  const readA = (at: string, left: string) => (vecA ? `a[(${at}) >> 2u]` : `a_edge(${at}, ${left})`);
  const readB = (at: string, left: string) => (vecB ? `b[(${at}) >> 2u]` : `b_edge(${at}, ${left})`);
  const loadA = transposeA
    ? steps.flatMap((q) =>
        [0, 1].map((i) => {
          const read = readA(
            `start_a + (k + ${q}u) * params.M + row + ${4 * i}u`,
            `params.M - min(row + ${4 * i}u, params.M)`,
          );
          return `let a_${q}_${i} = ${tail ? `select(vec4<f32>(0.0), ${read}, k + ${q}u < params.K)` : read};`;
        }),
      )
    : [eachRow(TILE, (i) => `let a_${i} = ${readA(`start_${i} + k`, 'params.K - k')};`)];
  const loadB = transposeB
    ? [
        ...steps.map(
          (q) =>
            `let t_${q} = ${readB(`start_b + min(column + ${q}u, params.N - 1u) * params.K + k`, 'params.K - k')};`,
        ),
        ...steps.map((q) => `let b_${q} = vec4<f32>(t_0[${q}], t_1[${q}], t_2[${q}], t_3[${q}]);`),
      ]
    : steps.map((q) => `let b_${q} = ${readB(`start_b + (k + ${q}u) * params.N + column`, 'params.N - column')};`);
  const scalarA = (i: number, k: number) => (transposeA ? `a_${k}_${i >> 2}[${i & 3}]` : `a_${i}[${k}]`);
  return /* wgsl */ `
${vecA ? '' : edge('a')}
${vecB ? '' : edge('b')}
@compute @workgroup_size(${GROUP.columns}, ${GROUP.rows})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = id.x * 4u;
  let row = id.y * ${TILE.rows}u;
  if (column >= params.N || row >= params.M) { return; }
  let start_a = id.z * params.batch_a;
  let start_b = id.z * params.batch_b;
  ${transposeA ? '' : eachRow(TILE, (i) => `let start_${i} = start_a + min(row + ${i}u, params.M - 1u) * params.K;`)}
  ${declareTile(TILE)}
  ${rowSums ? eachRow(TILE, (i) => `var sum_${i} = 0.0;`) : ''}
  for (var k = 0u; k < params.K; k += ${STEP}u) {
    ${loadA.join('\n')}
    ${loadB.join('\n')}
    ${accumulate(TILE, STEP, scalarA, (k) => `b_${k}`)}
    ${rowSums ? `if (column == 0u) { ${eachRow(TILE, (i) => `sum_${i} += ${steps.map((k) => scalarA(i, k)).join(' + ')};`)} }` : ''}
  }
  ${bias ? 'let added = vec4<f32>(bias[column], bias[column + 1u], bias[column + 2u], bias[column + 3u]);' : ''}
  ${eachRow(TILE, (i) => {
    const at = `(id.z * params.M + row + ${i}u) * params.N + column`;
    return `let y_${i} = acc_${i}_0${bias ? ' + added' : ''};
  if (row + ${i}u < params.M) { put(${at}, ${relu ? reluOf(`y_${i}`) : `y_${i}`}, params.N - column); }`;
  })}
  ${rowSums ? `if (column == 0u) { ${eachRow(TILE, (i) => `if (row + ${i}u < params.M) { row_sums[row + ${i}u] = sum_${i}; }`)} }` : ''}
}
fn put(at: u32, value: vec4<f32>, left: u32) {
  ${vecY ? 'y[at >> 2u] = value;' : steps.map((q) => `if (left > ${q}u) { y[at + ${q}u] = value[${q}]; }`).join(' ')}
}`;
}

/** Four elements from `at` on, of which `left` are there; the others are 0. */
function edge(name: string): string {
  return `fn ${name}_edge(at: u32, left: u32) -> vec4<f32> {
  return vec4<f32>(${[0, 1, 2, 3].map((q) => `select(0.0, ${name}[at + ${q}u], left > ${q}u)`).join(', ')});
}`;
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
