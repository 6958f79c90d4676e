/**
 * WGSL of a tile of outputs that one invocation keeps in registers: `rows` of them, each `columns` wide in vec4.
 *
 * All products over a shared axis use it: the matrix product and the three sides of a convolution. They differ in how they
 * read their operands, and give this file the text for that.
 */
export interface RegisterTile {
  readonly rows: number;
  /** In vec4. */
  readonly columns: number;
}

const range = (n: number): number[] => [...Array(n).keys()];

/** The accumulators `acc_ROW_COLUMN`, zero. */
export function declareTile({ rows, columns }: RegisterTile): string {
  return range(rows)
    .flatMap((i) => range(columns).map((j) => `var acc_${i}_${j} = vec4<f32>(0.0);`))
    .join('\n');
}

/**
 * Adds `depth` steps of the shared axis: acc[i][j] += a(i, k) * b(k, j), in order of k, so that sums come out the same
 * whatever else runs. `a` is the text of a scalar, `b` of a vec4.
 */
export function accumulate(
  { rows, columns }: RegisterTile,
  depth: number,
  a: (row: number, k: number) => string,
  b: (k: number, column: number) => string,
): string {
  const lines = range(depth).flatMap((k) =>
    range(rows).flatMap((i) =>
      range(columns).map((j) => `acc_${i}_${j} = fma(vec4<f32>(${a(i, k)}), ${b(k, j)}, acc_${i}_${j});`),
    ),
  );
  return lines.join('\n');
}

/** Text for each row of the tile. */
export function eachRow({ rows }: RegisterTile, text: (row: number) => string): string {
  return range(rows).map(text).join('\n');
}

/** The text of a ReLU of a vec4 that passes a NaN on, where `max` would hide it as a zero. */
export function reluOf(value: string): string {
  return `select(${value}, vec4<f32>(0.0), ${value} < vec4<f32>(0.0))`;
}
