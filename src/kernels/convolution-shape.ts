import type { RegisterTile } from './register-tile.ts';

/** A square convolution with the padding that keeps the size at stride 1. */
export interface ConvolutionShape {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}

/**
 * Of pixels. With eight, SwiftShader takes twenty seconds to compile what each pixel's place in the picture needs; lanes share
 * those places.
 */
export function pixelTile(lanes: number | null): RegisterTile {
  return { rows: lanes ? 8 : 4, columns: 1 };
}

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

/** Padding at each side, in pixels. */
export function padOf({ kernel, dilation }: ConvolutionShape): number {
  return ((kernel - 1) / 2) * dilation;
}
