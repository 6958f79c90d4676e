import type { DispatchInput, Tensor } from '../tf/index.ts';

/** Invocations of a workgroup that works on whole rows. */
export const ROW_WORKGROUP = 64;

/** How the rows of a tensor lie in memory, and how workgroups take them. */
export interface RowGroups {
  readonly rows: number;
  /** Numbers in a row. */
  readonly d: number;
  /** Vectors in a row. */
  readonly vectors: number;
  /** Numbers in a vector: 4 where the length of a row allows it. */
  readonly width: 1 | 4;
  /** Rows that one workgroup takes; a power of two. */
  readonly rowsPerGroup: number;
  readonly groups: number;
}

/**
 * The rows of `x` `[..., d]` f32, which lie along its last axis. Workgroups take few rows where there are few, so that a
 * graphics card has work for all its processors, and more where there are many, as each then loads its weights less often.
 */
export function rowGroups(x: Tensor): RowGroups {
  const d = x.shape[x.shape.length - 1] ?? 1;
  const rows = x.size / d;
  const width = d % 4 === 0 ? 4 : 1;
  let rowsPerGroup = 16;
  if (rows <= 256) rowsPerGroup = 4;
  else if (rows <= 4096) rowsPerGroup = 8;
  return { rows, d, vectors: d / width, width, rowsPerGroup, groups: Math.ceil(rows / rowsPerGroup) };
}

/** A buffer of a dispatch, read or written in vectors of that width. */
export function vectorBuffer({ width }: RowGroups, name: string, tensor: Tensor, written = false): DispatchInput {
  return { name, tensor, type: width === 4 ? 'vec4<f32>' : 'f32', written };
}

/** WGSL: `V`, a vector of that width, and `total`, the sum of its numbers. */
export function vectorWgsl({ width }: RowGroups): string {
  return width === 4
    ? 'alias V = vec4<f32>;\nfn total(v: V) -> f32 { return (v.x + v.y) + (v.z + v.w); }'
    : 'alias V = f32;\nfn total(v: V) -> f32 { return v; }';
}
