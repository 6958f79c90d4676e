import {
  addRowSums,
  declareRowSums,
  type MatmulForm,
  matmulFunctions,
  matmulResults,
  readOperand,
} from './matmul-form.ts';
import {
  accumulate,
  declareTile,
  eachRow,
  leave,
  leaveColumns,
  type RegisterTile,
  registerMain,
  rowReader,
} from './register-tile.ts';

export const MATMUL_TILE: RegisterTile = { rows: 8, columns: 1 };
const STEP = 4;
const STEPS = [0, 1, 2, 3];

/**
 * WGSL of a product of which each invocation keeps 8 x 4 results in registers and reads the operands where they lie; of the
 * left one, where lanes of a subgroup are given, its share.
 */
export function matmulInRegisters(form: MatmulForm, lanes: number | null): string {
  const { transposeA, transposeB, tail, split } = form;
  // Eight vec4 for four steps: each of a row, or each of four rows at one step.
  const reads = rowReader(MATMUL_TILE.rows, lanes);
  const readA = (i: string, place: string) => {
    if (!transposeA) return `let read_${i} = ${readOperand(form, 'a', `start_${i} + k`, 'params.K - k')};`;
    const [step, first] = [`(k + ${place} / 2u)`, `(row + ${place} % 2u * 4u)`];
    const at = `start_a + ${step} * params.M + ${first}`;
    const read = readOperand(form, 'a', at, `params.M - min(${first}, params.M)`);
    return `let read_${i} = ${tail ? `select(vec4<f32>(0.0), ${read}, ${step} < params.K)` : read};`;
  };
  const loadB = transposeB
    ? [
        ...STEPS.map((q) => {
          const at = `start_b + min(column + ${q}u, params.N - 1u) * params.K + k`;
          return `let t_${q} = ${readOperand(form, 'b', at, 'params.K - k')};`;
        }),
        ...STEPS.map((q) => `let b_${q} = vec4<f32>(t_0[${q}], t_1[${q}], t_2[${q}], t_3[${q}]);`),
      ]
    : STEPS.map((q) => {
        const at = `start_b + (k + ${q}u) * params.N + column`;
        return `let b_${q} = ${readOperand(form, 'b', at, 'params.N - min(column, params.N)')};`;
      });
  const scalarA = (i: number, k: number) => (transposeA ? `a_${2 * k + (i >> 2)}[${i & 3}]` : `a_${i}[${k}]`);
  return /* wgsl */ `
${matmulFunctions(form)}
${registerMain(MATMUL_TILE, lanes, 'u32')}
  let column_0 = column;
  ${leave(lanes, 'params.N', 'params.M')}
  let start_a = ${split ? '0u' : 'id.z * params.batch_a'};
  let start_b = ${split ? '0u' : 'id.z * params.batch_b'};
  ${transposeA ? '' : reads.read((i, place) => `let start_${i} = start_a + min(row + ${place}, params.M - 1u) * params.K;`)}
  ${declareTile(MATMUL_TILE)}
  ${declareRowSums(form, MATMUL_TILE)}
  let behind = ${split ? 'min(params.K, (id.z + 1u) * params.part)' : 'params.K'};
  for (var k = ${split ? 'id.z * params.part' : '0u'}; k < behind; k += ${STEP}u) {
    ${reads.read(readA)}
    ${eachRow(MATMUL_TILE, (i) => `let a_${i} = ${reads.of('read', i)};`)}
    ${loadB.join('\n')}
    ${accumulate(MATMUL_TILE, STEP, scalarA, (k) => `b_${k}`)}
    ${addRowSums(form, MATMUL_TILE, scalarA)}
  }
  ${leaveColumns(lanes, 'params.N')}
  ${matmulResults(form, MATMUL_TILE, 'id.z')}
}`;
}
