import { expect, test } from 'vitest';
import { settingsToResume, shortenedTo } from './run-length.ts';
import { QUICK_SETTINGS } from './test-run.ts';

const RUN = { ...QUICK_SETTINGS, steps: 400, warmupSteps: 20, headSteps: 40, lrDrop: 300 };

test('a run that is taken up again has the settings it began with, or what its time limit made of them', () => {
  expect(settingsToResume(RUN, { steps: 300 })).toEqual(RUN);
  expect(settingsToResume({ ...RUN, maxSeconds: 60 }, { steps: 400 })).toEqual({ ...RUN, maxSeconds: 60 });
  expect(settingsToResume({ ...RUN, maxSeconds: 60 }, { steps: 120 })).toEqual(shortenedTo(RUN, 120));
});

test('a run that is cut goes its whole course, in shorter parts', () => {
  expect(shortenedTo(RUN, 100)).toEqual({ ...RUN, steps: 100, warmupSteps: 5, headSteps: 10, lrDrop: 75 });
  expect(shortenedTo({ ...RUN, lrDrop: null }, 10)).toMatchObject({ warmupSteps: 1, headSteps: 1, lrDrop: null });
  expect(shortenedTo(RUN, 500)).toEqual(RUN);
});
