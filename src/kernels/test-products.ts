/** A product in double precision, on the CPU: `a` `[M,K]`, `b` `[K,N]`, each the other way round where it is transposed. */
export function productInDouble(
  a: Float32Array,
  b: Float32Array,
  [M, N, K]: readonly [number, number, number],
  transposeA: boolean,
  transposeB: boolean,
): Float64Array {
  const y = new Float64Array(M * N);
  for (let m = 0; m < M; m++)
    for (let n = 0; n < N; n++)
      for (let k = 0; k < K; k++)
        y[m * N + n] =
          (y[m * N + n] ?? 0) +
          (a[transposeA ? k * M + m : m * K + k] ?? 0) * (b[transposeB ? n * K + k : k * N + n] ?? 0);
  return y;
}

/** Numbers between -1 and 1 in no order. */
export const numbers = (length: number, seed: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7 + seed));

/** A sum of K products of numbers up to 1, each rounded to 24 bits at a partial sum that is mostly below 16. */
export const tolerance = (K: number) => K * 2 ** -20;

export function worst(found: ArrayLike<number> | undefined, expected: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs((found?.[i] ?? Number.NaN) - (expected[i] ?? Number.NaN));
    most = Number.isNaN(off) ? Number.NaN : Math.max(most, off);
    if (Number.isNaN(most)) break;
  }
  return most;
}
