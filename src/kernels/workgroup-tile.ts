import { StudioError } from '../base/errors.ts';
import { accumulate, declareTile, eachRow, type RegisterTile } from './register-tile.ts';

/** What of a device's limits decides which tiles it can hold. */
export type WorkgroupLimits = Pick<
  GPUSupportedLimits,
  'maxComputeInvocationsPerWorkgroup' | 'maxComputeWorkgroupSizeX' | 'maxComputeWorkgroupStorageSize'
>;

/**
 * A tile of results that one workgroup computes: it keeps the parts of both operands that belong to it in workgroup memory,
 * `depth` steps of the shared axis at a time, and each invocation a smaller tile of results in registers.
 */
export interface WorkgroupTile {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Of one invocation. */
  readonly registers: RegisterTile;
}

/** From the smallest on: small ones give every processor of a card something to do, large ones read each number less often. */
const TILES = {
  'workgroup-32': { rows: 32, columns: 32, depth: 32, registers: { rows: 4, columns: 1 } },
  'workgroup-64': { rows: 64, columns: 64, depth: 16, registers: { rows: 4, columns: 1 } },
  'workgroup-128': { rows: 128, columns: 128, depth: 16, registers: { rows: 8, columns: 2 } },
} as const satisfies Record<string, WorkgroupTile>;

export type WorkgroupTileName = keyof typeof TILES;

export const WORKGROUP_TILES = Object.keys(TILES) as WorkgroupTileName[];

/** The largest tile goes deeper, and so waits half as often, where it may take twice WebGPU's default of 16 KiB. */
const DEEP = 32;

/** That tile as it is on a device of these limits; null where it does not fit. */
export function workgroupTile(name: WorkgroupTileName, limits: WorkgroupLimits): WorkgroupTile | null {
  const tile: WorkgroupTile = TILES[name];
  const deep = { ...tile, depth: Math.max(tile.depth, DEEP) };
  const candidates = name === 'workgroup-128' ? [deep, tile] : [tile];
  return candidates.find((candidate) => fits(candidate, limits)) ?? null;
}

/** The same, where the choice of a variant has seen to it that it fits. Throws `internal` where it has not. */
export function requireTile(name: WorkgroupTileName, limits: WorkgroupLimits): WorkgroupTile {
  const tile = workgroupTile(name, limits);
  if (!tile) throw new StudioError('internal', `The variant ${name} does not fit this graphics card.`);
  return tile;
}

function fits(tile: WorkgroupTile, limits: WorkgroupLimits): boolean {
  const { maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX, maxComputeWorkgroupStorageSize } = limits;
  const bytes = (tile.rows + tile.columns) * tile.depth * 4;
  return (
    invocations(tile) <= Math.min(maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX) &&
    bytes <= maxComputeWorkgroupStorageSize
  );
}

export function invocations({ rows, columns, registers }: WorkgroupTile): number {
  return (rows / registers.rows) * (columns / (4 * registers.columns));
}

/** What of a program's key the tile makes. */
export function tileKey({ rows, columns, depth }: WorkgroupTile): string {
  return `${rows}x${columns}x${depth}`;
}

/** Workgroups for tiles over `rows` x `columns`, `depth` times. */
export function tileGroups(
  tile: WorkgroupTile,
  columns: number,
  rows: number,
  depth: number,
): [number, number, number] {
  return [Math.ceil(columns / tile.columns), Math.ceil(rows / tile.rows), depth];
}

/**
 * How a program reads its operands: WGSL functions of its own, `load_a(z, row, k)` and `load_b(z, k, column)`, with `z` the
 * number of the product. Each returns four numbers along one axis, from a multiple of four on, 0 where the shared axis has
 * ended; beyond the other axis they may return anything.
 */
export interface OperandAxes {
  /** Numbers that lie side by side are of the shared axis, or of the rows. */
  readonly a: 'shared' | 'rows';
  readonly b: 'shared' | 'columns';
}

export interface TileProgram {
  readonly tile: WorkgroupTile;
  readonly axes: OperandAxes;
  /** Type of sizes and places in this program. */
  readonly integer: 'i32' | 'u32';
  /** WGSL of where the shared axis begins and ends for this workgroup; the beginning is a multiple of the tile's depth. */
  readonly from: string;
  readonly to: string;
  /** WGSL of the product's number, of `group.z`. */
  readonly product: string;
  /** Variables of the invocation beside its sums. */
  readonly declare?: string;
  /** What each step of four also does with `a(row, k)`, the text of a scalar. */
  readonly also?: (a: (row: number, k: number) => string) => string;
  /** Behind the sums `acc_ROW_COLUMN`; `row` is the first of them, `column_COLUMN` the first of each vec4. */
  readonly results: string;
}

