import { linearSumAssignment } from 'linear-sum-assignment';
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { type Tensor4D, tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { assignTargets } from './assignment.ts';

sharedGpu();

interface Problem {
  readonly layers: number;
  readonly counts: readonly number[];
  readonly queries: number;
  readonly targets: number;
}

/** The least total cost of one picture in one layer, in double, by a library. */
function leastCost(cost: Float32Array, at: number, { queries, targets }: Problem, count: number): number {
  if (count === 0) return 0;
  const rows = Array.from({ length: queries }, (_, q) =>
    Array.from({ length: count }, (_, t) => cost[at + q * targets + t] ?? Number.NaN),
  );
  const { rowAssignments } = linearSumAssignment(rows, { maximaze: false });
  return rows.reduce((sum, row, q) => {
    const t = rowAssignments[q] ?? -1;
    return t >= 0 && t < count ? sum + (row[t] ?? Number.NaN) : sum;
  }, 0);
}

async function checkProblem(problem: Problem, draw: (random: { uniform(): number }) => number): Promise<void> {
  const { layers, counts, queries, targets } = problem;
  const B = counts.length;
  const random = seededRandom(queries * 1000 + targets);
  const cost = Float32Array.from({ length: layers * B * queries * targets }, () => draw(random));
  const costTensor = tf.tensor4d(cost, [layers, B, queries, targets]);
  const countTensor = tf.tensor1d([...counts], 'int32');
  const assigned = assignTargets(costTensor, countTensor);
  const slots = await assigned.data();
  tf.dispose([costTensor, countTensor, assigned]);
  for (let problemIndex = 0; problemIndex < layers * B; problemIndex++) {
    const b = problemIndex % B;
    const count = counts[b] ?? 0;
    const at = problemIndex * queries * targets;
    const given = new Set<number>();
    let total = 0;
    for (let q = 0; q < queries; q++) {
      const t = (slots[problemIndex * queries + q] ?? 0) - b * (targets + 1);
      if (t === targets) continue;
      expect(t).toBeGreaterThanOrEqual(0);
      expect(t).toBeLessThan(count);
      expect(given.has(t)).toBe(false);
      given.add(t);
      total += cost[at + q * targets + t] ?? Number.NaN;
    }
    expect(given.size).toBe(Math.min(count, queries));
    // Both add the same f32 costs in double; only another assignment could differ by more than rounding of the duals.
    expect(total).toBeLessThanOrEqual(leastCost(cost, at, problem, count) + 1e-5);
  }
}

test.each([
  { layers: 6, counts: [7, 0, 16, 1], queries: 100, targets: 16 },
  { layers: 2, counts: [100, 63], queries: 100, targets: 128 },
  { layers: 3, counts: [11, 2, 8], queries: 8, targets: 16 },
  { layers: 1, counts: [1], queries: 1, targets: 4 },
])('gives out targets at the least total cost: $queries queries, $counts targets', async (problem) => {
  await checkProblem(problem, (random) => 10 * random.uniform() - 5);
});

test('ties are broken somehow, at the same total cost', async () => {
  const problem = { layers: 4, counts: [9, 20], queries: 20, targets: 32 };
  await checkProblem(problem, (random) => Math.floor(3 * random.uniform()));
});

test('more boxes than the matching holds is an error that says so', () => {
  const cost = tf.zeros([1, 1, 4, 1024]) as Tensor4D;
  const counts = tf.tensor1d([1000], 'int32');
  expect(() => assignTargets(cost, counts)).toThrow(/up to 1024 boxes/);
  tf.dispose([cost, counts]);
});

test('costs that are no numbers end the search all the same', async () => {
  const cost = tf.fill([1, 2, 5, 4], Number.NaN) as Tensor4D;
  const counts = tf.tensor1d([4, 3], 'int32');
  const assigned = assignTargets(cost, counts);
  expect((await assigned.data()).length).toBe(10);
  tf.dispose([cost, counts, assigned]);
});
