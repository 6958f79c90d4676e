import type { RegisterTile } from './register-tile.ts';

/** A square convolution with the padding that keeps the size at stride 1. */
export interface ConvolutionShape {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}

/** Of pixels. With eight, SwiftShader takes twenty seconds to compile what each pixel's place in the picture needs. */
export const PIXEL_TILE: RegisterTile = { rows: 4, columns: 1 };

const GROUP = { columns: 8, rows: 4 };
/** The four steps of the shared axis, and the four channels of a vec4. */
export const STEPS = [0, 1, 2, 3];

/** What of a program's key the shape makes. */
export function shapeKey({ kernel, stride, dilation }: ConvolutionShape): string {
  return `k${kernel}s${stride}d${dilation}`;
}

/** Sizes as uniforms of their names. */
export function sizes(values: Record<string, number>) {
  return Object.entries(values).map(([name, value]) => ({ name, type: 'i32' as const, value }));
}

/** Workgroups for tiles over `rows` x `columns`, `depth` times. */
export function groups(tile: RegisterTile, columns: number, rows: number, depth: number): [number, number, number] {
  return [Math.ceil(columns / (4 * tile.columns * GROUP.columns)), Math.ceil(rows / (tile.rows * GROUP.rows)), depth];
}

/** Padding at each side, in pixels. */
export function padOf({ kernel, dilation }: ConvolutionShape): number {
  return ((kernel - 1) / 2) * dilation;
}

/** WGSL: the beginning of each program, with the first row and column of the invocation's tile. */
export const main = (
  tile: RegisterTile,
): string => /* wgsl */ `@compute @workgroup_size(${GROUP.columns}, ${GROUP.rows})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = i32(id.x) * 4;
  let row = i32(id.y) * ${tile.rows};`;
