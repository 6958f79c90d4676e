import { expect, test } from 'vitest';
import { evaluationsOf, lengthToResume } from './run-length.ts';

test('a run that is taken up again has the length of its settings, or what its time limit left of it', () => {
  expect(lengthToResume({ steps: 400, maxSeconds: null }, { steps: 300 })).toEqual({ steps: 400, maxSeconds: null });
  expect(lengthToResume({ steps: 400, maxSeconds: 60 }, { steps: 120 })).toEqual({ steps: 120, maxSeconds: null });
  expect(lengthToResume({ steps: 400, maxSeconds: 60 }, { steps: 400 })).toEqual({ steps: 400, maxSeconds: 60 });
});

test('a run is evaluated before its first step, when due, and after its last, never twice after one step', () => {
  expect(evaluationsOf({ steps: 10, evalEvery: 5 })).toBe(3);
  expect(evaluationsOf({ steps: 10, evalEvery: 4 })).toBe(4);
  expect(evaluationsOf({ steps: 10, evalEvery: 100 })).toBe(2);
  expect(evaluationsOf({ steps: 10, evalEvery: 0 })).toBe(0);
});