const STEPS = [0, 1, 2, 3];

/** WGSL of `main` and of the workgroup's memory. Sums are in f32, in order of the shared axis. */
export function tileProgram(program: TileProgram): string {
  const { tile, axes, integer, from, to, product, declare = '', also, results } = program;
  const { rows, columns, depth, registers } = tile;
  const across = columns / (4 * registers.columns);
  const vectors = [...Array(registers.columns).keys()];
  const shared = axes.a === 'shared';
  const a = (row: number, k: number) => (shared ? `a_${row}[${k}]` : `a_${k}_${row >> 2}[${row & 3}]`);
  const readA = shared
    ? eachRow(registers, (i) => `let a_${i} = tile_a[(down * ${registers.rows} + ${i}) * ${depth / 4} + k];`)
    : STEPS.flatMap((q) =>
        [...Array(registers.rows / 4).keys()].map(
          (i) => `let a_${q}_${i} = tile_a[(4 * k + ${q}) * ${rows / 4} + down * ${registers.rows / 4} + ${i}];`,
        ),
      ).join('\n');
  const readB = STEPS.flatMap((q) =>
    vectors.map((j) => `let b_${q}_${j} = tile_b[(4 * k + ${q}) * ${columns / 4} + ${j * across} + right];`),
  ).join('\n');
  return /* wgsl */ `
var<workgroup> tile_a: array<vec4<f32>, ${(rows * depth) / 4}>;
var<workgroup> tile_b: array<vec4<f32>, ${(columns * depth) / 4}>;

@compute @workgroup_size(${invocations(tile)})
fn main(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let group = vec3<${integer}>(group_id);
  let local = ${integer}(index);
  let right = local % ${across};
  let down = local / ${across};
  let product = ${product};
  let first_row = group.y * ${rows};
  let first_column = group.x * ${columns};
  let row = first_row + down * ${registers.rows};
  ${vectors.map((j) => `let column_${j} = first_column + ${(4 * j * columns) / (4 * registers.columns)} + right * 4;`).join('\n')}
  ${declareTile(registers)}
  ${declare}
  let behind = ${to};
  for (var start = ${from}; start < behind; start += ${depth}) {
    ${fillA(program)}
    ${fillB(program)}
    workgroupBarrier();
    for (var k: ${integer} = 0; k < ${depth / 4}; k++) {
      ${readA}
      ${readB}
      ${accumulate(registers, 4, a, (k, j) => `b_${k}_${j}`)}
      ${also ? also(a) : ''}
    }
    workgroupBarrier();
  }
  ${results}
}`;
}

/** Each operand lies in workgroup memory as the inner loop reads it: `b`, and `a` by rows, a step of the shared axis after the other. */
function fillA({ tile, axes }: TileProgram): string {
  const { rows, depth } = tile;
  const place =
    axes.a === 'shared'
      ? `load_a(product, first_row + i / ${depth / 4}, start + i % ${depth / 4} * 4)`
      : `load_a(product, first_row + i % ${rows / 4} * 4, start + i / ${rows / 4})`;
  return `for (var i = local; i < ${(rows * depth) / 4}; i += ${invocations(tile)}) { tile_a[i] = ${place}; }`;
}

function fillB({ tile, axes }: TileProgram): string {
  const { columns, depth } = tile;
  if (axes.b === 'columns') {
    return `for (var i = local; i < ${(columns * depth) / 4}; i += ${invocations(tile)}) {
      tile_b[i] = load_b(product, start + i / ${columns / 4}, first_column + i % ${columns / 4} * 4);
    }`;
  }
  // Blocks of 4 x 4 are turned in registers.
  return `for (var i = local; i < ${(columns * depth) / 16}; i += ${invocations(tile)}) {
      let n = i / ${depth / 4};
      let k = i % ${depth / 4} * 4;
      ${STEPS.map((q) => `let t_${q} = load_b(product, start + k, first_column + 4 * n + ${q});`).join('\n')}
      ${STEPS.map((q) => `tile_b[(k + ${q}) * ${columns / 4} + n] = vec4<f32>(t_0[${q}], t_1[${q}], t_2[${q}], t_3[${q}]);`).join('\n')}
    }`;
}
