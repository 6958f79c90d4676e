import { type Tensor1D, type Tensor2D, type Tensor4D, tf } from '../tf/index.ts';
import type { Trace } from './layers.ts';
import { BACKBONE_PREFIX, type BlockSpec, backboneStages } from './parameter-specs.ts';
import type { DetrParameters } from './parameters.ts';
import type { DetrConfig } from './types.ts';

const BATCH_NORM_EPSILON = 1e-5;

/** Output of the stem and the first stage, which are never trained. `[B, ceil(H/4), ceil(W/4), C]` f32; the caller's. */
export function frozenStages(p: DetrParameters, config: DetrConfig, pixels: Tensor4D, trace?: Trace): Tensor4D {
  return tf.tidy(() => {
    const stem = tf.relu(
      convBatchNorm(p, `${BACKBONE_PREFIX}conv1`, `${BACKBONE_PREFIX}bn1`, pixels, { kernel: 7, stride: 2 }),
    );
    const pooled = tf.maxPool(stem as Tensor4D, 3, 2, 1);
    trace?.('backbone.stem_pool', pooled);
    return stage(p, backboneStages(config)[0] ?? [], pooled, 'backbone.layer1', trace);
  });
}

/** Stages 2 to 4 on the output of `frozenStages`; returns C5, `[B, h, w, C]` f32, stride 32 (16 where dilated). */
export function trainedStages(p: DetrParameters, config: DetrConfig, x: Tensor4D, trace?: Trace): Tensor4D {
  return backboneStages(config)
    .slice(1)
    .reduce((features, blocks, s) => stage(p, blocks, features, `backbone.layer${s + 2}`, trace), x);
}

function stage(p: DetrParameters, blocks: readonly BlockSpec[], x: Tensor4D, name: string, trace?: Trace): Tensor4D {
  const out = blocks.reduce((features, block) => bottleneck(p, block, features), x);
  trace?.(name, out);
  return out;
}

/** 1x1, 3x3 and 1x1 convolutions with a shortcut (He et al. 2015, figure 5); the stride stands on the 3x3. */
function bottleneck(p: DetrParameters, block: BlockSpec, x: Tensor4D): Tensor4D {
  const { prefix, stride, dilation, hasShortcut } = block;
  const a = tf.relu(convBatchNorm(p, `${prefix}conv1`, `${prefix}bn1`, x, { kernel: 1, stride: 1 }));
  const b = tf.relu(convBatchNorm(p, `${prefix}conv2`, `${prefix}bn2`, a, { kernel: 3, stride, dilation }));
  const c = convBatchNorm(p, `${prefix}conv3`, `${prefix}bn3`, b, { kernel: 1, stride: 1 });
  const shortcut = hasShortcut
    ? convBatchNorm(p, `${prefix}downsample.0`, `${prefix}downsample.1`, x, { kernel: 1, stride })
    : x;
  return tf.relu(c.add(shortcut));
}

interface ConvShape {
  readonly kernel: 1 | 3 | 7;
  readonly stride: number;
  readonly dilation?: number;
}

/**
 * A convolution with frozen batch norm: conv(x, W) s + (b - mean s), s = w / sqrt(var + eps). The batch norm has no gradient.
 *
 * Scaled after the convolution, as the reference does it: folding s into W is one product less and as exact, but rounds
 * otherwise, and where an activation is within a rounding of zero ReLU then passes or stops a whole gradient.
 */
function convBatchNorm(p: DetrParameters, conv: string, norm: string, x: Tensor4D, shape: ConvShape): Tensor4D {
  const scale = p.get<Tensor1D>(`${norm}.weight`).mul(p.get(`${norm}.running_var`).add(BATCH_NORM_EPSILON).rsqrt());
  const shift = p.get<Tensor1D>(`${norm}.bias`).sub(p.get(`${norm}.running_mean`).mul(scale));
  const filter = p.get<Tensor4D>(`${conv}.weight`); // [kh, kw, in, out]
  const { kernel, stride, dilation = 1 } = shape;
  const y =
    kernel === 1
      ? pointwise(x, filter, stride)
      : tf.conv2d(x, filter, stride, padding(kernel, dilation), 'NHWC', dilation);
  return y.mul<Tensor4D>(scale).add(shift);
}

/** A 1x1 convolution as a matrix product, whose gradients tfjs computes much faster. */
function pointwise(x: Tensor4D, filter: Tensor4D, stride: number): Tensor4D {
  // Pooling over one cell takes every stride-th one, and unlike a strided slice it has a gradient.
  const picked = stride === 1 ? x : tf.avgPool(x, 1, stride, 'valid');
  const [B, h, w, inC] = picked.shape;
  const out = filter.shape[3];
  return tf
    .matMul(picked.reshape<Tensor2D>([B * h * w, inC]), filter.reshape<Tensor2D>([inC, out]))
    .reshape([B, h, w, out]);
}

function padding(kernel: number, dilation: number): number {
  return ((kernel - 1) / 2) * dilation;
}
