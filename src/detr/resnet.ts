import { type ConvBatchNormOptions, convBatchNorm, convBatchNormComposed } from '../kernels/conv-batch-norm.ts';
import { canConvolve } from '../kernels/convolution.ts';
import type { ConvolutionShape } from '../kernels/convolution-shape.ts';
import { maxPool3x3 } from '../kernels/max-pool.ts';
import { type Tensor4D, tf } from '../tf/index.ts';
import type { Trace } from './layers.ts';
import { BACKBONE_PREFIX, type BlockSpec, backboneStages } from './parameter-specs.ts';
import type { DetrParameters } from './parameters.ts';
import { recomputed } from './recompute.ts';
import type { DetrConfig } from './types.ts';

/** Output of the stem and the first stage, which are never trained. `[B, ceil(H/4), ceil(W/4), C]` f32; the caller's. */
export function frozenStages(p: DetrParameters, config: DetrConfig, pixels: Tensor4D, trace?: Trace): Tensor4D {
  return tf.tidy(() => {
    const names = { conv: `${BACKBONE_PREFIX}conv1`, norm: `${BACKBONE_PREFIX}bn1` };
    const stem = convolution(
      p,
      names,
      pixels,
      { kernel: 7, stride: 2, dilation: 1 },
      { relu: true, frozenInput: true },
    );
    const pooled = maxPool3x3(stem);
    trace?.('backbone.stem_pool', pooled);
    return stage(p, backboneStages(config)[0] ?? [], pooled, 'backbone.layer1', trace ? { trace } : {}, false);
  });
}

export interface StageOptions {
  /** Nothing inside a block is kept for its gradient, see `recomputed`. */
  readonly recompute?: boolean;
  readonly trace?: Trace;
}

/** Stages 2 to 4 on the output of `frozenStages`; returns C5, `[B, h, w, C]` f32, stride 32 (16 where dilated). */
export function trainedStages(
  p: DetrParameters,
  config: DetrConfig,
  x: Tensor4D,
  options: StageOptions = {},
): Tensor4D {
  return backboneStages(config)
    .slice(1)
    .reduce((features, blocks, s) => stage(p, blocks, features, `backbone.layer${s + 2}`, options, s === 0), x);
}

/** The first block of a stage whose input is frozen has no gradient to give on. */
function stage(
  p: DetrParameters,
  blocks: readonly BlockSpec[],
  x: Tensor4D,
  name: string,
  { recompute = false, trace }: StageOptions,
  inputIsFrozen: boolean,
): Tensor4D {
  const out = blocks.reduce((features, block, i) => {
    const frozenInput = inputIsFrozen && i === 0;
    const apply = (input: Tensor4D) => bottleneck(p, block, input, frozenInput);
    const result = recompute
      ? recomputed({ apply, variables: p.trainedUnder(block.prefix), frozenInput }, features)
      : apply(features);
    // What a gradient needs of it, its tape holds.
    if (i > 0) features.dispose();
    return result;
  }, x);
  trace?.(name, out);
  return out;
}

/**
 * 1x1, 3x3 and 1x1 convolutions with a shortcut (He et al. 2015, figure 5); the stride stands on the 3x3. What comes from
 * frozen stages gets no gradient. Without one, what lies inside is freed at once.
 */
function bottleneck(p: DetrParameters, block: BlockSpec, x: Tensor4D, frozenInput: boolean): Tensor4D {
  return tf.tidy(() => {
    const { prefix, stride, dilation, hasShortcut } = block;
    const conv1 = { conv: `${prefix}conv1`, norm: `${prefix}bn1` };
    const a = convolution(p, conv1, x, { kernel: 1, stride: 1, dilation: 1 }, { relu: true, frozenInput });
    const conv2 = { conv: `${prefix}conv2`, norm: `${prefix}bn2` };
    const b = convolution(p, conv2, a, { kernel: 3, stride, dilation }, { relu: true });
    const down = { conv: `${prefix}downsample.0`, norm: `${prefix}downsample.1` };
    const residual = hasShortcut
      ? convolution(p, down, x, { kernel: 1, stride, dilation: 1 }, { relu: false, frozenInput })
      : x;
    const conv3 = { conv: `${prefix}conv3`, norm: `${prefix}bn3` };
    return convolution(p, conv3, b, { kernel: 1, stride: 1, dilation: 1 }, { relu: true, residual });
  });
}

/**
 * A convolution with its frozen batch norm: conv(x, W) s + (b - mean s), s = w / sqrt(var + eps).
 *
 * Scaled after the convolution, as the reference does it: folding s into W is one product less and as exact, but rounds
 * otherwise, and where an activation is within a rounding of zero ReLU then passes or stops a whole gradient.
 */
function convolution(
  p: DetrParameters,
  names: { readonly conv: string; readonly norm: string },
  x: Tensor4D,
  shape: ConvolutionShape,
  options: Omit<ConvBatchNormOptions, 'scale' | 'shift'>,
): Tensor4D {
  const filter = p.get<Tensor4D>(`${names.conv}.weight`); // [k, k, in, out]
  const apply = canConvolve(filter) ? convBatchNorm : convBatchNormComposed;
  return apply(x, filter, shape, { ...p.batchNorm(names.norm), ...options });
}
