import { HASH32_WGSL } from '../base/hash.ts';
import type { DispatchInput, DispatchUniform, Tensor4D, UniformInput } from '../tf/index.ts';
import type { DropoutKey } from './dropout.ts';

/** Dropout of the attention weights; its element index is that of the weights, `[B, heads, N, M]`. */
export interface WeightDropout {
  readonly rate: number;
  readonly key: DropoutKey;
}

/** Sizes and options of one attention, as its programs take them. */
export interface AttentionPlan {
  readonly B: number;
  readonly N: number;
  readonly M: number;
  readonly heads: number;
  /** Channels of a head, a multiple of four. */
  readonly width: number;
  readonly keyMask: Tensor4D | undefined;
  readonly dropout: WeightDropout | undefined;
}

export const ATTENTION_WORKGROUP = 64;

/** WGSL of each vec4 of a head, as text. */
export function eachQuarter({ width }: AttentionPlan, text: (quarter: number) => string, separator = ' '): string {
  return [...Array(width / 4).keys()].map(text).join(separator);
}

/** What all programs of one attention begin with. */
export function attentionWgsl(plan: AttentionPlan): string {
  const { heads, width, keyMask, dropout } = plan;
  return /* wgsl */ `
const HEADS = ${heads}u;
const QUARTERS = ${width / 4}u;
const SCALE = ${1 / Math.sqrt(width)};
${dropout ? HASH32_WGSL : ''}
/** What the weight of that element is multiplied by. */
fn kept(element: u32) -> f32 {
  ${dropout ? 'return select(0.0, params.keep_scale, unit_float(hash32(params.seed, dropout_step[0].x, params.place, element)) >= params.rate);' : 'return 1.0;'}
}
fn masked(image: u32, m: u32) -> f32 { ${keyMask ? 'return key_mask[image * params.M + m];' : 'return 0.0;'} }`;
}

export function attentionUniforms({ B, N, M, dropout }: AttentionPlan): DispatchUniform[] {
  const sizes: DispatchUniform[] = [
    { name: 'B', type: 'u32', value: B },
    { name: 'N', type: 'u32', value: N },
    { name: 'M', type: 'u32', value: M },
  ];
  if (!dropout) return sizes;
  const { rate, key } = dropout;
  return [
    ...sizes,
    { name: 'seed', type: 'u32', value: key.seed >>> 0 },
    { name: 'place', type: 'u32', value: key.place },
    { name: 'rate', type: 'f32', value: rate },
    { name: 'keep_scale', type: 'f32', value: 1 / (1 - rate) },
  ];
}

/** The step that the weights' dropout is drawn for. */
export function attentionInputs({ dropout }: AttentionPlan): Record<string, UniformInput> {
  return dropout ? { dropout_step: dropout.key.step } : {};
}

export function attentionKey(name: string, { heads, width, keyMask, dropout }: AttentionPlan): string {
  return `${name}-${heads}x${width}${keyMask ? '-mask' : ''}${dropout ? '-dropout' : ''}`;
}

export function maskBuffers({ keyMask }: AttentionPlan): DispatchInput[] {
  return keyMask ? [{ name: 'key_mask', tensor: keyMask }] : [];
}
