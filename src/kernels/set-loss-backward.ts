import { dispatch, emptyTensor, type Tensor, type Tensor1D, type Tensor4D } from '../tf/index.ts';
import { ELEMENT_OF_WGSL, ELEMENT_WORKGROUP, elementWorkgroups } from './element-grid.ts';
import { type SetLossTerms, vec4s } from './set-loss-terms.ts';

/**
 * One invocation a logit, a layer in each z of the dispatch; the first of a query writes its box too. `K` is in the text,
 * since a division by a constant is cheap.
 */
function wgsl(K: number): string {
  return /* wgsl */ `
${ELEMENT_OF_WGSL}
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let element = element_of(id);
  if (element >= params.size) { return; }
  let row = id.z * params.queries + element / ${K}u;
  let k = element % ${K}u;
  let i = id.z * params.size + element;
  let term = terms[2u * row + 1u];
  let scale = dy[0] * term.x * scales[id.z];
  d_logits[i] = scale * (exp(logits[i] - term.z) - select(0.0, 1.0, f32(k) == term.y));
  if (k == 0u) { d_boxes[row] = dy[0] * scales[params.layers] * box_gradients[row]; }
}`;
}

/**
 * The gradients of `fusedSetLoss` in `logits` `[L,B,Q,K]` and boxes `[L,B,Q,4]`, f32, the caller's: one dispatch.
 *
 * `dy` is a scalar; `scales` `[L+1]` f32 holds 1 / the class weights of each layer, then 1 / the number of targets.
 */
export function setLossGradients(
  dy: Tensor,
  logits: Tensor4D,
  { terms, boxGradients }: SetLossTerms,
  scales: Tensor1D,
): [dLogits: Tensor, dBoxes: Tensor] {
  const [L, B, Q, K] = logits.shape;
  const dLogits = emptyTensor(logits.shape);
  const dBoxes = emptyTensor([L, B, Q, 4]);
  dispatch({
    key: `set-loss-gradient-${K}`,
    buffers: [
      { name: 'logits', tensor: logits },
      vec4s('terms', terms),
      { name: 'scales', tensor: scales },
      vec4s('box_gradients', boxGradients),
      { name: 'dy', tensor: dy },
      { name: 'd_logits', tensor: dLogits, written: true },
      vec4s('d_boxes', dBoxes, true),
    ],
    uniforms: [
      { name: 'size', type: 'u32', value: B * Q * K },
      { name: 'queries', type: 'u32', value: B * Q },
      { name: 'layers', type: 'u32', value: L },
    ],
    wgsl: wgsl(K),
    workgroups: [...elementWorkgroups(B * Q * K), L],
  });
  return [dLogits, dBoxes];
}
