import { hash32, unitFloat } from '../base/hash.ts';
import { type ParameterSpec, parameterSpecs } from './parameter-specs.ts';
import { gpuShape, type ParameterValues } from './parameters.ts';
import type { DetrConfig } from './types.ts';

/**
 * Seeded random weights for a model that starts from nothing, in the GPU's layout.
 *
 * As the reference draws them: Xavier-uniform for every matrix of the transformer, a unit normal for the queries, He-normal
 * (fan out) for the backbone's convolutions, ones and zeros for norms and biases (models/transformer.py of
 * facebookresearch/detr at 29901c5; torchvision's ResNet). Each tensor has a stream of its own, from its name, so that
 * one more layer leaves the others as they were.
 */
export function randomParameters(config: DetrConfig, seed: number): ParameterValues {
  return new Map(parameterSpecs(config).map((spec) => [spec.name, draw(spec, streamOf(seed, spec.name))]));
}

/** A seed for the tensor of that name alone. */
function streamOf(seed: number, name: string): number {
  return [...name].reduce((stream, letter) => hash32(stream, letter.codePointAt(0) ?? 0), seed);
}

/** Xavier-uniform over a `[out, in]` matrix: within +- sqrt(6 / (in + out)). */
export function xavierUniform(out: number, inC: number, seed: number): Float32Array {
  const bound = Math.sqrt(6 / (inC + out));
  return Float32Array.from({ length: out * inC }, (_, i) => (2 * unitFloat(hash32(seed, i)) - 1) * bound);
}

function draw({ name, shape, role }: ParameterSpec, seed: number): Float32Array {
  const size = shape.reduce((product, n) => product * n, 1);
  const [first = 1, second = 1, kh = 1, kw = 1] = shape;
  if (name.endsWith('running_var') || (shape.length === 1 && name.endsWith('weight')))
    return new Float32Array(size).fill(1);
  if (shape.length === 1) return new Float32Array(size);
  if (name === 'model.query_position_embeddings.weight') return normal(size, 1, seed);
  if (role === 'frozen' || role === 'backbone') {
    // Independent draws: their order, and so the layout, does not matter.
    return normal(
      gpuShape(shape).reduce((product, n) => product * n, 1),
      Math.sqrt(2 / (first * kh * kw)),
      seed,
    );
  }
  return xavierUniform(first, second, seed);
}

/** Box and Muller's transform of two uniform draws. */
function normal(size: number, deviation: number, seed: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log(1 - unitFloat(hash32(seed, i, 0))));
    return deviation * radius * Math.cos(2 * Math.PI * unitFloat(hash32(seed, i, 1)));
  });
}
