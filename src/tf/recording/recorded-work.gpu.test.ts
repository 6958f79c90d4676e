import { expect, test } from 'vitest';
import { emptyTensor, RecordedWork, readTensors, type Tensor, tf, writeTensor } from '../index.ts';
import { sharedGpu } from '../test-gpu.ts';

sharedGpu();

const SUBMISSION_MS = 50;

function shiftedSquares() {
  const x = tf.tensor1d([1, 2, 3]);
  const y = emptyTensor([3]);
  const recorded = new RecordedWork(SUBMISSION_MS);
  const dispose = () => {
    recorded.dispose();
    tf.dispose([x, y]);
  };
  return { x, y, recorded, dispose };
}

test('a replay computes anew from what its inputs hold, and the CPU sees the new result', async () => {
  const { x, y, recorded, dispose } = shiftedSquares();
  await recorded.record('work', () => [tf.tidy(() => x.square().add(tf.scalar(1)).sqrt().square())], { into: [y] });
  await recorded.replay('work');
  expect([...(await y.data())].map(Math.round)).toEqual([2, 5, 10]);
  writeTensor(x, Float32Array.of(3, 4, 5));
  await recorded.replay('work');
  expect([...(await y.data())].map(Math.round)).toEqual([10, 17, 26]);
  dispose();
});

test('a value that was baked into a recording is found at the dispatch that reads it', async () => {
  const { x, y, recorded, dispose } = shiftedSquares();
  let shift = 1;
  const work = () => [tf.tidy(() => x.square().add(tf.scalar(shift)))];
  await recorded.record('work', work, { into: [y] });
  expect(await recorded.firstDifference('work', work)).toBeNull();
  shift = 2;
  expect(await recorded.firstDifference('work', work)).toMatchObject({ dispatch: 1 });
  dispose();
});

test('work that keeps something, or returns what was there before, is refused, and nothing is left of it', async () => {
  const { x, y, recorded, dispose } = shiftedSquares();
  const kept: Tensor[] = [];
  const keeps = () => {
    kept.push(tf.keep(x.square()));
    return [x.add(x)];
  };
  await expect(recorded.record('keeps', keeps, { into: [y] })).rejects.toThrow(/must return what it holds at its end/);
  const returns = recorded.record('returns', () => [x.clone()], { into: [y] });
  await expect(returns).rejects.toThrow(/nothing that was there before/);
  expect(recorded.has('keeps') || recorded.has('returns')).toBe(false);
  const [values] = await readTensors([x]);
  expect([...values]).toEqual([1, 2, 3]);
  tf.dispose(kept);
  dispose();
});
