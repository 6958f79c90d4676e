import { expect, test } from 'vitest';
import type { ImportProgress, ImportResult } from '../rpc/protocol.ts';
import { importWords, keptWords, planWords, resultWords, spaceWords } from './import-words.ts';

const progress: ImportProgress = {
  name: 'cells',
  phase: 'reading',
  bytesDone: 1_200_000,
  bytesTotal: 3_200_000,
  picturesDone: 80,
  bytesPerSecond: 2_000_000,
  secondsLeft: 1,
};
const result: ImportResult = {
  summary: {
    id: 'cells',
    name: 'cells',
    bundled: false,
    images: 160,
    boxes: 2104,
    classes: [],
    splits: {},
    problems: 3,
    bytes: 1,
    hash: '',
    importedAtMs: 0,
  },
  alreadyThere: false,
  resumedPictures: 0,
  problems: [],
};

test('an import says how far it is, how fast and how long still', () => {
  expect(importWords(progress)).toEqual({
    done: '1.2 MB of 3.2 MB',
    pictures: '80 images',
    pace: '2.0 MB/s, 1 s left',
  });
  expect(
    importWords({ ...progress, bytesTotal: null, bytesPerSecond: null, secondsLeft: null, picturesDone: 1 }),
  ).toEqual({
    done: '1.2 MB',
    pictures: '1 image',
    pace: '',
  });
  expect(importWords({ ...progress, bytesDone: 4_000_000 }).done).toBe('4.0 MB');
  expect(importWords({ ...progress, phase: 'finishing' }).pace).toBe('writing the index');
});

test('what is needed, free and kept is said as far as it is known', () => {
  const plan = { neededBytes: 3_200_000, atLeast: false, freeBytes: 38e9, persisted: true };
  expect(planWords(plan)).toBe('Takes about 3.2 MB of 38.0 GB free.');
  expect(planWords({ ...plan, atLeast: true, freeBytes: null })).toContain('at least 3.2 MB');
  expect(planWords({ ...plan, neededBytes: null })).toContain('38.0 GB free');
  expect([true, false, null].map(keptWords)).toEqual([
    'Kept until you delete it.',
    'The browser may delete it when space runs out.',
    'This browser does not say how long it keeps data.',
  ]);
  expect(spaceWords({ usedBytes: 2.1e9, freeBytes: 38e9, persisted: null })).toBe('2.1 GB used, 38.0 GB free.');
  expect(spaceWords({ usedBytes: null, freeBytes: null, persisted: null })).toBe('');
});

test('the end of an import counts images and problems, and what was there is not imported again', () => {
  const problem = { file: 'a', severity: 'warning', reason: 'b' } as const;
  expect(resultWords(result)).toBe('160 images imported, no problems');
  expect(resultWords({ ...result, problems: [problem] })).toBe('160 images imported, 1 problem');
  expect(resultWords({ ...result, resumedPictures: 40 })).toContain('(40 of them were stored before)');
  expect(resultWords({ ...result, alreadyThere: true })).toBe(
    'This is "cells", which is here already: nothing was added.',
  );
});
