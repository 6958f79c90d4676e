import { StudioError } from '../base/errors.ts';
import { dispatch, emptyTensor, type Tensor, tf } from '../tf/index.ts';
import { layerNormBackward } from './layer-norm-backward.ts';
import { ROW_WORKGROUP, type RowGroups, rowGroups, vectorBuffer, vectorWgsl } from './row-groups.ts';

const EPSILON = 1e-5;

/**
 * First a row is shared by several invocations, then an invocation has a column of the group's rows: its gamma and beta
 * stay in registers, and neighbours read neighbours. Shares are put together as in Chan, Golub and LeVeque 1979 ("Updating
 * formulae and a pairwise algorithm for computing sample variances"), in which nothing cancels.
 */
function wgsl(layout: RowGroups, residual: boolean): string {
  const { vectors, width, d, rowsPerGroup } = layout;
  const parts = ROW_WORKGROUP / rowsPerGroup;
  return /* wgsl */ `
${vectorWgsl(layout)}
var<workgroup> shares: array<vec3<f32>, ${ROW_WORKGROUP}>;   // how many, mean, squared deviations
var<workgroup> moments: array<vec2<f32>, ${rowsPerGroup}>;   // by row: mean, 1 / standard deviation

fn value(at: u32) -> V { return x[at]${residual ? ' + residual[at]' : ''}; }

@compute @workgroup_size(${ROW_WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * ${rowsPerGroup}u;
  let end = min(first + ${rowsPerGroup}u, params.rows);
  let start = min(first + lane / ${parts}u, params.rows - 1u) * ${vectors}u;
  let part = lane % ${parts}u;
  let count = f32((${vectors - 1 + parts}u - part) / ${parts}u * ${width}u);
  var sum = V(0.0);
  for (var c = part; c < ${vectors}u; c += ${parts}u) { sum += value(start + c); }
  let own = total(sum) / max(count, 1.0);
  var squares = V(0.0);
  for (var c = part; c < ${vectors}u; c += ${parts}u) {
    let off = value(start + c) - own;
    squares += off * off;
  }
  shares[lane] = vec3(count, own, total(squares));
  workgroupBarrier();

  if (lane < end - first) {
    var mean = 0.0;
    for (var p = lane * ${parts}u; p < (lane + 1u) * ${parts}u; p++) { mean += shares[p].x * shares[p].y; }
    mean /= ${d}.0;
    var deviations = 0.0;
    for (var p = lane * ${parts}u; p < (lane + 1u) * ${parts}u; p++) {
      let off = shares[p].y - mean;
      deviations += shares[p].z + shares[p].x * off * off;
    }
    let scale = inverseSqrt(deviations / ${d}.0 + ${EPSILON});
    moments[lane] = vec2(mean, scale);
    stats[(first + lane) * 2u] = mean;
    stats[(first + lane) * 2u + 1u] = scale;
  }
  workgroupBarrier();

  for (var c = lane; c < ${vectors}u; c += ${ROW_WORKGROUP}u) {
    let weight = gamma[c];
    let shift = beta[c];
    for (var r = first; r < end; r++) {
      let of_row = moments[r - first];
      y[r * ${vectors}u + c] = (value(r * ${vectors}u + c) - of_row.x) * of_row.y * weight + shift;
    }
  }
}`;
}

function normalised(
  x: Tensor,
  residual: Tensor | null,
  gamma: Tensor,
  beta: Tensor,
): { readonly y: Tensor; readonly stats: Tensor } {
  const layout = rowGroups(x);
  const { rows, vectors, width, rowsPerGroup, groups } = layout;
  const y = emptyTensor(x.shape);
  const stats = emptyTensor([rows, 2]);
  dispatch({
    key: `layer-norm-${residual ? 'sum' : 'one'}-${rowsPerGroup}-${vectors}x${width}`,
    buffers: [
      vectorBuffer(layout, 'x', x),
      ...(residual ? [vectorBuffer(layout, 'residual', residual)] : []),
      vectorBuffer(layout, 'gamma', gamma),
      vectorBuffer(layout, 'beta', beta),
      vectorBuffer(layout, 'y', y, true),
      { name: 'stats', tensor: stats, written: true },
    ],
    uniforms: [{ name: 'rows', type: 'u32', value: rows }],
    wgsl: wgsl(layout, residual !== null),
    workgroups: [groups],
  });
  return { y, stats };
}

/**
 * LayerNorm(x + residual) over the last axis: (v - mean) / sqrt(variance + 1e-5) * gamma + beta, in one dispatch.
 *
 * `x` and `residual` `[..., d]` f32 of one shape, `gamma` and `beta` `[d]` f32; differentiable in each, where `x` and
 * `residual` share one gradient. Borrows its arguments; returns `[..., d]` f32, the caller's. For the gradient it keeps
 * `x`, `residual`, `gamma`, and two numbers a row. Throws `internal` where the shapes do not fit each other, `gpu-limit`
 * past a million rows. Source: Ba, Kiros and Hinton 2016; after each residual as in DETR, appendix A.3.
 */
export function layerNormResidual(x: Tensor, residual: Tensor | null, gamma: Tensor, beta: Tensor): Tensor {
  const d = x.shape[x.shape.length - 1];
  const fits = residual === null || residual.shape.join() === x.shape.join();
  if (!fits || gamma.size !== d || beta.size !== d) {
    throw new StudioError(
      'internal',
      `A layer norm of [${x.shape}] plus [${residual?.shape ?? x.shape}] was given weights [${gamma.shape}] and [${beta.shape}].`,
    );
  }
  const normalise = tf.customGrad((...args) => {
    const inputs = args.slice(0, -1) as Tensor[];
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void; // typed as a tensor by tfjs
    const { y, stats } = normalised(x, residual, gamma, beta);
    save(residual ? [stats, gamma, x, residual] : [stats, gamma, x]);
    return {
      value: y,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [keptStats, keptGamma, keptX, keptResidual = null] = saved as [Tensor, Tensor, Tensor, Tensor?];
        const { dx, dgamma, dbeta } = layerNormBackward(dy, keptX, keptResidual, keptStats, keptGamma);
        return inputs.length === 4 ? [dx, dx.clone(), dgamma, dbeta] : [dx, dgamma, dbeta];
      },
    };
  });
  return residual ? normalise(x, residual, gamma, beta) : normalise(x, gamma, beta);
}

/** The same in stock operations, for tests. */
export function layerNormResidualComposed(x: Tensor, residual: Tensor | null, gamma: Tensor, beta: Tensor): Tensor {
  return tf.tidy(() => {
    const v = residual ? x.add(residual) : x;
    const centred = v.sub(v.mean(-1, true));
    const variance = centred.square().mean(-1, true); // [..., 1]
    return centred.mul(variance.add(EPSILON).rsqrt()).mul(gamma).add(beta);
  });
}
