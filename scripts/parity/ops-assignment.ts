import { linearSumAssignment } from 'linear-sum-assignment';
import { assignTargets } from '../../src/kernels/assignment.ts';
import { tf } from '../../src/tf/index.ts';
import { type Check, compareExact, compareNumber } from './check.ts';
import { goldenJson } from './golden-files.ts';

interface Problem {
  readonly kind: string;
  readonly rows: number;
  readonly cols: number;
  /** Row-major; null is infinite: not allowed. */
  readonly cost: readonly (number | null)[];
  readonly row_ind: readonly number[];
  readonly col_ind: readonly number[];
  readonly total: number;
  /** False where several assignments cost the same; then the total alone is defined. */
  readonly unique: boolean;
}

/** Column of each row, or -1. */
type Assignment = readonly number[];

/** Assignment problems, solved in doubles by the library and in 32-bit floats by the GPU's kernel. */
export async function* checkAssignment(folder: string): AsyncGenerator<Check> {
  const problems = await goldenJson<readonly Problem[]>(folder, 'hungarian.json');
  for (const [i, problem] of problems.entries()) {
    const name = `assignment ${i} (${problem.kind}, ${problem.rows} x ${problem.cols})`;
    yield* compareAssignment(`${name}, in doubles`, solveInDoubles(problem), problem);
    // The kernel takes finite costs, of at least one query.
    if (problem.rows === 0 || problem.cost.includes(null)) continue;
    yield* compareAssignment(`${name}, on the GPU`, await solveOnGpu(problem), problem);
  }
}

function* compareAssignment(name: string, found: Assignment, problem: Problem): Generator<Check> {
  const { cols, cost, row_ind, col_ind, total, unique } = problem;
  let sum = 0;
  for (const [row, col] of found.entries()) if (col >= 0) sum += cost[row * cols + col] ?? Number.POSITIVE_INFINITY;
  const taken = found.filter((col) => col >= 0);
  yield compareExact(`${name}: each column once`, new Set(taken).size, row_ind.length);
  // The total is a sum of costs that may cancel, so the error is allowed in proportion to their size, at least 1.
  yield compareNumber(`${name}: total`, sum, total, { abs: 1e-9 * Math.max(1, Math.abs(total)) });
  if (!unique) return;
  const pairs = [...found.entries()].filter(([, col]) => col >= 0);
  yield compareExact(
    `${name}: indices`,
    pairs,
    row_ind.map((row, i) => [row, col_ind[i]]),
  );
}

/** The library looks for the dearest assignment unless told otherwise, and does not take an empty matrix. */
function solveInDoubles({ rows, cols, cost }: Problem): Assignment {
  if (rows === 0 || cols === 0) return Array.from({ length: rows }, () => -1);
  const matrix = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: cols }, (_, c) => cost[r * cols + c] ?? Number.POSITIVE_INFINITY),
  );
  return [...linearSumAssignment(matrix, { maximaze: false }).rowAssignments];
}

async function solveOnGpu({ rows, cols, cost }: Problem): Promise<Assignment> {
  const slots = Math.max(cols, 1);
  const values = cols === 0 ? new Float32Array(rows) : Float32Array.from(cost, (c) => c ?? Number.NaN);
  const costs = tf.tensor4d(values, [1, 1, rows, slots]);
  const counts = tf.tensor1d([cols], 'int32');
  const assigned = assignTargets(costs, counts);
  const targets = await assigned.data();
  tf.dispose([costs, counts, assigned]);
  return Array.from(targets, (t) => (t === slots ? -1 : t));
}
