/** `[N, C, H, W]` to `[N, H, W, C]`; `shape` is the former. */
export function nchwToNhwc(data: ArrayLike<number>, [N = 0, C = 0, H = 0, W = 0]: readonly number[]): Float32Array {
  const out = new Float32Array(N * C * H * W);
  let from = 0;
  for (let n = 0; n < N; n++) {
    for (let c = 0; c < C; c++) {
      for (let p = 0; p < H * W; p++) out[(n * H * W + p) * C + c] = data[from++] ?? 0;
    }
  }
  return out;
}

/** `[N, H, W, C]` to `[N, C, H, W]`; `shape` is the former. */
export function nhwcToNchw(data: ArrayLike<number>, [N = 0, H = 0, W = 0, C = 0]: readonly number[]): Float32Array {
  const out = new Float32Array(N * C * H * W);
  let from = 0;
  for (let n = 0; n < N; n++) {
    for (let p = 0; p < H * W; p++) {
      for (let c = 0; c < C; c++) out[(n * C + c) * H * W + p] = data[from++] ?? 0;
    }
  }
  return out;
}
