import { fusedLinear } from '../kernels/linear.ts';
import type { Tensor, Tensor1D, Tensor2D } from '../tf/index.ts';
import type { DetrParameters } from './parameters.ts';

const LAYER_NORM_EPSILON = 1e-5;

/** Sees an intermediate value under its golden name; it may clone what it sees, and disposes nothing. */
export type Trace = (name: string, value: Tensor) => void;

/**
 * relu(x W^T + b) over the last axis, with the ReLU where it is asked for. `x` `[..., in]`, weight `[out, in]`; returns
 * `[..., out]`.
 */
export function linear(p: DetrParameters, name: string, x: Tensor, options: { readonly relu?: boolean } = {}): Tensor {
  const weight = p.get<Tensor2D>(`${name}.weight`);
  const [out, inC] = weight.shape;
  const rows = x.reshape([-1, inC]) as Tensor2D; // [N, in]
  return fusedLinear(rows, weight, p.get<Tensor1D>(`${name}.bias`), options).reshape([...x.shape.slice(0, -1), out]);
}

/** Layer normalisation over the last axis, eps 1e-5. Any `[..., d]`. */
export function layerNorm(p: DetrParameters, name: string, x: Tensor): Tensor {
  const centred = x.sub(x.mean(-1, true));
  const variance = centred.square().mean(-1, true); // [..., 1]
  return centred
    .mul(variance.add(LAYER_NORM_EPSILON).rsqrt())
    .mul(p.get(`${name}.weight`))
    .add(p.get(`${name}.bias`));
}
