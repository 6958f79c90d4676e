import {
  addRowSums,
  declareRowSums,
  type MatmulForm,
  matmulFunctions,
  matmulResults,
  readOperand,
} from './matmul-form.ts';
import { accumulate, declareTile, eachRow, type RegisterTile } from './register-tile.ts';

const TILE: RegisterTile = { rows: 8, columns: 1 };
const GROUP = { columns: 8, rows: 4 };
const STEP = 4;
const STEPS = [0, 1, 2, 3];

/** Workgroups for `depth` products, or parts of one. */
export function registerGroups(N: number, M: number, depth: number): [number, number, number] {
  return [Math.ceil(N / (4 * TILE.columns * GROUP.columns)), Math.ceil(M / (TILE.rows * GROUP.rows)), depth];
}

/** WGSL of a product of which each invocation keeps 8 x 4 results in registers and reads the operands where they lie. */
export function matmulInRegisters(form: MatmulForm): string {
  const { transposeA, transposeB, tail, split } = form;
  const loadA = transposeA
    ? STEPS.flatMap((q) =>
        [0, 1].map((i) => {
          const read = readOperand(
            form,
            'a',
            `start_a + (k + ${q}u) * params.M + row + ${4 * i}u`,
            `params.M - min(row + ${4 * i}u, params.M)`,
          );
          return `let a_${q}_${i} = ${tail ? `select(vec4<f32>(0.0), ${read}, k + ${q}u < params.K)` : read};`;
        }),
      )
    : [eachRow(TILE, (i) => `let a_${i} = ${readOperand(form, 'a', `start_${i} + k`, 'params.K - k')};`)];
  const loadB = transposeB
    ? [
        ...STEPS.map((q) => {
          const at = `start_b + min(column_0 + ${q}u, params.N - 1u) * params.K + k`;
          return `let t_${q} = ${readOperand(form, 'b', at, 'params.K - k')};`;
        }),
        ...STEPS.map((q) => `let b_${q} = vec4<f32>(t_0[${q}], t_1[${q}], t_2[${q}], t_3[${q}]);`),
      ]
    : STEPS.map((q) => {
        const at = `start_b + (k + ${q}u) * params.N + column_0`;
        return `let b_${q} = ${readOperand(form, 'b', at, 'params.N - column_0')};`;
      });
  const scalarA = (i: number, k: number) => (transposeA ? `a_${k}_${i >> 2}[${i & 3}]` : `a_${i}[${k}]`);
  return /* wgsl */ `
${matmulFunctions(form)}
@compute @workgroup_size(${GROUP.columns}, ${GROUP.rows})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column_0 = id.x * 4u;
  let row = id.y * ${TILE.rows}u;
  if (column_0 >= params.N || row >= params.M) { return; }
  let start_a = ${split ? '0u' : 'id.z * params.batch_a'};
  let start_b = ${split ? '0u' : 'id.z * params.batch_b'};
  ${transposeA ? '' : eachRow(TILE, (i) => `let start_${i} = start_a + min(row + ${i}u, params.M - 1u) * params.K;`)}
  ${declareTile(TILE)}
  ${declareRowSums(form, TILE)}
  let behind = ${split ? 'min(params.K, (id.z + 1u) * params.part)' : 'params.K'};
  for (var k = ${split ? 'id.z * params.part' : '0u'}; k < behind; k += ${STEP}u) {
    ${loadA.join('\n')}
    ${loadB.join('\n')}
    ${accumulate(TILE, STEP, scalarA, (k) => `b_${k}`)}
    ${addRowSums(form, TILE, scalarA)}
  }
  ${matmulResults(form, TILE, 'id.z')}
}`;
}
