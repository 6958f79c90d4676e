/** Fixed-point digits of a weight: 32 bits, less 8 of a pixel, less 2 for overshoot (Pillow `src/libImaging/Resample.c`). */
export const PRECISION_BITS = 22;
/** A half in fixed point: sums begin with it, so that cutting them off rounds them. */
export const HALF = 1 << (PRECISION_BITS - 1);

/**
 * For each output pixel: the first input pixel, how many there are, which are two at most in an enlargement, and their
 * weights at `i * taps`.
 */
export interface TriangleWeights {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** Fixed point, not negative; an output pixel's sum to one within rounding. */
  readonly weights: Int32Array;
  readonly taps: number;
}

/** PIL's antialiased bilinear filter along one side, in its fixed point (Pillow 9.4 `src/libImaging/Resample.c`). */
export function triangleWeights(inSize: number, outSize: number): TriangleWeights {
  const scale = inSize / outSize;
  const support = Math.max(scale, 1);
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outSize);
  const count = new Int32Array(outSize);
  const weights = new Int32Array(outSize * taps);
  const exact = new Float64Array(taps);
  for (let i = 0; i < outSize; i += 1) {
    const centre = (i + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(inSize, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let k = 0; k < to - from; k += 1) {
      const weight = Math.max(0, 1 - Math.abs((k + from - centre + 0.5) * (1 / support)));
      exact[k] = weight;
      sum += weight;
    }
    for (let k = 0; k < to - from; k += 1) {
      const weight = sum === 0 ? (exact[k] as number) : (exact[k] as number) * (1 / sum);
      weights[i * taps + k] = Math.trunc(0.5 + weight * (1 << PRECISION_BITS));
    }
    // A pixel at the filter's very edge weighs nothing: not worth a pass.
    let used = to - from;
    while (used > 1 && weights[i * taps + used - 1] === 0) used -= 1;
    first[i] = from;
    count[i] = used;
  }
  return { first, count, weights, taps };
}
