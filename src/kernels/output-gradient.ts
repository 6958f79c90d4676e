import { dispatch, emptyTensor, type Tensor } from '../tf/index.ts';
import { ELEMENT_OF_WGSL, ELEMENT_WORKGROUP, elementWorkgroups } from './element-grid.ts';

export interface OutputGradientOptions {
  /** The operation's output, where it ended in a ReLU: what was cut off has no gradient. */
  readonly activated?: Tensor;
  /** `[C]` f32, what each channel (last axis) was multiplied by before that. */
  readonly scale?: Tensor;
  /** Something was added behind the scale, and gets a gradient too. */
  readonly wantsOuter?: boolean;
}

/** The gradient at both sides of the scale, of `dy`'s shape, the caller's. */
export interface OutputGradient {
  /** Behind the scale: what a residual that was added there gets; undefined where nothing was. */
  readonly outer: Tensor | undefined;
  /** Before it: what the product gets. */
  readonly inner: Tensor;
}

/**
 * Takes the gradient of an operation's output back through its ReLU and its scale, in one dispatch.
 *
 * `dy` any shape, f32, borrowed. With neither a ReLU nor a scale it is `dy` itself (a clone).
 */
export function outputGradient(dy: Tensor, options: OutputGradientOptions): OutputGradient {
  const { activated, scale, wantsOuter = false } = options;
  if (!activated && !scale) return { outer: wantsOuter ? dy.clone() : undefined, inner: dy.clone() };
  const inner = emptyTensor(dy.shape);
  const outer = wantsOuter ? emptyTensor(dy.shape) : undefined;
  dispatch({
    key: `output-gradient${activated ? '-relu' : ''}${scale ? '-scaled' : ''}${outer ? '-outer' : ''}`,
    buffers: [
      { name: 'dy', tensor: dy },
      { name: 'inner', tensor: inner, written: true },
      ...(activated ? [{ name: 'activated', tensor: activated }] : []),
      ...(scale ? [{ name: 'scale', tensor: scale }] : []),
      ...(outer ? [{ name: 'outer', tensor: outer, written: true }] : []),
    ],
    uniforms: [
      { name: 'size', type: 'u32', value: dy.size },
      { name: 'channels', type: 'u32', value: dy.shape.at(-1) ?? 1 },
    ],
    wgsl: /* wgsl */ `
${ELEMENT_OF_WGSL}
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = element_of(id);
  if (i >= params.size) { return; }
  let g = ${activated ? 'select(0.0, dy[i], activated[i] > 0.0)' : 'dy[i]'};
  ${outer ? 'outer[i] = g;' : ''}
  inner[i] = ${scale ? 'g * scale[i % params.channels]' : 'g'};
}`,
    workgroups: elementWorkgroups(dy.size),
  });
  return { outer, inner };
}
