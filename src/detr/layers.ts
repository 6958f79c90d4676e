import { layerNormResidual } from '../kernels/layer-norm.ts';
import { fusedLinear, type LinearOptions } from '../kernels/linear.ts';
import type { Tensor, Tensor1D, Tensor2D } from '../tf/index.ts';
import type { DetrParameters } from './parameters.ts';

/** Sees an intermediate value under its golden name; it may clone what it sees, and disposes nothing. */
export type Trace = (name: string, value: Tensor) => void;

/**
 * relu(x W^T + b) over the last axis, with the ReLU where it is asked for, and no gradient for an `x` that is frozen. `x` `[..., in]`, weight `[out, in]`; returns
 * `[..., out]`.
 */
export function linear(
  p: DetrParameters,
  name: string,
  x: Tensor,
  options: Pick<LinearOptions, 'relu' | 'frozenInput'> = {},
): Tensor {
  const weight = p.get<Tensor2D>(`${name}.weight`);
  const [out, inC] = weight.shape;
  const rows = x.reshape([-1, inC]) as Tensor2D; // [N, in]
  return fusedLinear(rows, weight, p.get<Tensor1D>(`${name}.bias`), options).reshape([...x.shape.slice(0, -1), out]);
}

/** Layer normalisation of x + residual over the last axis, eps 1e-5. Both `[..., d]`. */
export function layerNorm(p: DetrParameters, name: string, x: Tensor, residual: Tensor | null = null): Tensor {
  return layerNormResidual(x, residual, p.get(`${name}.weight`), p.get(`${name}.bias`));
}
