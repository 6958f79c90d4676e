import { triangleWeights } from './triangle-weights.ts';

// As in triangle-weights.ts: an imported binding is no constant to the engine's compiler, which is a fifth of the time.
const BITS = 22;
const ROUND = 1 << 21;

/** Widens row `y` of a picture into `[outW, 3]` u8. */
export type WidenRow = (y: number, into: Uint8Array) => void;

/** Enlarges rows of a picture `[h, w, 3]` u8 to `outW` pixels, which is at least `w`, as `resizeBilinear` does. */
export function rowWidener(data: Uint8Array, w: number, outW: number): WidenRow {
  const { first, count, weights, taps } = triangleWeights(w, outW);
  // Each output pixel comes from two at most; where it is one, that one counts as both.
  const near = first.map((pixel) => pixel * 3);
  const far = first.map((pixel, x) => (pixel + (count[x] as number) - 1) * 3);
  const nearWeight = first.map((_, x) => weights[x * taps] as number);
  const farWeight = first.map((_, x) => ((count[x] as number) > 1 ? (weights[x * taps + 1] as number) : 0));
  return (y, into) => {
    const row = y * w * 3;
    let to = 0;
    for (let x = 0; x < outW; x += 1) {
      const a = row + (near[x] as number);
      const b = row + (far[x] as number);
      const wa = nearWeight[x] as number;
      const wb = farWeight[x] as number;
      into[to] = (ROUND + Math.imul(data[a] as number, wa) + Math.imul(data[b] as number, wb)) >> BITS;
      into[to + 1] = (ROUND + Math.imul(data[a + 1] as number, wa) + Math.imul(data[b + 1] as number, wb)) >> BITS;
      into[to + 2] = (ROUND + Math.imul(data[a + 2] as number, wa) + Math.imul(data[b + 2] as number, wb)) >> BITS;
      to += 3;
    }
  };
}
