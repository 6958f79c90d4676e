import { StudioError } from '../base/errors.ts';
import { dispatch, emptyTensor, type Tensor, type Tensor3D, type Tensor4D } from '../tf/index.ts';

/** Bytes of workgroup memory a column (or row) takes. */
const BYTES_PER_ITEM = 7 * 4;

/**
 * One invocation a problem: shortest augmenting paths over the smaller side (rows) into the larger (columns).
 * `N` is the larger of queries and targets, `M` the most targets of an image.
 */
function wgsl(N: number): string {
  return /* wgsl */ `
const NONE = -1;
const FAR = 3.0e38;
const WORST = 1.0e30;
var<workgroup> row_of: array<i32, ${N}>;   // by column: the row that holds it
var<workgroup> col_of: array<i32, ${N}>;   // by row: the column that it holds
var<workgroup> u: array<f32, ${N}>;        // row duals
var<workgroup> v: array<f32, ${N}>;        // column duals
var<workgroup> reach: array<f32, ${N}>;    // by column: length of the shortest path found so far
var<workgroup> via: array<i32, ${N}>;      // by column: the row before it on that path
var<workgroup> done: array<i32, ${N}>;     // by column: 1 once its path is final

// A cost that is no number would send the search round for ever; the loss reports it. Tested by bits: WGSL may assume that
// there are no infinities and no NaN, and leave out any other test.
fn finite_cost(at: i32) -> f32 {
  let is_finite = (bitcast<u32>(cost[at]) & 0x7f800000u) != 0x7f800000u;
  return select(WORST, cost[at], is_finite);
}

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3<u32>) {
  let problem = i32(group.x);
  let Q = params.Q;
  let T = params.T;
  let image = problem % params.B;
  let count = counts[image];
  let flipped = count > Q;                  // more targets than queries: rows are queries then
  let rows = min(Q, count);
  let cols = max(Q, count);
  for (var j = 0; j < cols; j++) { row_of[j] = NONE; v[j] = 0.0; }
  for (var i = 0; i < rows; i++) { col_of[i] = NONE; u[i] = 0.0; }

  for (var start = 0; start < rows; start++) {
    for (var j = 0; j < cols; j++) { reach[j] = FAR; via[j] = NONE; done[j] = 0; }
    var row = start;
    var so_far = 0.0;
    var sink = NONE;
    // Every round finishes one column, so that there are no more rounds than columns.
    for (var round = 0; round < cols && sink == NONE; round++) {
      var nearest = NONE;
      var lowest = FAR;
      for (var j = 0; j < cols; j++) {
        if (done[j] == 1) { continue; }
        let q = select(j, row, flipped);
        let t = select(row, j, flipped);
        let length = so_far + finite_cost((problem * Q + q) * T + t) - u[row] - v[j];
        if (length < reach[j]) { reach[j] = length; via[j] = row; }
        // On a tie a free column ends the search sooner.
        if (reach[j] < lowest || (reach[j] == lowest && row_of[j] == NONE)) { lowest = reach[j]; nearest = j; }
      }
      so_far = lowest;
      done[nearest] = 1;
      if (row_of[nearest] == NONE) { sink = nearest; } else { row = row_of[nearest]; }
    }
    u[start] += so_far;
    for (var j = 0; j < cols; j++) {
      if (done[j] == 0 || j == sink) { continue; }
      u[row_of[j]] += so_far - reach[j];
      v[j] -= so_far - reach[j];
    }
    var col = sink;
    for (var hop = 0; hop < rows; hop++) {
      let i = via[col];
      row_of[col] = i;
      let next = col_of[i];
      col_of[i] = col;
      if (i == start) { break; }
      col = next;
    }
  }

  for (var q = 0; q < Q; q++) { target_of[problem * Q + q] = image * (T + 1) + T; }
  for (var i = 0; i < rows; i++) {
    let j = col_of[i];
    if (j == NONE) { continue; }
    let q = select(j, i, flipped);
    let t = select(i, j, flipped);
    target_of[problem * Q + q] = image * (T + 1) + t;
  }
}`;
}

/**
 * The assignment of targets to queries of least total cost, for each decoder layer and image.
 *
 * `cost` `[L,B,Q,T]` f32, finite, T at least 1; `counts` `[B]` i32, how many of the T targets of an image are real. Returns
 * `[L,B,Q]` i32, the caller's: for each query `image * (T + 1) + t`, its target's place in a `[B, T+1]` list whose last
 * slot an image, `t = T`, means "no object". Where an image has more targets than queries, the cheapest Q are given out.
 * Method: Jonker and Volgenant's shortest augmenting paths, as in D. F. Crouse, "On implementing 2D rectangular assignment
 * algorithms", IEEE TAES 52(4), 2016. Throws `gpu-limit` where the state does not fit into workgroup memory.
 */
export function assignTargets(cost: Tensor4D, counts: Tensor): Tensor3D {
  const [L, B, Q, T] = cost.shape;
  const N = Math.max(Q, T);
  if (N * BYTES_PER_ITEM > 16_384) {
    throw new StudioError(
      'gpu-limit',
      `An image has up to ${T} boxes and the model ${Q} queries; matching holds ${Math.floor(16_384 / BYTES_PER_ITEM)} of either. Leave out pictures with more boxes.`,
    );
  }
  const targetOf = emptyTensor([L, B, Q], 'int32') as Tensor3D;
  dispatch({
    key: `assignment-${N}`,
    buffers: [
      { name: 'cost', tensor: cost },
      { name: 'counts', tensor: counts, type: 'i32' },
      { name: 'target_of', tensor: targetOf, type: 'i32', written: true },
    ],
    uniforms: [
      { name: 'B', type: 'i32', value: B },
      { name: 'Q', type: 'i32', value: Q },
      { name: 'T', type: 'i32', value: T },
    ],
    wgsl: wgsl(N),
    workgroups: [L * B],
  });
  return targetOf;
}
