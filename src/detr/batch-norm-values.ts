import type { ParameterValues } from './parameters.ts';

/** A batch norm that is not trained, x scale + shift: `[C]` f32 both. */
export interface BatchNormValues {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

const EPSILON = 1e-5;

/** s = w / sqrt(var + eps) and b - mean s, in f32 as the reference does it (torchvision's FrozenBatchNorm2d). */
export function batchNormValues(values: ParameterValues, norm: string): BatchNormValues {
  const part = (name: string): Float32Array => values.get(`${norm}.${name}`) ?? new Float32Array();
  const [weight, bias, mean] = [part('weight'), part('bias'), part('running_mean')];
  const scale = part('running_var').map(
    (variance, i) => (weight[i] ?? 0) * Math.fround(1 / Math.sqrt(Math.fround(variance + EPSILON))),
  );
  const shift = bias.map((value, i) => value - Math.fround((mean[i] ?? 0) * (scale[i] ?? 0)));
  return { scale, shift };
}
