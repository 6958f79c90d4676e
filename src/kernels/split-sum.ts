import { type DispatchInput, dispatch, type Tensor } from '../tf/index.ts';
import { ELEMENT_OF_WGSL, ELEMENT_WORKGROUP, elementWorkgroups } from './element-grid.ts';

/** A shared axis that is summed in parts, each `part` steps long but the last. */
export interface Split {
  readonly parts: number;
  readonly part: number;
}

/** From this length on a shared axis is cut, into parts no shorter than `SHORTEST`. */
const LONG = 512;
const SHORTEST = 128;
/** Every tile's depth divides it. */
const STEP = 32;
/** Invocations of 8 x 4 results that already give a card's processors enough to do. */
const ENOUGH = 8192;
const MOST_PARTS = 64;

/**
 * How a sum of `inner` terms for each of `results` is cut so that a card has work for all its processors; null where it has
 * anyway, or the sum is short. Hangs on sizes alone, so that sums are the same on every device.
 */
export function splitOf(results: number, inner: number): Split | null {
  const invocations = Math.ceil(results / 32);
  if (inner < LONG || invocations * 2 > ENOUGH) return null;
  const wanted = Math.min(MOST_PARTS, Math.floor(ENOUGH / invocations), Math.floor(inner / SHORTEST));
  const part = Math.ceil(inner / wanted / STEP) * STEP;
  const parts = Math.ceil(inner / part);
  return parts < 2 ? null : { parts, part };
}

export interface SplitSumOptions {
  /** `[N]` f32, added to each row of N results. */
  readonly bias?: Tensor;
  readonly relu?: boolean;
  /** Sums beside them, in as many parts: `[parts, M]` and where they go, `[M]`. */
  readonly beside?: { readonly parts: Tensor; readonly into: Tensor };
}

/** Adds up `parts` `[parts, ...]` f32 into `into`, always in the same order; all are borrowed. */
export function splitSum(parts: Tensor, into: Tensor, { bias, relu = false, beside }: SplitSumOptions = {}): void {
  const buffers: DispatchInput[] = [
    { name: 'parts', tensor: parts },
    { name: 'y', tensor: into, written: true },
    ...(bias ? [{ name: 'bias', tensor: bias }] : []),
    ...(beside
      ? [
          { name: 'beside_parts', tensor: beside.parts },
          { name: 'beside', tensor: beside.into, written: true },
        ]
      : []),
  ];
  const besideSize = beside?.into.size ?? 0;
  const size = Math.max(into.size, besideSize);
  dispatch({
    key: `split-sum${bias ? '-bias' : ''}${relu ? '-relu' : ''}${beside ? '-beside' : ''}`,
    buffers,
    uniforms: [
      { name: 'size', type: 'u32', value: into.size },
      { name: 'beside_size', type: 'u32', value: besideSize },
      { name: 'columns', type: 'u32', value: bias?.size ?? 1 },
      { name: 'count', type: 'u32', value: parts.size / into.size },
    ],
    wgsl: /* wgsl */ `
${ELEMENT_OF_WGSL}
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = element_of(id);
  if (i < params.size) {
    var sum = ${bias ? 'bias[i % params.columns]' : '0.0'};
    for (var part = 0u; part < params.count; part++) { sum += parts[part * params.size + i]; }
    y[i] = ${relu ? 'select(sum, 0.0, sum < 0.0)' : 'sum'};
  }
  ${
    beside
      ? `if (i < params.beside_size) {
    var sum = 0.0;
    for (var part = 0u; part < params.count; part++) { sum += beside_parts[part * params.beside_size + i]; }
    beside[i] = sum;
  }`
      : ''
  }
}`,
    workgroups: elementWorkgroups(size),
  });
}
