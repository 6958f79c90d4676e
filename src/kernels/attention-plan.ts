import { HASH32_WGSL } from '../base/hash.ts';
import {
  currentDevice,
  type DispatchInput,
  type DispatchUniform,
  type Tensor4D,
  type UniformInput,
} from '../tf/index.ts';
import type { DropoutKey } from './dropout.ts';
import { registerGroup, rowReader } from './register-tile.ts';

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

const WORKGROUP = 64;

/**
 * Lanes of a subgroup that share what they read of the other axis, since they work on the same head; null where each reads for itself. A processor reads
 * for one lane after the other, and a card for all at once what they read of one place.
 */
function sharingLanes(): number | null {
  const { adapter, lanes } = currentDevice();
  return adapter.software ? lanes : null;
}

/** What a program of one invocation for each head and place of an axis, `n` of N or `m` of M, is made of. */
export interface AttentionProgram {
  /** WGSL from `main` on to its `head`, `image` and place. */
  readonly begin: string;
  /** WGSL that ends, before results are written, invocations that were only there to share what they read. */
  readonly leave: string;
  /** WGSL that reads a head's vec4 of a tensor from a place on as `NAME_QUARTER`. */
  read(name: string, tensor: string, place: string): string;
  readonly keySuffix: string;
  readonly enables: readonly string[];
  readonly workgroups: readonly [number, number];
}

export function attentionProgram({ B, N, M, heads, width }: AttentionPlan, place: 'n' | 'm'): AttentionProgram {
  const lanes = sharingLanes();
  const axis = `params.${place.toUpperCase()}`;
  const length = place === 'n' ? N : M;
  const quarters = [...Array(width / 4).keys()];
  if (lanes === null) {
    return {
      begin: /* wgsl */ `
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.B * HEADS * ${axis}) { return; }
  let ${place} = id.x % ${axis};
  let head = id.x / ${axis} % HEADS;
  let image = id.x / (${axis} * HEADS);`,
      leave: '',
      read: (name, tensor, at) => quarters.map((c) => `let ${name}_${c} = ${tensor}[${at} + ${c}u];`).join(' '),
      keySuffix: '',
      enables: [],
      workgroups: [Math.ceil((B * heads * length) / WORKGROUP), 1],
    };
  }
  const group = registerGroup(lanes);
  const reader = rowReader(quarters.length, lanes);
  return {
    begin: /* wgsl */ `
@diagnostic(off, subgroup_uniformity) @compute @workgroup_size(${group.columns}, ${group.rows})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(subgroup_invocation_id) lane: u32) {
  if (id.y >= params.B * HEADS) { return; }
  let ${place} = min(id.x, ${axis} - 1u);
  let head = id.y % HEADS;
  let image = id.y / HEADS;`,
    leave: `if (id.x >= ${axis}) { return; }`,
    read: (name, tensor, at) =>
      [
        reader.read((i, quarter) => `let ${name}_of_${i} = ${tensor}[${at} + ${quarter}];`),
        ...quarters.map((c) => `let ${name}_${c} = ${reader.of(`${name}_of`, c)};`),
      ].join(' '),
    keySuffix: `-lanes${lanes}`,
    enables: ['subgroups'],
    workgroups: [Math.ceil(length / group.columns), Math.ceil((B * heads) / group.rows)],
  };
}

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

export function attentionKey(
  name: string,
  { heads, width, keyMask, dropout }: AttentionPlan,
  { keySuffix }: AttentionProgram,
): string {
  return `${name}-${heads}x${width}${keyMask ? '-mask' : ''}${dropout ? '-dropout' : ''}${keySuffix}`;
}

export function maskBuffers({ keyMask }: AttentionPlan): DispatchInput[] {
  return keyMask ? [{ name: 'key_mask', tensor: keyMask }] : [];
}
