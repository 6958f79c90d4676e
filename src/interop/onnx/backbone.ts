import { batchNormValues } from '../../detr/batch-norm-values.ts';
import { BACKBONE_PREFIX, type BlockSpec, backboneStages } from '../../detr/parameter-specs.ts';
import type { ParameterValues } from '../../detr/parameters.ts';
import type { DetrConfig } from '../../detr/types.ts';
import { permuteConv } from '../key-map.ts';
import type { OnnxGraph } from './graph.ts';

/** A convolution: `shape` is `[out, in, kh, kw]`. */
interface Convolution {
  readonly shape: readonly [number, number, number, number];
  readonly stride: number;
  readonly dilation: number;
}

/** What the backbone's nodes are added to, and where their weights come from. */
export interface BackboneContext {
  readonly graph: OnnxGraph;
  readonly config: DetrConfig;
  readonly values: ParameterValues;
}

/** Adds the ResNet on `pixels` `[B, 3, H, W]`; returns C5, `[B, C, h, w]`. */
export function addBackbone(context: BackboneContext, pixels: string): string {
  const { graph, config } = context;
  const stem = addConvolution(context, `${BACKBONE_PREFIX}conv1`, `${BACKBONE_PREFIX}bn1`, pixels, {
    shape: [config.backbone.embeddingSize, 3, 7, 7],
    stride: 2,
    dilation: 1,
  });
  const active = graph.node('Relu', 'backbone/stem', [stem]);
  const pooled = graph.node('MaxPool', 'backbone/stem', [active], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  });
  return backboneStages(config)
    .flat()
    .reduce((x, block) => addBottleneck(context, block, x), pooled);
}

function addBottleneck(context: BackboneContext, block: BlockSpec, x: string): string {
  const { graph } = context;
  const { prefix, inChannels, midChannels, outChannels, stride, dilation, hasShortcut } = block;
  const scope = scopeOf(prefix);
  const conv = (n: 1 | 2 | 3, from: string, about: Convolution) =>
    addConvolution(context, `${prefix}conv${n}`, `${prefix}bn${n}`, from, about);
  const relu = (from: string) => graph.node('Relu', scope, [from]);
  const a = relu(conv(1, x, { shape: [midChannels, inChannels, 1, 1], stride: 1, dilation: 1 }));
  const b = relu(conv(2, a, { shape: [midChannels, midChannels, 3, 3], stride, dilation }));
  const c = conv(3, b, { shape: [outChannels, midChannels, 1, 1], stride: 1, dilation: 1 });
  const shortcut = hasShortcut
    ? addConvolution(context, `${prefix}downsample.0`, `${prefix}downsample.1`, x, {
        shape: [outChannels, inChannels, 1, 1],
        stride,
        dilation: 1,
      })
    : x;
  return relu(graph.node('Add', scope, [c, shortcut]));
}

/**
 * A convolution with its frozen batch norm folded in: the filter times the scale, and the shift as its bias. Rounds
 * otherwise than our own pass, which scales after the convolution; exact in mathematics.
 */
function addConvolution(
  { graph, values }: BackboneContext,
  conv: string,
  norm: string,
  x: string,
  { shape, stride, dilation }: Convolution,
): string {
  const [out, , kernel] = shape;
  const weight = graph.constant(`${conv}.weight`, 'f32', shape, () => {
    const { scale } = batchNormValues(values, norm);
    const filter = permuteConv(shape, values.get(`${conv}.weight`) ?? new Float32Array(), 'to-checkpoint');
    const each = filter.length / out;
    return filter.map((value, i) => value * (scale[Math.floor(i / each)] ?? 0));
  });
  const bias = graph.constant(`${conv}.bias`, 'f32', [out], () => batchNormValues(values, norm).shift);
  const pad = dilation * Math.floor(kernel / 2);
  return graph.node('Conv', scopeOf(conv), [x, weight, bias], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    dilations: [dilation, dilation],
    pads: [pad, pad, pad, pad],
  });
}

/** `backbone/layer1.0/conv2` of a parameter's name. */
function scopeOf(name: string): string {
  const [stage = '', block = '', ...part] = name.slice(BACKBONE_PREFIX.length).split('.');
  return ['backbone', block === '' ? stage : `${stage}.${block}`, part.join('.')].filter(Boolean).join('/');
}
