import { expect, test } from 'vitest';
import { importProgress } from './import-progress.ts';
import type { ImportProgress } from './types.ts';

test('ten messages a second, one at once where the phase changes, and a time left while reading', () => {
  let now = 0;
  const told: ImportProgress[] = [];
  const tell = importProgress(
    () => now,
    (progress) => told.push(progress),
  );
  const state = () => ({ name: 'set', bytesDone: now * 10, bytesTotal: 40_000, picturesDone: now });
  for (; now < 2000; now += 7) tell('reading', state);
  tell('finishing', state);
  expect(told.length).toBeGreaterThan(15);
  expect(told.length).toBeLessThanOrEqual(22);
  expect(told[10]?.bytesPerSecond).toBeCloseTo(10_000, 0);
  expect(told[10]?.secondsLeft).toBeCloseTo((40_000 - (told[10]?.bytesDone ?? 0)) / 10_000, 1);
  expect(told.at(-1)).toMatchObject({ phase: 'finishing', secondsLeft: null, bytesPerSecond: null });
});

test('a source that does not say how long it is has a rate and no time left', () => {
  let now = 0;
  const told: ImportProgress[] = [];
  const tell = importProgress(
    () => now,
    (progress) => told.push(progress),
  );
  for (; now <= 1000; now += 100) {
    tell('reading', () => ({ name: 'set', bytesDone: now, bytesTotal: null, picturesDone: 0 }));
  }
  expect(told.at(-1)).toMatchObject({ bytesTotal: null, secondsLeft: null });
  expect(told.at(-1)?.bytesPerSecond).toBeCloseTo(1000, 0);
});
