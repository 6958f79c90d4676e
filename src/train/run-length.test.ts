import { expect, test } from 'vitest';
import { lengthToResume } from './run-length.ts';

test('a run that is taken up again has the length of its settings, or what its time limit left of it', () => {
  expect(lengthToResume({ steps: 400, maxSeconds: null }, { steps: 300 })).toEqual({ steps: 400, maxSeconds: null });
  expect(lengthToResume({ steps: 400, maxSeconds: 60 }, { steps: 120 })).toEqual({ steps: 120, maxSeconds: null });
  expect(lengthToResume({ steps: 400, maxSeconds: 60 }, { steps: 400 })).toEqual({ steps: 400, maxSeconds: 60 });
});
