import { expect, test } from 'vitest';
import type { ImportProgress } from '../rpc/protocol.ts';
import { importStatus } from './import-status.ts';

const HALF: ImportProgress = {
  name: 'cells.tar',
  phase: 'reading',
  bytesDone: 1_500_000,
  bytesTotal: 3_000_000,
  picturesDone: 80,
  bytesPerSecond: 500_000,
  secondsLeft: 3,
};

test('an import tells its bytes, images, rate and time left', () => {
  expect(importStatus(HALF)).toMatchObject({
    what: 'Importing "cells.tar"',
    howFar: '1.5 MB of 3.0 MB',
    phase: '80 images',
    rate: '500 KB/s',
    secondsLeft: 3,
    fraction: 0.5,
  });
});

test('where the size is not known no share is made up, and the end promises no time', () => {
  const unknown = importStatus({ ...HALF, bytesTotal: null, secondsLeft: null });
  expect(unknown).toMatchObject({ howFar: '1.5 MB', fraction: null, secondsLeft: null });
  expect(importStatus({ ...HALF, bytesDone: 4_000_000 })).toMatchObject({ howFar: '4.0 MB', fraction: null });
  expect(importStatus({ ...HALF, phase: 'finishing' })).toMatchObject({
    what: 'Finishing "cells.tar"',
    rate: '',
    secondsLeft: null,
  });
  expect(importStatus(null)).toBeNull();
});
