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

/** Invocations of a workgroup, across and down: a subgroup of known length lies across. */
export function registerGroup(lanes: number | null): { readonly columns: number; readonly rows: number } {
  const columns = lanes ?? 8;
  return { columns, rows: Math.max(1, 32 / columns) };
}

/** Workgroups for tiles over `rows` x `columns`, `depth` times. */
export function registerGroups(
  tile: RegisterTile,
  lanes: number | null,
  [columns, rows, depth]: readonly [columns: number, rows: number, depth: number],
): [number, number, number] {
  const group = registerGroup(lanes);
  return [Math.ceil(columns / (4 * tile.columns * group.columns)), Math.ceil(rows / (tile.rows * group.rows)), depth];
}

/**
 * WGSL: the beginning of each program, with the first row and column of the invocation's tile as `integer`; with lanes, also
 * its `lane`. They share rows, and stay to the end even where there is no column for them: `leave` lets go of those without rows, and `leaveColumns` at
 * the end of those without columns.
 */
export function registerMain(tile: RegisterTile, lanes: number | null, integer: 'i32' | 'u32'): string {
  const group = registerGroup(lanes);
  const builtin = lanes ? ', @builtin(subgroup_invocation_id) subgroup_lane: u32' : '';
  return /* wgsl */ `${lanes ? '@diagnostic(off, subgroup_uniformity) ' : ''}@compute @workgroup_size(${group.columns}, ${group.rows})
fn main(@builtin(global_invocation_id) id: vec3<u32>${builtin}) {
  let column = ${integer}(id.x) * 4;
  let row = ${integer}(id.y) * ${tile.rows};
  ${lanes ? `let lane = ${integer}(subgroup_lane);` : ''}`;
}

/** WGSL that ends invocations which have nothing to write, and those that nobody needs for their share of the rows. */
export function leave(lanes: number | null, columns: string, rows: string): string {
  return `if (${lanes ? '' : `column >= ${columns} || `}row >= ${rows}) { return; }`;
}

/** WGSL that ends what `leave` let stay, before results are written. */
export function leaveColumns(lanes: number | null, columns: string): string {
  return lanes ? `if (column >= ${columns}) { return; }` : '';
}

/**
 * Who reads what belongs to the rows of a tile: each invocation for itself, or, where a subgroup works on the same rows and
 * on other columns, each lane a share of it that it hands to the others.
 */
export interface RowReader {
  /** WGSL of what one invocation reads: a text for each of its rows, given the row's number as WGSL. */
  read(text: (suffix: string, row: string) => string): string;
  /** WGSL of a row's value, of those that were read under `NAME_SUFFIX`. */
  of(name: string, row: number): string;
  /** WGSL of whether a condition `NAME_SUFFIX` holds for any row. */
  any(name: string): string;
}

/** The readers of `count` rows, or of as many vec4 of them. */
export function rowReader(count: number, lanes: number | null): RowReader {
  if (lanes === null) {
    return {
      read: (text) =>
        range(count)
          .map((i) => text(`${i}`, `${i}`))
          .join('\n'),
      of: (name, row) => `${name}_${row}`,
      any: (name) =>
        range(count)
          .map((i) => `${name}_${i}`)
          .join(' || '),
    };
  }
  const shares = range(Math.ceil(count / lanes));
  const rowOf = (share: number) =>
    count <= lanes ? `(lane % ${count})` : `min(lane + ${share * lanes}, ${count - 1})`;
  return {
    read: (text) => shares.map((share) => text(`${share}`, rowOf(share))).join('\n'),
    of: (name, row) => `subgroupBroadcast(${name}_${Math.floor(row / lanes)}, ${row % lanes}u)`,
    any: (name) => `subgroupAny(${shares.map((share) => `${name}_${share}`).join(' || ')})`,
  };
}

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
