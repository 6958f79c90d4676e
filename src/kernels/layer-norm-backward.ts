import { dispatch, emptyTensor, type Tensor, type Tensor1D } from '../tf/index.ts';
import { ROW_WORKGROUP, type RowGroups, rowGroups, vectorBuffer, vectorWgsl } from './row-groups.ts';

/** Gradients of a layer normalisation; the caller's. */
export interface LayerNormGradients {
  /** `[..., d]`: of `x`, and of the residual. */
  readonly dx: Tensor;
  readonly dgamma: Tensor1D;
  readonly dbeta: Tensor1D;
}

/**
 * First a row is shared by several invocations, which find the two means that dx needs. Then an invocation has a column:
 * it writes dx down the group's rows, and finds their part of dgamma and dbeta on the way.
 */
function rowsWgsl(layout: RowGroups, residual: boolean): string {
  const { vectors, d, rowsPerGroup } = layout;
  const parts = ROW_WORKGROUP / rowsPerGroup;
  return /* wgsl */ `
${vectorWgsl(layout)}
var<workgroup> shares: array<vec2<f32>, ${ROW_WORKGROUP}>;
var<workgroup> means: array<vec2<f32>, ${rowsPerGroup}>;   // by row: of dy * gamma, and of that times the normalised

fn normalised(at: u32, mean: f32, scale: f32) -> V { return (x[at]${residual ? ' + residual[at]' : ''} - mean) * scale; }

@compute @workgroup_size(${ROW_WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * ${rowsPerGroup}u;
  let end = min(first + ${rowsPerGroup}u, params.rows);
  let row = min(first + lane / ${parts}u, params.rows - 1u);
  let mean = stats[row * 2u];
  let scale = stats[row * 2u + 1u];
  var straight = V(0.0);
  var crossed = V(0.0);
  for (var c = lane % ${parts}u; c < ${vectors}u; c += ${parts}u) {
    let g = dy[row * ${vectors}u + c] * gamma[c];
    straight += g;
    crossed += g * normalised(row * ${vectors}u + c, mean, scale);
  }
  shares[lane] = vec2(total(straight), total(crossed));
  workgroupBarrier();
  if (lane < ${rowsPerGroup}u) {
    var sums = vec2(0.0);
    for (var p = lane * ${parts}u; p < (lane + 1u) * ${parts}u; p++) { sums += shares[p]; }
    means[lane] = sums / ${d}.0;
  }
  workgroupBarrier();

  for (var c = lane; c < ${vectors}u; c += ${ROW_WORKGROUP}u) {
    let weight = gamma[c];
    var dgamma = V(0.0);
    var dbeta = V(0.0);
    for (var r = first; r < end; r++) {
      let at = r * ${vectors}u + c;
      let row_scale = stats[r * 2u + 1u];
      let n = normalised(at, stats[r * 2u], row_scale);
      let upstream = dy[at];
      dgamma += upstream * n;
      dbeta += upstream;
      dx[at] = row_scale * (upstream * weight - means[r - first].x - n * means[r - first].y);
    }
    partial[group.x * ${2 * vectors}u + c] = dgamma;
    partial[group.x * ${2 * vectors}u + ${vectors}u + c] = dbeta;
  }
}`;
}

const COLUMNS = 8;
const SLICES = ROW_WORKGROUP / COLUMNS;

/** A workgroup adds up a few columns of the groups' parts, each in slices, so that many invocations share a long column. */
function columnsWgsl(layout: RowGroups): string {
  const { vectors } = layout;
  return /* wgsl */ `
${vectorWgsl(layout)}
var<workgroup> slices: array<V, ${ROW_WORKGROUP}>;

@compute @workgroup_size(${ROW_WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = group.x * ${COLUMNS}u + lane % ${COLUMNS}u;
  var sum = V(0.0);
  if (c < ${2 * vectors}u) {
    for (var g = lane / ${COLUMNS}u; g < params.groups; g += ${SLICES}u) { sum += partial[g * ${2 * vectors}u + c]; }
  }
  slices[lane] = sum;
  workgroupBarrier();
  if (lane >= ${COLUMNS}u || c >= ${2 * vectors}u) { return; }
  for (var s = 1u; s < ${SLICES}u; s++) { sum += slices[s * ${COLUMNS}u + lane]; }
  if (c < ${vectors}u) { dgamma[c] = sum; } else { dbeta[c - ${vectors}u] = sum; }
}`;
}

/**
 * The gradients of `layerNormResidual`: dx = s (g - mean(g) - n mean(g n)) with g = dy gamma, n the normalised value and
 * s = 1 / standard deviation; dgamma and dbeta are the sums of dy n and dy over rows, always in the same order.
 *
 * `dy`, `x` and `residual` `[..., d]` f32; `stats` `[rows, 2]` f32, mean and s of each row; `gamma` `[d]` f32. Two
 * dispatches. Borrows its arguments; the results are the caller's. Throws `gpu-limit` past a million rows.
 */
export function layerNormBackward(
  dy: Tensor,
  x: Tensor,
  residual: Tensor | null,
  stats: Tensor,
  gamma: Tensor,
): LayerNormGradients {
  const layout = rowGroups(x);
  const { rows, d, vectors, width, rowsPerGroup, groups } = layout;
  const dx = emptyTensor(x.shape);
  const partial = emptyTensor([groups, 2, d]);
  dispatch({
    key: `layer-norm-rows-${residual ? 'sum' : 'one'}-${rowsPerGroup}-${vectors}x${width}`,
    buffers: [
      vectorBuffer(layout, 'dy', dy),
      vectorBuffer(layout, 'x', x),
      ...(residual ? [vectorBuffer(layout, 'residual', residual)] : []),
      { name: 'stats', tensor: stats },
      vectorBuffer(layout, 'gamma', gamma),
      vectorBuffer(layout, 'dx', dx, true),
      vectorBuffer(layout, 'partial', partial, true),
    ],
    uniforms: [{ name: 'rows', type: 'u32', value: rows }],
    wgsl: rowsWgsl(layout, residual !== null),
    workgroups: [groups],
  });
  const dgamma = emptyTensor([d]) as Tensor1D;
  const dbeta = emptyTensor([d]) as Tensor1D;
  dispatch({
    key: `layer-norm-columns-${vectors}x${width}`,
    buffers: [
      vectorBuffer(layout, 'partial', partial),
      vectorBuffer(layout, 'dgamma', dgamma, true),
      vectorBuffer(layout, 'dbeta', dbeta, true),
    ],
    uniforms: [{ name: 'groups', type: 'u32', value: groups }],
    wgsl: columnsWgsl(layout),
    workgroups: [Math.ceil((2 * vectors) / COLUMNS)],
  });
  partial.dispose();
  return { dx, dgamma, dbeta };
}
