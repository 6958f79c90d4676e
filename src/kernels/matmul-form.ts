import { eachRow, type RegisterTile, reluOf } from './register-tile.ts';

/** What of a product is written into its program's text. */
export interface MatmulForm {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly vecA: boolean;
  readonly vecB: boolean;
  readonly vecY: boolean;
  /** K is no multiple of four. */
  readonly tail: boolean;
  readonly bias: boolean;
  readonly relu: boolean;
  readonly rowSums: boolean;
  /** Each `z` sums over a part of K, and writes a result of its own. */
  readonly split: boolean;
}

const STEPS = [0, 1, 2, 3];

/** What of a program's key the form makes. */
export function formKey(form: MatmulForm): string {
  return Object.values(form).map(Number).join('');
}

/** WGSL of four numbers of an operand from `at` on, of which `left` are there. */
export function readOperand(form: MatmulForm, name: 'a' | 'b', at: string, left: string): string {
  const isVec = name === 'a' ? form.vecA : form.vecB;
  return isVec ? `${name}[(${at}) >> 2u]` : `${name}_edge(${at}, ${left})`;
}

/** WGSL: the functions that `readOperand` and `matmulResults` call. */
export function matmulFunctions({ vecA, vecB, vecY }: MatmulForm): string {
  return /* wgsl */ `
${vecA ? '' : edge('a')}
${vecB ? '' : edge('b')}
fn put(at: u32, value: vec4<f32>, left: u32) {
  ${vecY ? 'y[at >> 2u] = value;' : STEPS.map((q) => `if (left > ${q}u) { y[at + ${q}u] = value[${q}]; }`).join(' ')}
}`;
}

/** Four elements from `at` on, of which `left` are there; the others are 0. */
function edge(name: string): string {
  return `fn ${name}_edge(at: u32, left: u32) -> vec4<f32> {
  return vec4<f32>(${STEPS.map((q) => `select(0.0, ${name}[at + ${q}u], left > ${q}u)`).join(', ')});
}`;
}

/** WGSL of the sums over rows of the left operand, of which the invocations of the first column take care. */
export function declareRowSums({ rowSums }: MatmulForm, tile: RegisterTile): string {
  return rowSums ? eachRow(tile, (i) => `var sum_${i} = 0.0;`) : '';
}

/** WGSL that adds four steps of each row to those sums. */
export function addRowSums({ rowSums }: MatmulForm, tile: RegisterTile, a: (row: number, k: number) => string): string {
  if (!rowSums) return '';
  const sums = eachRow(tile, (i) => `sum_${i} += ${STEPS.map((k) => a(i, k)).join(' + ')};`);
  return `if (column_0 == 0u) { ${sums} }`;
}

/** WGSL that writes the sums `acc_ROW_COLUMN`, from `row` and each `column_COLUMN` on, of the product or the part of that number. */
export function matmulResults({ bias, relu, rowSums, split }: MatmulForm, tile: RegisterTile, z: string): string {
  const columns = [...Array(tile.columns).keys()];
  const added = columns.map(
    (j) => `let added_${j} = vec4<f32>(${STEPS.map((q) => `bias[column_${j} + ${q}u]`).join(', ')});`,
  );
  const result = (i: number, j: number) => {
    const y = `y_${i}_${j}`;
    return `let ${y} = acc_${i}_${j}${bias ? ` + added_${j}` : ''};
  if (row + ${i}u < params.M && column_${j} < params.N) {
    put((${z} * params.M + row + ${i}u) * params.N + column_${j}, ${relu ? reluOf(y) : y}, params.N - column_${j});
  }`;
  };
  const sumAt = (i: number) => (split ? `${z} * params.M + row + ${i}u` : `row + ${i}u`);
  const sums = eachRow(tile, (i) => `if (row + ${i}u < params.M) { row_sums[${sumAt(i)}] = sum_${i}; }`);
  return `${bias ? added.join('\n') : ''}
  ${eachRow(tile, (i) => columns.map((j) => result(i, j)).join('\n'))}
  ${rowSums ? `if (column_0 == 0u) { ${sums} }` : ''}`;
}
