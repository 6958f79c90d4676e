import { expect, test } from 'vitest';
import { type Contender, interleave } from './interleave.ts';

const options = { rounds: 2, sampleMs: 1e-9, signal: new AbortController().signal };

test('contenders take turns after their warm-up, each with as many pieces of work', async () => {
  const calls: string[] = [];
  const contender = (name: string): Contender => ({
    run: async (times) => {
      calls.push(`${name}${times}`);
      return undefined;
    },
  });
  const taken = await interleave([contender('a'), contender('b'), contender('c')], { ...options, sampleMs: 1e9 });
  expect(calls.slice(0, 4)).toEqual(['a1', 'b1', 'c1', 'a1']);
  expect(calls.slice(4)).toEqual(['a50', 'b50', 'c50', 'a50', 'b50', 'c50']);
  expect(taken.map((times) => times.length)).toEqual([2, 2, 2]);
});

test('it stops between two samples', async () => {
  const controller = new AbortController();
  let runs = 0;
  const contender: Contender = {
    run: async () => {
      if (++runs === 3) controller.abort(new Error('enough'));
      return undefined;
    },
  };
  await expect(interleave([contender], { ...options, signal: controller.signal })).rejects.toThrow('enough');
  expect(runs).toBe(3);
});

test("a contender's own clock counts where it has one", async () => {
  const contender: Contender = { run: async (times) => 3 * times };
  expect(await interleave([contender], options)).toEqual([[3, 3]]);
});
