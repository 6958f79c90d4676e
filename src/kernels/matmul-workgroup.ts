import {
  addRowSums,
  declareRowSums,
  type MatmulForm,
  matmulFunctions,
  matmulResults,
  readOperand,
} from './matmul-form.ts';
import { tileProgram, type WorkgroupTile } from './workgroup-tile.ts';

/** WGSL of a product of which each workgroup computes a tile, with the operands' parts for it in workgroup memory. */
export function matmulInWorkgroups(form: MatmulForm, tile: WorkgroupTile): string {
  const { transposeA, transposeB, split } = form;
  const a = transposeA
    ? readOperand(form, 'a', 'z * params.batch_a + k * params.M + row', 'params.M - min(row, params.M)')
    : readOperand(form, 'a', 'z * params.batch_a + min(row, params.M - 1) * params.K + k', 'params.K - k');
  const b = transposeB
    ? readOperand(form, 'b', 'z * params.batch_b + min(column, params.N - 1) * params.K + k', 'params.K - k')
    : readOperand(form, 'b', 'z * params.batch_b + k * params.N + column', 'params.N - min(column, params.N)');
  return /* wgsl */ `
${matmulFunctions(form)}
fn load_a(z: u32, row: u32, k: u32) -> vec4<f32> {
  if (k >= params.K) { return vec4<f32>(0.0); }
  return ${a};
}
fn load_b(z: u32, k: u32, column: u32) -> vec4<f32> {
  if (k >= params.K) { return vec4<f32>(0.0); }
  return ${b};
}
${tileProgram({
  tile,
  axes: { a: transposeA ? 'rows' : 'shared', b: transposeB ? 'shared' : 'columns' },
  integer: 'u32',
  product: split ? '0u' : 'group.z',
  from: split ? 'group.z * params.part' : '0u',
  to: split ? 'min(params.K, (group.z + 1) * params.part)' : 'params.K',
  declare: declareRowSums(form, tile.registers),
  also: (scalar) => addRowSums(form, tile.registers, scalar),
  results: matmulResults(form, tile.registers, 'group.z'),
})}`;
}
